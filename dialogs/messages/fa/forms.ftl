### What every form of the catalogue says. INPUT, OPTION, DOCUMENT, INFO and FEE are texts of the services' files.

## Beginning

form-info = { INFO($service) }
# @list options: option-service*7, option-more-services
menu-group = { GROUP($group) }:
    .voice = { "" }
# @list options: option-service*5, option-more-services
menu-topic = { GROUP($group) }:
    .voice = { "" }
option-group = { GROUP($group) }

## Proof by national id

person-id = کد ملی مشترک را بفرستید (شرکت: شناسه ملی).
    .telegram = کد ملی مشترک را بنویسید. برای شرکت، شناسهٔ ملی آن لازم است.
    .voice = کد یا شناسهٔ ملی مشترک و سپس مربع را وارد کنید.
person-id-wrong = این شماره با مشخصات مشترک یکی نیست.
person-id-limited = هویت شما تأیید نشد. از همکاران خود خواستیم بررسی کنند؛ تلفن 1521
    .voice = هویت شما تأیید نشد. از همکاران خود خواستیم آن را بررسی کنند.
person-id-away = { backend-away }
    .voice = { backend-away.voice }

## What comes first

# @receipt
form-debt =
    ابتدا بدهی را بپردازید: { RIAL($amount) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    .voice = پیش از این درخواست، بدهی باید پرداخت شود. مبلغ بدهی: { RIAL($amount) }
# @question options: option-paid
form-debt-paid = پس از پرداخت بفرستید (تا ۷ روز از همین‌جا ادامه می‌یابد):
    .telegram = پس از پرداخت دکمهٔ زیر را بزنید. تا هفت روز می‌توانید از همین‌جا ادامه دهید.
    .voice = می‌توانید تماس را پایان دهید. پس از پرداخت، تا هفت روز با تماس دوباره از همین‌جا ادامه می‌دهید.
option-paid = پرداخت کردم
    .voice = ادامه پس از پرداخت
# @list rows: row-stage
form-open =
    «{ SERVICE($service) }» از { DATE($date) } در جریان است. کد پیگیری:
    { ID($code) }
    .voice =
        { SERVICE($service) } از تاریخ { DATE($date) } در جریان است. کد پیگیری:
        { ID($code) }
row-stage = مرحله: { STAGE($stage) }
    .voice = مرحلهٔ کنونی: { STAGE($stage) }
form-names-differ = نام متقاضی و ساکن یکی نیست. ابتدا «تغییر نام» را انجام دهید.
    .voice = نام متقاضی و ساکن محل یکی نیست. ابتدا درخواست تغییر نام را ثبت کنید.

## Questions, by type of answer

ask-text = { INPUT($field) } را بنویسید.
    .voice = پس از بوق، { INPUT($field) } را بگویید و در پایان مربع را بزنید.
ask-national_id = { INPUT($field) } را بفرستید (۱۰ رقم).
    .voice = { INPUT($field) } را وارد کنید.
ask-legal_id = { INPUT($field) } را بفرستید (۱۱ رقم).
    .voice = { INPUT($field) } را وارد کنید. یازده رقم دارد.
ask-mobile = { INPUT($field) } را بفرستید (۱۱ رقم).
    .voice = { INPUT($field) } و سپس مربع را وارد کنید.
ask-landline = { INPUT($field) } را با کد شهر بفرستید.
    .voice = { INPUT($field) } با کد شهر و سپس مربع را وارد کنید.
ask-postal_code = { INPUT($field) } را بفرستید (۱۰ رقم).
    .voice = { INPUT($field) } را وارد کنید. ده رقم دارد.
ask-bill_id = { INPUT($field) } را بفرستید.
    .voice = { INPUT($field) } و سپس مربع را وارد کنید.
ask-tracking_code = { INPUT($field) } را بفرستید (۱۰ رقم).
    .voice = { INPUT($field) } را وارد کنید. ده رقم دارد.
ask-number = { INPUT($field) } را بفرستید ({ NUMBER($min) } تا { NUMBER($max) }).
    .voice = { INPUT($field) }، از { NUMBER($min) } تا { NUMBER($max) }، و سپس مربع را وارد کنید.
ask-money = { INPUT($field) } را به ریال بفرستید.
    .telegram = { INPUT($field) } را بنویسید؛ مثلاً «۲۰۰ هزار تومان».
    .voice = { INPUT($field) } به تومان و سپس مربع را وارد کنید.
ask-jalali_date = { INPUT($field) } را بفرستید (سال/ماه/روز).
    .voice = { INPUT($field) } را در هشت رقم وارد کنید: سال، ماه، روز.
# @question options: option-input*5
ask-choice = { INPUT($field) }:
    .voice = { INPUT($field) }
# @question options: option-yes, option-no
ask-yes_no = { INPUT($field) }:
    .voice = { INPUT($field) }
# @question options: option-all-given
ask-another = بعدی را بفرستید:
    .voice = شمارهٔ بعدی و سپس مربع را وارد کنید.
row-hint = ({ HINT($field) })
    .voice = { HINT($field) }
option-input = { OPTION($option) }
option-skip-input = ندارم
    .voice = ادامه بدون آن
option-all-given = همین‌ها بود
    .voice = پایان فهرست
given-twice = این را پیش‌تر داده‌اید.
# @question options: option-use-kept, option-skip-document
ask-document = عکس یا PDF { DOCUMENT($document) } را بفرستید.
    .voice = { DOCUMENT($document) }
option-skip-document = بعداً می‌فرستم
    .voice = ارسال در وقتی دیگر

## Read-back

# @form rows: row-text*5, row-fee options: option-send, option-correct-answer
form-check = { SERVICE($service) }، قبض { ID($bill) }
    .voice =
        { SERVICE($service) }
        قبض با رقم‌های میانی { MIDDLE($bill) }
# @form rows: row-text*5, row-fee options: option-send, option-correct-answer
form-check-new = { SERVICE($service) }
form-fee = هزینه: { FEE($service) }
    .voice = هزینه: { FEE($service) }
option-correct-answer = اصلاح
    .voice = اصلاح یکی از پاسخ‌ها
# @form options: option-field*5
form-which = کدام اصلاح شود؟
    .voice = کدام پاسخ اصلاح شود؟
option-field = { INPUT($field) }
row-fee = هزینه: { FEE($service) }
    .voice = { "" }
row-text = { INPUT($field) }: { TEXT($text) }
row-recording = { INPUT($field) }: { RECORDING($recording) }
row-yes = { INPUT($field) }: { option-yes }
row-no = { INPUT($field) }: { option-no }
row-date = { INPUT($field) }: { DATE($date) }
row-number = { INPUT($field) }: { NUMBER($value) }
row-money = { INPUT($field) }: { RIAL($value) }
row-option = { INPUT($field) }: { OPTION($option) }
row-id = { INPUT($field) }: { ID($id) }
# Nobody beside the caller should hear it (facts.md section 7).
row-person = { INPUT($field) }: { ID($id) }
    .voice = { INPUT($field) } دریافت شد.

## Receipt

# @receipt rows: row-next, row-duration, row-to-send, row-document*2
form-done =
    درخواست { SERVICE($service) } ثبت شد. کد پیگیری:
    { ID($code) }
    .voice =
        درخواست { SERVICE($service) } ثبت شد. کد پیگیری:
        { ID($code) }
# Where the receipt comes in writing after the call.
form-done-brief = درخواست { SERVICE($service) } ثبت شد. کد پیگیری و گام‌های بعدی پیامک می‌شود.
row-duration = زمان معمول: { NUMBER($days) } روز
    .voice = این کار معمولاً { NUMBER($days) } روز طول می‌کشد.
row-to-send = مدارک را با همین کد در پیام‌رسان یا دفتر بدهید:
    .voice = این مدارک را در پیام‌رسان یا در دفتر، با همین کد تحویل دهید:
row-document = { DOCUMENT($document) }
# @receipt
alert-change =
    تغییر شماره موبایل اشتراک شما درخواست شد. اگر شما نبوده‌اید، با 1521 تماس بگیرید. کد پیگیری:
    { ID($code) }
    .voice = { "" }

## Services with a flow of their own

# @question options: option-settle-with-visit, option-balance-only
settle-which = تسویه حساب:
    .voice = کدام نوع تسویه؟
option-settle-with-visit = تسویه کامل با بازدید (۶ روز)
    .voice = تسویهٔ کامل با بازدید و آزمایش کنتور
option-balance-only = فقط اعلام مانده بدهی (۵ دقیقه)
    .voice = فقط اعلام ماندهٔ بدهی با رقم کنتور
prepayment-owed = اکنون { RIAL($amount) } بدهی دارید؛ پیش‌پرداخت از آن کم می‌شود.
    .voice = اکنون { RIAL($amount) } بدهی دارید. پیش‌پرداخت از آن کم می‌شود.
prepayment-credit = اکنون { RIAL($amount) } بستانکارید.
# @receipt
prepayment-done =
    پیش‌پرداخت { RIAL($amount) }، مهلت { DATE($due) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    هرگز اطلاعات کارت نمی‌خواهیم. پیگیری: { ID($code) }
    .voice =
        پیش‌پرداخت: { RIAL($amount) }
        مهلت پرداخت: { DATE($due) }
        کد پیگیری: { ID($code) }
# @list rows: option-bill-named*4 options: option-just-these, option-other-bills
consolidate-saved = با همین قبض‌های شما یکی شود؟
option-just-these = بله، همین‌ها
    .voice = تأیید همین قبض‌ها
option-other-bills = قبض‌های دیگر
row-sum = جمع بدهی: { RIAL($amount) }
withdraw-which = کد پیگیری درخواستی را که پس می‌گیرید بفرستید.
    .voice = کد پیگیری درخواستی را که پس می‌گیرید وارد کنید. ده رقم دارد.
withdraw-completed = «{ SERVICE($service) }» { ID($code) } انجام شده است و دیگر نمی‌توان آن را پس گرفت.
    .voice = { SERVICE($service) } انجام شده است و دیگر نمی‌توان آن را پس گرفت.
withdraw-rejected = «{ SERVICE($service) }» { ID($code) } پیش‌تر بسته شده است.
    .voice = { SERVICE($service) } پیش‌تر بسته شده است.
row-withdrawn = درخواست: { SERVICE($service) }، { DATE($date) }
    .voice = درخواست: { SERVICE($service) }، تاریخ ثبت: { DATE($date) }

## A long form by phone

# @question options: option-in-this-call, option-in-writing
form-long = { SERVICE($service) } چند پرسش دارد.
    .voice = این درخواست چند پرسش دارد.
option-in-this-call = ادامه در همین تماس
option-in-writing = ادامه با پیامک یا پیام‌رسان
# @receipt
form-continue =
    برای ادامه «{ SERVICE($service) }» از همین شماره «ادامه» را بفرستید؛ از شماره یا پیام‌رسان دیگر:
    ادامه { ID($code) }
    .voice =
        برای ادامه، در پیامک یا پیام‌رسان بنویسید ادامه، و سپس این کد را:
        { ID($code) }
continue-code = کد ادامه را بفرستید (۸ رقم).
    .voice = کد ادامه را وارد کنید.
continue-unknown = این کد ادامه شناخته نشد. برای شروع «منو» را بفرستید.
    .voice = این کد ادامه شناخته نشد.
