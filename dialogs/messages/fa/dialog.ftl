### Prompts of the dialog. A comment "@kind" above a message is its SMS budget (dialogs/limits.py);
### "rows" and "options" name what is written under it at most. Without one it is a @question.

## Menu and commands

# @list options: option-service*5
menu =
    شرکت توزیع برق
    شماره خدمت را بفرستید:
option-service = { SERVICE($service) }
# @receipt
help =
    منو #، سؤال قبل *، تکرار 9، انصراف 0
    «کارشناس»: گفتگو با همکار ما. «ادامه»: برگشت به کار نیمه‌تمام
    نمونه: قرائت شناسه‌قبض رقم
cancelled = انصراف انجام شد. برای شروع «منو» را بفرستید.
cancelled-one = انصراف انجام شد.
ended = پایان. برای شروع «منو» را بفرستید.
nothing-to-cancel = کار نیمه‌تمامی ندارید. برای شروع «منو» را بفرستید.
nothing-to-resume = کار نیمه‌تمامی ندارید.
back-to = برگردیم به «{ SERVICE($service) }»:
back-later = برای ادامه «{ SERVICE($service) }» «ادامه» را بفرستید.
# @question options: option-go-on, option-start-over
resume-offer = «{ SERVICE($service) }» شما نیمه‌تمام مانده است.
option-go-on = ادامه از همان‌جا
option-start-over = شروع تازه
offer-operator = برای گفتگو با همکار ما «کارشناس» را بفرستید.
operator = گفتگوی شما برای همکاران ما ثبت شد و آن را می‌بینند. برای پاسخ سریع با 1521 تماس بگیرید.
language-set = زبان فارسی شد.
opted-out = دیگر به این شماره پیام نمی‌دهیم. برای وصل دوباره 12 را بفرستید.
opted-in = پیام‌رسانی دوباره وصل شد.
sorry = خطایی پیش آمد و کار ناتمام ماند. لطفاً «منو» را بفرستید یا با 1521 تماس بگیرید.
# @receipt
filed =
    درخواست شما ثبت شده است. کد پیگیری:
    { ID($code) }
too-many-turns = پیام‌ها از حد گذشت. لطفاً بعداً دوباره پیام دهید یا با 1521 تماس بگیرید.
too-many-segments = سقف پیام‌های شما پر شد. بعداً دوباره پیام دهید یا با 1521 تماس بگیرید.
option-yes = بله
option-no = خیر

## Which subscription

bill = شناسه قبض برق را بفرستید (تا ۱۳ رقم، بالای قبض).
# @question options: option-bill*5
bill-saved = شماره یا شناسه قبض دیگری بفرستید:
# The mark keeps a line without letters right to left.
option-bill = { "\u200F" }{ ID($bill) }
bill-unknown = شناسه { ID($bill) } نزد ما پیدا نشد.
too-many-unknown = شناسه‌های ناشناس زیاد شد. یک ساعت دیگر پیام دهید یا با 1521 تماس بگیرید.

## Reading

reading = رقم کنتور را بفرستید (فقط رقم‌های سیاه، پیش از ممیز).
reading-register =
    { $register ->
        [normal] رقم میان‌باری را بفرستید (ردیف ۱ کنتور).
        [peak] رقم اوج‌باری را بفرستید (ردیف ۲).
        [low] رقم کم‌باری را بفرستید (ردیف ۳).
        [friday] رقم جمعه را بفرستید (ردیف ۴).
        [reactive] رقم راکتیو را بفرستید.
        [demand] رقم ماکسی‌متر (دیماند) را بفرستید.
       *[total] رقم کل را بفرستید.
    }
option-register =
    { $register ->
        [normal] میان‌باری
        [peak] اوج‌باری
        [low] کم‌باری
        [friday] جمعه
        [reactive] راکتیو
        [demand] ماکسی‌متر
       *[total] کل
    }
# A meter of one register has no name for it.
register-figure =
    { $register ->
        [total] رقم کنتور
       *[other] { option-register }
    }
row-reading = رقم کنتور: { NUMBER($value) }
row-reading-register = { option-register }: { NUMBER($value) }
reading-unchecked = سامانه شرکت اکنون پاسخ نمی‌دهد؛ رقم را می‌گیریم و بعد کنترل می‌شود.
# @question options: option-yes, option-no
reading-already-sent = در این دوره ({ DATE($date) }) قرائت داده‌اید. دوباره ثبت شود؟
reading-kept = قرائت پیشین شما پابرجاست.
# @question options: option-right, option-correct
reading-lower = { register-figure }: { NUMBER($value) } از قرائت قبل ({ NUMBER($last) }) کمتر است.
# @question options: option-right, option-correct
reading-rollover = { register-figure }: از { NUMBER($last) } به { NUMBER($value) }؛ کنتور دور زده؟ مصرف { NUMBER($kwh) }
# @question options: option-right, option-correct
reading-high =
    مصرف { $register ->
        [total] { KWH($kwh) }
       *[other] { option-register } { KWH($kwh) }
    } شد که بسیار بیش از معمول است. رقم { NUMBER($value) }:
# @question options: option-right, option-correct
reading-high-demand = ماکسی‌متر { NUMBER($value) } بسیار بیش از معمول است ({ NUMBER($last) }).
# @question options: option-right, option-correct
reading-zero = { register-figure }: { NUMBER($value) } با قرائت قبل یکی است (مصرف صفر).
option-right = درست است
option-correct = اصلاح
# @list rows: row-reading-register*6 options: option-send, option-correct
reading-check = قبض { ID($bill) }
option-send = درست است، ثبت شود
# @question options: option-register*6
reading-which = کدام رقم اصلاح شود؟
# @receipt
reading-done =
    قرائت شما ثبت شد. کد پیگیری:
    { ID($code) }
