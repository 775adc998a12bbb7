### Prompts of the dialog. A comment "@kind" above a message is its SMS budget (dialogs/limits.py);
### "rows" and "options" name what is written under it at most. Without one it is a @question.
### What is said on the phone otherwise than it is written stands in ".voice": no digits, no Latin letters,
### no signs but punctuation; an option's label fits behind «برای». A line ends where the voice pauses.

## Menu and commands

# @list options: option-service, option-group*4
menu =
    شرکت توزیع برق
    شماره خدمت را بفرستید:
    .telegram = لطفاً یکی از خدمات را انتخاب کنید:
    .voice = { "" }
option-service = { SERVICE($service) }
# @receipt
help =
    منو #، سؤال قبل *، تکرار 9، انصراف 0
    «کارشناس»: گفتگو با همکار ما. «ادامه»: برگشت به کار نیمه‌تمام
    نمونه: قرائت شناسه‌قبض رقم
    .telegram =
        برای پاسخ، دکمه‌ای را بزنید یا بنویسید.
        منوی اصلی: /menu
        مرحلهٔ قبل: /back
        پیگیری درخواست: /track
        انصراف: /cancel
        راهنما: /help
        برای گفتگو با همکار ما «کارشناس» را بنویسید و برای برگشت به کار نیمه‌تمام «ادامه» را.
    .voice = برای برگشت ستاره، برای شنیدن دوباره عدد نُه، و برای گفتگو با همکار ما عدد صفر را بزنید.
cancelled = انصراف انجام شد. برای شروع «منو» را بفرستید.
    .telegram = انصراف انجام شد. برای شروع دوباره «منوی اصلی» را بزنید.
    .voice = انصراف انجام شد.
cancelled-one = انصراف انجام شد.
ended = پایان. برای شروع «منو» را بفرستید.
    .telegram = بسیار خوب. برای کارهای دیگر «منوی اصلی» را بزنید.
    .voice = بسیار خوب.
nothing-to-cancel = کار نیمه‌تمامی ندارید. برای شروع «منو» را بفرستید.
    .telegram = کار نیمه‌تمامی ندارید. برای شروع «منوی اصلی» را بزنید.
    .voice = کار نیمه‌تمامی ندارید.
nothing-to-resume = کار نیمه‌تمامی ندارید.
back-to = برگردیم به «{ SERVICE($service) }»:
    .voice = برمی‌گردیم به { SERVICE($service) }.
back-later = برای ادامه «{ SERVICE($service) }» بفرستید: ادامه
    .telegram = «{ SERVICE($service) }» شما نیمه‌تمام مانده است. برای ادامهٔ آن «ادامه» را بزنید.
    .voice = { SERVICE($service) } شما هنوز نیمه‌تمام است.
# @question options: option-go-on, option-start-over
resume-offer = «{ SERVICE($service) }» شما نیمه‌تمام مانده است.
    .voice = { SERVICE($service) } شما نیمه‌تمام مانده است.
option-go-on = ادامه از همان‌جا
    .voice = ادامهٔ همان کار
option-start-over = شروع تازه
    .voice = شروع از ابتدا
offer-operator = برای گفتگو با همکار ما «کارشناس» را بفرستید.
    .telegram = برای گفتگو با همکار ما «کارشناس» را بنویسید.
    .voice = برای گفتگو با همکار ما، عدد صفر را بزنید.
operator = گفتگوی شما را برای همکاران خود فرستادیم. برای پاسخ سریع با 1521 تماس بگیرید.
    .voice = گفتگوی شما را برای همکاران خود فرستادیم.
language-set = زبان فارسی شد.
opted-out = دیگر به این شماره پیام نمی‌دهیم. برای وصل دوباره 12 را بفرستید.
    .voice = دیگر به این شماره پیام نمی‌دهیم.
opted-in = پیام‌رسانی دوباره وصل شد.
sorry = خطایی پیش آمد و کار ناتمام ماند. لطفاً «منو» را بفرستید یا با 1521 تماس بگیرید.
    .telegram = پوزش می‌خواهیم؛ خطایی پیش آمد و کار ناتمام ماند. از «منوی اصلی» دوباره شروع کنید یا با 1521 تماس بگیرید.
    .voice = پوزش می‌خواهیم. خطایی پیش آمد و کار ناتمام ماند.