# @receipt
reading-done-bill =
    قرائت شما ثبت شد. کد پیگیری:
    { ID($code) }
    قبض علی‌الحساب: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    هرگز اطلاعات کارت نمی‌خواهیم.
# @receipt
rejected =
    درخواست { ID($code) } پذیرفته نشد: { $reason ->
        [reading_below_last] رقم از قرائت قبل کمتر است.
        [reading_too_long] رقم بیش از رقم‌های کنتور است.
        [unknown_register] رقم با کنتور شما نمی‌خواند؛ همه ردیف‌ها را بفرستید.
        [missing_register] رقم یکی از ردیف‌ها کم است؛ همه ردیف‌ها را بفرستید.
        [already_billed] قبض این دوره صادر شده است.
        [reading_date] تاریخ قرائت درست نیست.
        [unknown_subscription] شناسه قبض نزد ما پیدا نشد.
       *[other] ثبت آن ممکن نبود.
    }
    ارسال دوباره: «منو». راهنمایی: «کارشناس» یا تلفن 1521

## Debt

# @list rows: row-reading-register*6 options: option-send, option-correct
debt-check =
    مانده بدهی قبض { ID($bill) } با این رقم حساب شود؟ (هزینه در قبض بعدی)
# @receipt
debt-due =
    بدهی تا { DATE($date) }: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    پیگیری: { ID($code) }
# @receipt
debt-credit =
    بدهی ندارید. بستانکاری تا { DATE($date) }: { RIAL($amount) }
    پیگیری: { ID($code) }
# @receipt
debt-none =
    تا { DATE($date) } بدهی ندارید.
    پیگیری: { ID($code) }
debt-fee = هزینه خدمات { RIAL($fee) } در قبض بعدی می‌آید.
# @receipt
debt-later =
    درخواست ثبت شد. مانده تا پنج دقیقه دیگر پیامک می‌شود. کد پیگیری:
    { ID($code) }
# @receipt
debt-late =
    پوزش؛ محاسبه مانده طول کشید. نتیجه به‌محض آماده شدن پیامک می‌شود. کد پیگیری:
    { ID($code) }

## Proof

code-sent = اگر برای این قبض شماره همراهی ثبت شده باشد، کد ۵ رقمی به آن پیامک شد.
code = کد را بفرستید.
code-wrong = کد درست نیست.
# @question options: option-yes, option-no
code-spent = این کد دیگر معتبر نیست. کد تازه فرستاده شود؟
code-limited = در یک ساعت گذشته کدهای زیادی فرستاده شده است. بعداً دوباره پیام دهید.
code-away = سامانه شرکت اکنون پاسخ نمی‌دهد. لطفاً بعداً دوباره پیام دهید.
# @code
code-sms =
    کد { ID($code) } برای { SERVICE($service) }
    به کسی ندهید.

## Histories

backend-away = سامانه شرکت اکنون پاسخ نمی‌دهد. لطفاً بعداً دوباره پیام دهید.
# @list rows: row-payment*4 options: option-next, option-end
payments = { NUMBER($count) } پرداخت در دو سال، جمع { RIAL($amount) }:
payments-none = در دو سال گذشته پرداختی ثبت نشده است.
row-payment = { DATE($date) } { RIAL($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
consumption = { NUMBER($count) } دوره، جمع { NUMBER($kwh) } kWh و { RIAL($amount) } (پایان، kWh، ریال):
consumption-none = در دو سال گذشته صورتحسابی نیست.
row-consumption = { "\u200F" }{ DATE($date) }: { NUMBER($kwh) }، { NUMBER($amount) }
row-consumption-estimated = { "\u200F" }{ DATE($date) }: { NUMBER($kwh) } برآوردی، { NUMBER($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
history-page = صفحه { NUMBER($number) } از { NUMBER($pages) }:
option-next = بعدی
option-end = پایان

## Tracking and news

track = کد پیگیری ۱۰ رقمی را بفرستید.
track-unknown = درخواستی با کد { ID($code) } پیدا نشد.
# @list rows: row-next, row-scheduled, row-pay
track-stage =
    { SERVICE($service) } { ID($code) }، { DATE($date) }
    مرحله { NUMBER($number) } از { NUMBER($count) }: { STAGE($stage) }
row-next = بعد از آن: { STAGE($stage) }
row-scheduled = تاریخ مراجعه: { DATE($date) }
row-pay =
    پرداختنی: { RIAL($amount) }، مهلت { DATE($due) }
    قبض { ID($bill) }
    شناسه پرداخت { ID($payment) }
# @receipt
track-completed =
    { SERVICE($service) } { ID($code) }، { DATE($date) }
    انجام شد (مرحله { NUMBER($number) } از { NUMBER($count) }: { STAGE($stage) }).
# @receipt
track-rejected =
    { SERVICE($service) } { ID($code) }، { DATE($date) }
    { rejected }
# @receipt
news-bill =
    { SERVICE($service) } { ID($code) }
    قبض: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    هرگز اطلاعات کارت نمی‌خواهیم.
news-scheduled = { SERVICE($service) } { ID($code) }: تاریخ مراجعه { DATE($date) }
news-completed = { SERVICE($service) } { ID($code) } به پایان رسید.
news-stage = { SERVICE($service) } { ID($code) }: { STAGE($stage) }

## Tavanir's star code

linked = قبض { ID($bill) } به این شماره وصل شد.
linked-nothing-due = قبض { ID($bill) } به این شماره وصل شد. بدهی ندارید.
# @receipt
linked-due =
    قبض { ID($bill) } به این شماره وصل شد.
    بدهی: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه پرداخت:
    { ID($payment) }
    هرگز اطلاعات کارت نمی‌خواهیم.