# @receipt
filed =
    درخواست شما ثبت شده است. کد پیگیری:
    { ID($code) }
    .voice =
        درخواست شما ثبت شده است. کد پیگیری:
        { ID($code) }
too-many-turns = پیام‌ها از حد گذشت. لطفاً بعداً دوباره پیام دهید یا با 1521 تماس بگیرید.
    .voice = این تماس طولانی شد. لطفاً بعداً دوباره تماس بگیرید. خدانگهدار.
too-many-segments = سقف پیام‌های شما پر شد. بعداً دوباره پیام دهید یا با 1521 تماس بگیرید.
    .voice = سقف پیام‌های شما پر شد. لطفاً بعداً دوباره تماس بگیرید.
option-yes = بله
option-no = خیر

## Calls

welcome = به شرکت توزیع برق خوش آمدید.
    .telegram =
        سلام. اینجا شرکت توزیع برق است.
        می‌توانید رقم کنتور را بفرستید، بدهی و سوابق مصرف و پرداخت را ببینید و درخواست‌هایتان را پیگیری کنید.
        اطلاعات شما فقط برای همین خدمات به کار می‌رود و هرگز اطلاعات کارت بانکی نمی‌خواهیم.
    .voice = شرکت توزیع برق، سلام.
option-more-services = خدمات دیگر
option-more = گزینه‌های دیگر
# @question options: option-menu, option-bye
anything-else = کار دیگری هم دارید؟
option-menu = منوی اصلی
option-bye = پایان تماس
goodbye = سپاسگزاریم. خدانگهدار.
    .voice = از تماس شما سپاسگزاریم. خدانگهدار.
please-wait = لطفاً چند لحظه صبر کنید.
    .voice = لطفاً صبر کنید.
no-input = پاسخی نرسید.
no-input-help = هنوز پاسخی نرسیده است. سؤال قبل: *
    .voice = هنوز پاسخی نرسیده است. برای برگشت ستاره، و برای گفتگو با همکار ما عدد صفر را بزنید.
goodbye-silence = پاسخی نرسید. هر وقت خواستید «ادامه» را بفرستید.
    .voice = پاسخی نرسید و تماس را پایان می‌دهیم. هر وقت خواستید دوباره تماس بگیرید. خدانگهدار.
resumed = «{ SERVICE($service) }» را از همان‌جا ادامه می‌دهیم.
    .voice = { SERVICE($service) } را از همان‌جا ادامه می‌دهیم.
call-silent = در تماس پاسخی نشنیدیم. دوباره تماس بگیرید یا «منو» را به همین شماره بفرستید.
call-dropped = تماس قطع شد. «{ SERVICE($service) }» نیمه‌تمام است. برای ادامه «ادامه» را بفرستید یا دوباره تماس بگیرید.
    .voice = تماس قطع شد و { SERVICE($service) } نیمه‌تمام ماند.
option-by-sms = دریافت فهرست با پیامک
sent-by-sms = فهرست به همین شماره پیامک شد.
# @question options: option-keep, option-again
voice-check = شنیدیم: { RECORDING($recording) }
option-keep = تأیید
option-again = ضبط دوباره

## Messenger

button-back = بازگشت
    .voice = { "" }
button-menu = منوی اصلی
    .voice = { "" }
button-resume = ادامه
    .voice = { "" }
stale-button = این دکمه برای پرسش قبلی بود.
    .voice = { "" }
cannot-read =
    { $what ->
        [sticker] استیکر را نمی‌توانیم بخوانیم.
        [location] نشانی روی نقشه را نمی‌توانیم بخوانیم.
        [venue] نشانی روی نقشه را نمی‌توانیم بخوانیم.
        [voice] پیام صوتی را نمی‌توانیم بشنویم.
        [audio] فایل صوتی را نمی‌توانیم بشنویم.
        [video] ویدیو را نمی‌توانیم ببینیم.
        [video_note] ویدیو را نمی‌توانیم ببینیم.
        [animation] تصویر متحرک را نمی‌توانیم ببینیم.
        [edited] ویرایش پیام را نمی‌بینیم؛ پاسخ پیشین شما پابرجاست.
       *[other] این نوع پیام را نمی‌توانیم بخوانیم.
    } لطفاً بنویسید یا دکمه‌ای را بزنید.
    .voice = { "" }
private-only = برای حفظ اطلاعات شما فقط در گفتگوی خصوصی پاسخ می‌دهیم. لطفاً همان‌جا پیام دهید.
    .voice = { "" }
photo-kept = فایل شما رسید، ولی اکنون لازم نیست. تا یک ساعت آن را نگه می‌داریم و هر جا فایلی لازم شد، پیشنهاد می‌کنیم.
    .voice = { "" }
files-left-out =
    { $why ->
        [large] { NUMBER($count) } فایل پذیرفته نشد، چون بزرگ‌تر از اندازهٔ مجاز است.
        [type] { NUMBER($count) } فایل پذیرفته نشد، چون نه عکس است و نه PDF.
        [many] { NUMBER($count) } فایل پذیرفته نشد، چون بیش از تعداد مجاز است.
        [limited] { NUMBER($count) } فایل پذیرفته نشد، چون امروز فایل‌های زیادی فرستاده‌اید.
       *[failed] { NUMBER($count) } فایل به دست ما نرسید. لطفاً دوباره بفرستید.
    }
    .voice = { "" }
option-use-kept = همان که فرستادم
    .voice = همان عکسی که فرستاده‌اید
option-skip = بدون عکس
    .voice = ادامه بدون عکس
# Descriptions in the messenger's own list of commands: at most 100 characters.
command-start = شروع
    .voice = { "" }
command-menu = منوی اصلی
    .voice = { "" }
command-back = بازگشت به مرحلهٔ قبل
    .voice = { "" }
command-track = پیگیری درخواست
    .voice = { "" }
command-cancel = انصراف از کار جاری
    .voice = { "" }
command-help = راهنما
    .voice = { "" }

## The customer's phone number

option-link-phone = تأیید شمارهٔ موبایل
    .voice = { "" }
phone-ask = شماره موبایل خود را بفرستید.
    .telegram =
        شمارهٔ موبایل خود را با دکمهٔ زیر بفرستید، یا آن را بنویسید.
        با آن می‌توانید سوابق خود را ببینید و کاری را که با پیامک یا تلفن آغاز کرده‌اید، همین‌جا ادامه دهید.
        انصراف: /cancel
    .voice = { "" }
option-share-phone = فرستادن شمارهٔ من
    .voice = { "" }
phone-code-sent = کد به این شماره پیامک شد.
phone-code-called = تا لحظه‌ای دیگر با این شماره تماس می‌گیریم و کد تازه‌ای می‌گوییم.
phone-linked = شماره شما تأیید شد.
    .voice = { "" }
phone-foreign = این شماره از آنِ حساب شما نیست. فقط شمارهٔ خودتان را می‌پذیریم.
    .voice = { "" }

## Operator and call-back

operator-transfer = شما را به همکار ما وصل می‌کنیم.
    .voice = شما را به همکار ما وصل می‌کنیم. لطفاً پشت خط بمانید.
sorry-operator = پوزش می‌خواهیم؛ خطایی پیش آمد. شما را به همکار ما وصل می‌کنیم.
    .voice = پوزش می‌خواهیم. خطایی پیش آمد. شما را به همکار ما وصل می‌کنیم. لطفاً پشت خط بمانید.
operator-closed = اکنون همکاری برای پاسخ نیست. درخواست تماس شما را می‌گیریم.
    .voice = اکنون همکار ما نمی‌تواند پاسخ دهد. درخواست شما را می‌گیریم تا با شما تماس بگیرد.
# @question options: option-yes, option-no
call-back-number = با شماره { ID($number) } تماس بگیریم؟
    .voice =
        شمارهٔ شما:
        { ID($number) }
        با همین شماره تماس بگیریم؟
call-back-phone = شماره تلفن خود را بفرستید: موبایل، یا ثابت با کد شهر.
    .voice = شمارهٔ موبایل، یا تلفن ثابت با کد شهر، و سپس مربع را وارد کنید.
call-back-message = نام و موضوع خود را بنویسید.
    .voice = پس از صدای بوق، نام و موضوع خود را بگویید و در پایان مربع را بزنید.
call-back-none = درخواست تماس ثبت نشد. لطفاً در ساعت کاری تماس بگیرید.
    .voice = درخواست تماس ثبت نشد. لطفاً در ساعت کاری دوباره تماس بگیرید.
call-back-taken = درخواست تماس شما ثبت شد. همکاران ما با شما تماس می‌گیرند.
kept-by-sms = همین پیامک هم می‌شود.
payment-spoken = شناسه پرداخت: { ID($payment) }
    .voice = شناسهٔ پرداخت: { ID($payment) }

## Which subscription

bill = شناسه قبض برق را بفرستید (تا ۱۳ رقم، بالای قبض).
    .telegram = شناسهٔ قبض برق را بنویسید. تا ۱۳ رقم دارد و بالای قبض چاپ شده است.
    .voice = شناسهٔ قبض و سپس مربع را وارد کنید.
# @question options: option-bill*5
bill-saved = شماره یا شناسه قبض دیگری بفرستید:
    .telegram = یکی از قبض‌ها را انتخاب کنید یا شناسهٔ قبض دیگری را بنویسید:
    .voice = یکی از قبض‌ها را انتخاب کنید، یا شناسهٔ قبض دیگر و سپس مربع را وارد کنید.
# The mark keeps a line without letters right to left.
option-bill = { "\u200F" }{ ID($bill) }
    .voice = قبض با رقم‌های میانی { MIDDLE($bill) }
# @question options: option-bill*5, option-other-bill
bill-choose = اشتراک را انتخاب کنید:
    .voice = کدام اشتراک؟
option-other-bill = قبض دیگر
bill-unknown = شناسه { ID($bill) } نزد ما پیدا نشد.
    .voice = شناسهٔ قبض با رقم‌های میانی { MIDDLE($bill) } نزد ما پیدا نشد.
too-many-unknown = شناسه‌های ناشناس زیاد شد. یک ساعت دیگر پیام دهید یا با 1521 تماس بگیرید.
    .voice = شناسه‌های ناشناس زیاد شد. لطفاً یک ساعت دیگر تماس بگیرید.

## Reading

reading = رقم کنتور را بفرستید (فقط رقم‌های سیاه، پیش از ممیز).
    .voice = رقم‌های سیاه کنتور، پیش از ممیز، و سپس مربع را وارد کنید.
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
    .voice =
        { $register ->
            [normal] رقم میان‌باری، از ردیف یک کنتور، و سپس مربع را وارد کنید.
            [peak] رقم اوج‌باری، از ردیف دو، و سپس مربع را وارد کنید.
            [low] رقم کم‌باری، از ردیف سه، و سپس مربع را وارد کنید.
            [friday] رقم جمعه، از ردیف چهار، و سپس مربع را وارد کنید.
            [reactive] رقم راکتیو و سپس مربع را وارد کنید.
            [demand] رقم ماکسی‌متر و سپس مربع را وارد کنید.
           *[total] رقم کل و سپس مربع را وارد کنید.
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
    .voice = سامانهٔ شرکت اکنون پاسخ نمی‌دهد. رقم را می‌گیریم و بعد کنترل می‌شود.
# @question options: option-yes, option-no
reading-already-sent = در این دوره ({ DATE($date) }) قرائت داده‌اید. دوباره ثبت شود؟
    .voice = در این دوره، در تاریخ { DATE($date) } قرائت داده‌اید. دوباره ثبت شود؟
reading-kept = قرائت پیشین شما پابرجاست.
# @question options: option-use-kept, option-skip
reading-photo = اگر می‌توانید، عکس کنتور را بفرستید؛ بررسی رقم سریع‌تر می‌شود.
    .voice = عکس کنتور را می‌توانید در پیام‌رسان بفرستید.
# @question options: option-right, option-correct
reading-lower = { register-figure }: { NUMBER($value) } از قرائت قبل ({ NUMBER($last) }) کمتر است.
    .voice =
        { register-figure }: { NUMBER($value) }
        قرائت قبل { NUMBER($last) } بود و این رقم کمتر است.
# @question options: option-right, option-correct
reading-rollover = { register-figure }: از { NUMBER($last) } به { NUMBER($value) }؛ کنتور دور زده؟ مصرف { NUMBER($kwh) }
    .voice =
        { register-figure } از { NUMBER($last) } به { NUMBER($value) } رسیده است.
        اگر شمارنده از نو شروع کرده باشد، مصرف { NUMBER($kwh) } می‌شود.
# @question options: option-right, option-correct
reading-high =
    مصرف { $register ->
        [total] { KWH($kwh) }
       *[other] { option-register } { KWH($kwh) }
    } شد که بسیار بیش از معمول است. رقم { NUMBER($value) }:
    .voice =
        { register-figure }: { NUMBER($value) }
        با این رقم، مصرف { KWH($kwh) } می‌شود که بسیار بیش از معمول است.
# @question options: option-right, option-correct
reading-high-demand = ماکسی‌متر { NUMBER($value) } بسیار بیش از معمول است ({ NUMBER($last) }).
    .voice =
        ماکسی‌متر: { NUMBER($value) }
        قرائت قبل { NUMBER($last) } بود و این رقم بسیار بیش از معمول است.
# @question options: option-right, option-correct
reading-zero = { register-figure }: { NUMBER($value) } با قرائت قبل یکی است (مصرف صفر).
    .voice =
        { register-figure }: { NUMBER($value) }
        این رقم با قرائت قبل یکی است، یعنی مصرف صفر بوده است.
option-right = درست است
    .voice = تأیید همین رقم
option-correct = اصلاح
    .voice = اصلاح رقم
# @list rows: row-reading-register*6 options: option-send, option-correct
reading-check = قبض { ID($bill) }
    .voice =
        { $known ->
            [yes] قبض با رقم‌های میانی { MIDDLE($bill) }
           *[no] شناسهٔ قبض: { ID($bill) }
        }
option-send = درست است، ثبت شود
    .voice = تأیید و ثبت
# @question options: option-register*6
reading-which = کدام رقم اصلاح شود؟
# @receipt
reading-done =
    قرائت شما ثبت شد. کد پیگیری:
    { ID($code) }
    .voice =
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
    .voice =
        قرائت شما ثبت شد. کد پیگیری:
        { ID($code) }
        مبلغ قبض علی‌الحساب: { RIAL($amount) }
        مهلت پرداخت: { DATE($due) }
# @receipt
rejected =
    درخواست { ID($code) } پذیرفته نشد: { refusal }
    ارسال دوباره: «منو». راهنمایی: «کارشناس» یا تلفن 1521
    .voice =
        درخواست شما پذیرفته نشد. { refusal.voice }
        برای گفتگو با همکار ما، عدد صفر را بزنید.
# Why, by the backend's reasons (openapi.yaml, Progress.reason).
refusal =
    { $reason ->
        [reading_below_last] رقم از قرائت قبل کمتر است.
        [reading_too_long] رقم بیش از رقم‌های کنتور است.
        [reading_too_high] رقم بیش از اندازه بزرگ است.
        [unknown_register] رقم با کنتور شما نمی‌خواند؛ همه ردیف‌ها را بفرستید.
        [missing_register] رقم یکی از ردیف‌ها کم است؛ همه ردیف‌ها را بفرستید.
        [duplicate_register] رقم یک ردیف دو بار آمده است.
        [already_billed] قبض این دوره صادر شده است.
        [read_on_in_future] تاریخ قرائت در آینده است.
        [read_on_before_last] تاریخ قرائت پیش از قرائت قبل است.
        [unknown_subscription] شناسه قبض نزد ما پیدا نشد.
        [debt] ابتدا باید بدهی پرداخت شود.
        [open_request] درخواستی از همین نوع در جریان است.
        [names_differ] نام متقاضی و ساکن یکی نیست؛ ابتدا «تغییر نام».
        [invalid_amount] مبلغ درست نیست.
        [other_subscriber] قبض‌ها از یک مشترک نیست.
        [unknown_request] درخواست پیشین پیدا نشد.
        [not_waiting] آن درخواست دیگر منتظر پاسخ نیست.
        [already_executed] آن درخواست انجام شده است.
        [already_withdrawn] آن درخواست پیش‌تر پس گرفته شده است.
        [already_closed] آن درخواست پیش‌تر بسته شده است.
        [withdrawn] آن را پس گرفتید.
        [declined] با شرایط آن موافق نبودید.
       *[other] ثبت آن ممکن نبود.
    }
    .voice =
        { $reason ->
            [reading_below_last] رقم از قرائت قبل کمتر است.
            [reading_too_long] رقم بیش از رقم‌های کنتور است.
            [reading_too_high] رقم بیش از اندازه بزرگ است.
            [unknown_register] رقم با کنتور شما نمی‌خواند. همهٔ ردیف‌ها را وارد کنید.
            [missing_register] رقم یکی از ردیف‌ها کم است. همهٔ ردیف‌ها را وارد کنید.
            [duplicate_register] رقم یک ردیف دو بار آمده است.
            [already_billed] قبض این دوره صادر شده است.
            [read_on_in_future] تاریخ قرائت در آینده است.
            [read_on_before_last] تاریخ قرائت پیش از قرائت قبل است.
            [unknown_subscription] شناسهٔ قبض نزد ما پیدا نشد.
            [debt] ابتدا باید بدهی پرداخت شود.
            [open_request] درخواستی از همین نوع در جریان است.
            [names_differ] نام متقاضی و ساکن یکی نیست. ابتدا تغییر نام را درخواست کنید.
            [invalid_amount] مبلغ درست نیست.
            [other_subscriber] قبض‌ها از یک مشترک نیست.
            [unknown_request] درخواست پیشین پیدا نشد.
            [not_waiting] آن درخواست دیگر منتظر پاسخ نیست.
            [already_executed] آن درخواست انجام شده است.
            [already_withdrawn] آن درخواست پیش‌تر پس گرفته شده است.
            [already_closed] آن درخواست پیش‌تر بسته شده است.
            [withdrawn] آن را پس گرفتید.
            [declined] با شرایط آن موافق نبودید.
           *[other] ثبت آن ممکن نبود.
        }

## Debt

# @list rows: row-reading-register*6 options: option-send, option-correct
debt-check =
    مانده بدهی قبض { ID($bill) } با این رقم حساب شود؟ (هزینه در قبض بعدی)
    .voice =
        { $known ->
            [yes] قبض با رقم‌های میانی { MIDDLE($bill) }
           *[no] شناسهٔ قبض: { ID($bill) }
        }
        ماندهٔ بدهی با این رقم حساب شود؟
debt-notice = هزینه در قبض بعدی می‌آید.
    .voice = توجه کنید. هزینهٔ این خدمت در قبض بعدی می‌آید.
# @receipt
debt-due =
    بدهی تا { DATE($date) }: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    پیگیری: { ID($code) }
    .voice =
        بدهی تا { DATE($date) }: { RIAL($amount) }
        مهلت پرداخت: { DATE($due) }
        کد پیگیری: { ID($code) }
# @receipt
debt-credit =
    بدهی ندارید. بستانکاری تا { DATE($date) }: { RIAL($amount) }
    پیگیری: { ID($code) }
    .voice =
        بدهی ندارید. بستانکاری تا { DATE($date) }: { RIAL($amount) }
        کد پیگیری: { ID($code) }
# @receipt
debt-none =
    تا { DATE($date) } بدهی ندارید.
    پیگیری: { ID($code) }
    .voice =
        تا { DATE($date) } بدهی ندارید. کد پیگیری:
        { ID($code) }
debt-fee = هزینه خدمات { RIAL($fee) } در قبض بعدی می‌آید.
# @receipt
debt-later =
    درخواست ثبت شد. مانده تا پنج دقیقه دیگر پیامک می‌شود. کد پیگیری:
    { ID($code) }
    .telegram =
        درخواست ثبت شد. مانده تا پنج دقیقهٔ دیگر همین‌جا می‌آید. کد پیگیری:
        { ID($code) }
    .voice =
        درخواست شما ثبت شد. کد پیگیری:
        { ID($code) }
        ماندهٔ بدهی تا پنج دقیقهٔ دیگر پیامک می‌شود.
# @receipt
debt-later-ask =
    درخواست ثبت شد. نتیجه را تا پنج دقیقه دیگر با کد پیگیری بپرسید:
    { ID($code) }
    .voice =
        درخواست شما ثبت شد. کد پیگیری:
        { ID($code) }
        ماندهٔ بدهی تا پنج دقیقهٔ دیگر آماده است. آن را با همین کد، از پیگیری درخواست بپرسید.
# @receipt
debt-late =
    پوزش؛ محاسبه مانده طول کشید. نتیجه به‌محض آماده شدن پیامک می‌شود. کد پیگیری:
    { ID($code) }
    .telegram =
        پوزش؛ محاسبهٔ مانده طول کشید. نتیجه به‌محض آماده شدن همین‌جا می‌آید. کد پیگیری:
        { ID($code) }
    .voice =
        پوزش می‌خواهیم. محاسبهٔ مانده طول کشید و نتیجه به‌محض آماده شدن پیامک می‌شود. کد پیگیری:
        { ID($code) }

## Proof

code-sent = کد به موبایل ثبت‌شده این قبض (اگر باشد) پیامک شد.
    .voice = اگر موبایلی ثبت شده باشد، کد به آن پیامک شد.
code-called = اگر برای این قبض موبایلی ثبت شده باشد، تا لحظه‌ای دیگر با آن تماس می‌گیریم و کد تازه‌ای می‌گوییم.
# @question options: option-code-by-call
code = کد ۵ رقمی را بفرستید.
    .voice = کد پنج رقمی را وارد کنید.
option-code-by-call = شنیدن کد با تماس
    .voice = شنیدن کد با تماس
code-wrong = کد درست نیست.
# @question options: option-yes, option-no
code-spent = این کد دیگر معتبر نیست. کد تازه فرستاده شود؟
code-limited = در یک ساعت گذشته کدهای زیادی فرستاده شده است. بعداً دوباره پیام دهید.
    .voice = در یک ساعت گذشته کدهای زیادی فرستاده شده است. لطفاً بعداً دوباره تماس بگیرید.
code-away = سامانه شرکت اکنون پاسخ نمی‌دهد. لطفاً بعداً دوباره پیام دهید.
    .voice = سامانهٔ شرکت اکنون پاسخ نمی‌دهد. لطفاً بعداً دوباره تماس بگیرید.
# @code
code-sms =
    کد { ID($code) } برای { SERVICE($service) }
    به کسی ندهید.
# @code
code-sms-link-phone =
    کد { ID($code) } برای تأیید شماره شما در پیام‌رسان
    به کسی ندهید.
# What is said in a call that brings a code, and then once more.
code-call = از شرکت توزیع برق. کد شما برای { SERVICE($service) }: { ID($code) }
code-call-link-phone = از شرکت توزیع برق. کد شما برای تأیید شماره در پیام‌رسان: { ID($code) }
code-call-again = تکرار می‌کنیم: { ID($code) }. این کد را به کسی ندهید.

## Histories

backend-away = سامانه شرکت اکنون پاسخ نمی‌دهد. لطفاً بعداً دوباره پیام دهید.
    .voice = سامانهٔ شرکت اکنون پاسخ نمی‌دهد. لطفاً بعداً دوباره تماس بگیرید.
# @list rows: row-payment*4 options: option-next, option-end
payments = { NUMBER($count) } پرداخت در دو سال، جمع { RIAL($amount) }:
    .voice = در دو سال گذشته { NUMBER($count) } پرداخت ثبت شده است. از تازه‌ترین:
picture-of-payments = پرداخت‌های دو سال گذشته
    .voice = { "" }
payments-none = در دو سال گذشته پرداختی ثبت نشده است.
row-payment = { DATE($date) } { RIAL($amount) }
    .voice = { DATE($date) }، { RIAL($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
consumption = { NUMBER($count) } دوره، جمع { NUMBER($kwh) } kWh و { RIAL($amount) } (پایان، kWh، ریال):
    .voice =
        در دو سال گذشته { NUMBER($count) } صورتحساب صادر شده است. از تازه‌ترین:
picture-of-consumption = مصرف دو سال گذشته، هر دوره کنار همان دورهٔ سال قبل
    .voice = { "" }
consumption-none = در دو سال گذشته صورتحسابی نیست.
row-consumption = { "\u200F" }{ DATE($date) }: { NUMBER($kwh) }، { NUMBER($amount) }
    .voice = تا { DATE($date) }: { KWH($kwh) }، { RIAL($amount) }
row-consumption-estimated = { "\u200F" }{ DATE($date) }: { NUMBER($kwh) } برآوردی، { NUMBER($amount) }
    .voice = تا { DATE($date) }، برآوردی: { KWH($kwh) }، { RIAL($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
history-page = صفحه { NUMBER($number) } از { NUMBER($pages) }:
    .voice = صفحهٔ { NUMBER($number) } از { NUMBER($pages) }
option-next = بعدی
    .voice = ادامه
option-end = پایان

## Tavanir's star code

linked = قبض { ID($bill) } به این شماره وصل شد.
    .voice = قبض با رقم‌های میانی { MIDDLE($bill) } به این شماره وصل شد.
linked-nothing-due = قبض { ID($bill) } به این شماره وصل شد. بدهی ندارید.
    .voice = قبض با رقم‌های میانی { MIDDLE($bill) } به این شماره وصل شد. بدهی ندارید.
# @receipt
linked-due =
    قبض { ID($bill) } به این شماره وصل شد.
    بدهی: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه پرداخت:
    { ID($payment) }
    هرگز اطلاعات کارت نمی‌خواهیم.
    .voice =
        قبض با رقم‌های میانی { MIDDLE($bill) } به این شماره وصل شد. بدهی: { RIAL($amount) }
        مهلت پرداخت: { DATE($due) }

## Pictures

# Nothing of a picture is spoken. @receipt
picture-consumption = مصرف برق، کیلووات‌ساعت
    .voice = { "" }
# @receipt
picture-recent = سال اخیر (تا { DATE($date) })
    .voice = { "" }
# @receipt
picture-before = سال پیش از آن (تا { DATE($date) })
    .voice = { "" }
# @receipt
picture-estimated = برآوردی: کنتور خوانده نشده است
    .voice = { "" }
# @receipt
picture-as-of = تاریخ تهیه: { DATE($date) }
    .voice = { "" }
# @receipt
picture-month =
    { $month ->
        [1] فروردین
        [2] اردیبهشت
        [3] خرداد
        [4] تیر
        [5] مرداد
        [6] شهریور
        [7] مهر
        [8] آبان
        [9] آذر
        [10] دی
        [11] بهمن
       *[12] اسفند
    }
    .voice = { "" }
# @receipt
picture-two-months = { TEXT($first) } و{ "\u00A0" }{ TEXT($last) }
    .voice = { "" }
# @receipt
picture-many-months = { TEXT($first) } تا{ "\u00A0" }{ TEXT($last) }
    .voice = { "" }
# @receipt
picture-payments = پرداخت‌های قبض برق
    .voice = { "" }
# @receipt
picture-paid-on = تاریخ
    .voice = { "" }
# @receipt
picture-amount = مبلغ (ریال)
    .voice = { "" }
# @receipt
picture-paid-by = روش
    .voice = { "" }
# @receipt
picture-via =
    { $via ->
        [bank] بانک
        [ussd] کد دستوری
        [app] برنامه موبایل
        [counter] باجه
        [web] اینترنت
       *[other] غیره
    }
    .voice = { "" }
# @receipt
picture-payment-id = شناسه پرداخت
    .voice = { "" }
# @receipt
picture-reference = کد پیگیری
    .voice = { "" }
# @receipt
picture-total = جمع { NUMBER($count) } پرداخت: { MONEY($amount) }
    .voice = { "" }
# @receipt
picture-older = { NUMBER($count) } پرداخت قدیمی‌تر در این تصویر نیست
    .voice = { "" }

## Free text

# @list options: option-service*3, option-none-of-these
which-service = کدام یک را می‌خواهید؟
option-none-of-these = هیچ‌کدام، منو
    .voice = منوی اصلی
not-understood = منظورتان را درست نفهمیدیم. خاموشی و خطر: تلفن 121. برای کار دیگر کوتاه بنویسید یا انتخاب کنید.
    .voice = منظورتان را درست نفهمیدیم.
you-are-welcome = خواهش می‌کنیم. برای کار دیگر بنویسید چه می‌خواهید یا «منو» را بفرستید.
    .telegram = خواهش می‌کنیم. هر وقت خواستید بنویسید.
    .voice = خواهش می‌کنیم.
