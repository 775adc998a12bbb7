# Answer types: what is wrong with an answer and what to do (wrong-<type>-<code>), and one example of a
# right answer (example-<type>). Plain values are the SMS wording: at most 134 UTF-16 units in the worst case.
# ".voice" is said on the phone, where the example says where to find the answer or how to enter it.

## Bill id

example-bill_id = نمونه: 1234567800029 (بالای قبض، کنار «شناسه قبض»)
    .voice = شناسهٔ قبض در بالای قبض برق چاپ شده است.
wrong-bill_id-letters = شناسه قبض فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = شناسهٔ قبض فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-bill_id-short = شناسه قبض ۶ تا ۱۳ رقم دارد. لطفاً همهٔ رقم‌ها را بفرستید.
    .voice = شناسهٔ قبض شش تا سیزده رقم دارد. لطفاً همهٔ رقم‌ها را وارد کنید.
wrong-bill_id-long = شناسه قبض حداکثر ۱۳ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = شناسهٔ قبض حداکثر سیزده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-bill_id-check_digit = این شناسه قبض درست نیست. لطفاً از روی قبض دوباره بفرستید.
    .voice = این شناسهٔ قبض درست نیست. لطفاً از روی قبض دوباره وارد کنید.
wrong-bill_id-other_utility =
    این شناسه قبض { $utility ->
        [water] آب
        [gas] گاز
        [landline] تلفن ثابت
        [mobile] تلفن همراه
        [municipality] عوارض شهرداری
       *[other] خدمات دیگری
    } است. لطفاً شناسه قبض برق را بفرستید.
    .voice =
        این شناسهٔ قبض { $utility ->
            [water] آب
            [gas] گاز
            [landline] تلفن ثابت
            [mobile] تلفن همراه
            [municipality] عوارض شهرداری
           *[other] خدمات دیگری
        } است. لطفاً شناسهٔ قبض برق را وارد کنید.

## National id of a person

example-national_id = نمونه: 0012345679
    .voice = کد ملی ده رقم دارد و روی کارت ملی نوشته شده است.
wrong-national_id-letters = کد ملی فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = کد ملی فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-national_id-short = کد ملی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = کد ملی ده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-national_id-long = کد ملی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = کد ملی ده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-national_id-check_digit = این کد ملی درست نیست. لطفاً رقم‌ها را بازبینی کنید.
    .voice = این کد ملی درست نیست. لطفاً دوباره وارد کنید.

## National id of an organisation

example-legal_id = نمونه: 10000123455
    .voice = شناسهٔ ملی شرکت یازده رقم دارد و در آگهی ثبت آن آمده است.
wrong-legal_id-letters = شناسه ملی فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = شناسهٔ ملی فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-legal_id-short = شناسه ملی ۱۱ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = شناسهٔ ملی یازده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-legal_id-long = شناسه ملی ۱۱ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = شناسهٔ ملی یازده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-legal_id-check_digit = این شناسه ملی درست نیست. لطفاً رقم‌ها را بازبینی کنید.
    .voice = این شناسهٔ ملی درست نیست. لطفاً دوباره وارد کنید.

## National id of either

example-person_id = { example-national_id }
    .voice = کد ملی ده رقم دارد و شناسهٔ ملی شرکت یازده رقم.
wrong-person_id-letters = { wrong-national_id-letters }
    .voice = { wrong-national_id-letters.voice }
wrong-person_id-short = { wrong-national_id-short }
    .voice = { wrong-national_id-short.voice }
wrong-person_id-long = { wrong-legal_id-long }
    .voice = { wrong-legal_id-long.voice }
wrong-person_id-check_digit = این شماره درست نیست. لطفاً رقم‌ها را بازبینی کنید.
    .voice = این شماره درست نیست. لطفاً دوباره وارد کنید.

## Mobile

example-mobile = نمونه: 09121234567
    .voice = شمارهٔ موبایل یازده رقم دارد و با صفر نُه شروع می‌شود. در پایان مربع را بزنید.
wrong-mobile-letters = شماره موبایل فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = شمارهٔ موبایل فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-mobile-short = شماره موبایل ناقص است. ۱۱ رقم آن را با 09 بفرستید.
    .voice = شمارهٔ موبایل ناقص است. یازده رقم آن را با صفر نُه وارد کنید.
wrong-mobile-long = شماره موبایل رقم اضافه دارد. ۱۱ رقم آن را با 09 بفرستید.
    .voice = شمارهٔ موبایل رقم اضافه دارد. یازده رقم آن را با صفر نُه وارد کنید.
wrong-mobile-not_mobile = این شماره موبایل نیست. لطفاً شماره‌ای با 09 بفرستید.
    .voice = این شمارهٔ موبایل نیست. لطفاً شماره‌ای با صفر نُه وارد کنید.
wrong-mobile-foreign = فقط موبایل ایران پذیرفته می‌شود. شماره‌ای با 09 بفرستید.
    .voice = فقط موبایل ایران پذیرفته می‌شود. شماره‌ای با صفر نُه وارد کنید.

## Landline

example-landline = نمونه: 02133334444 (کد شهر و شماره)
    .voice = کد شهر، مثل صفر بیست و یک، و سپس شمارهٔ هشت رقمی را وارد کنید. در پایان مربع را بزنید.
wrong-landline-letters = شماره تلفن فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = شمارهٔ تلفن فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-landline-short = شماره تلفن ناقص است. کد شهر و ۸ رقم را بفرستید.
    .voice = شمارهٔ تلفن ناقص است. کد شهر و هشت رقم را وارد کنید.
wrong-landline-long = شماره تلفن رقم اضافه دارد. کد شهر و ۸ رقم را بفرستید.
    .voice = شمارهٔ تلفن رقم اضافه دارد. کد شهر و هشت رقم را وارد کنید.
wrong-landline-no_area_code = لطفاً کد شهر را هم بفرستید، مثل 021 برای تهران.
    .voice = لطفاً کد شهر را هم وارد کنید، مثل صفر بیست و یک برای تهران.
wrong-landline-area_code = کد شهر یا شماره درست نیست. لطفاً دوباره بفرستید.
    .voice = کد شهر یا شماره درست نیست. لطفاً دوباره وارد کنید.
wrong-landline-mobile = این شماره موبایل است. لطفاً تلفن ثابت با کد شهر بفرستید.
    .voice = این شمارهٔ موبایل است. لطفاً تلفن ثابت را با کد شهر وارد کنید.
wrong-landline-foreign = فقط تلفن ایران پذیرفته می‌شود. کد شهر و ۸ رقم را بفرستید.
    .voice = فقط تلفن ایران پذیرفته می‌شود. کد شهر و هشت رقم را وارد کنید.

## A mobile or a landline

example-phone = نمونه: 09121234567 یا 02133334444
    .voice = شمارهٔ موبایل، یا تلفن ثابت همراه با کد شهر، یازده رقم دارد. در پایان مربع را بزنید.
wrong-phone-letters = { wrong-landline-letters }
    .voice = { wrong-landline-letters.voice }
wrong-phone-short = شماره تلفن ناقص است. هر ۱۱ رقم آن را بفرستید.
    .voice = شمارهٔ تلفن ناقص است. هر یازده رقم آن را وارد کنید.
wrong-phone-long = شماره تلفن رقم اضافه دارد. فقط ۱۱ رقم آن را بفرستید.
    .voice = شمارهٔ تلفن رقم اضافه دارد. فقط یازده رقم آن را وارد کنید.
wrong-phone-no_area_code = { wrong-landline-no_area_code }
    .voice = { wrong-landline-no_area_code.voice }
wrong-phone-area_code = { wrong-landline-area_code }
    .voice = { wrong-landline-area_code.voice }
wrong-phone-foreign = فقط تلفن ایران پذیرفته می‌شود.
    .voice = فقط تلفن ایران پذیرفته می‌شود. لطفاً شمارهٔ دیگری وارد کنید.

## Postal code

example-postal_code = نمونه: 1345678901
    .voice = کد پستی ده رقم دارد. همه را پشت سر هم وارد کنید.
wrong-postal_code-letters = کد پستی فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = کد پستی فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-postal_code-short = کد پستی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = کد پستی ده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-postal_code-long = کد پستی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = کد پستی ده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-postal_code-invalid = این کد پستی درست نیست. لطفاً رقم‌ها را بازبینی کنید.
    .voice = این کد پستی درست نیست. لطفاً دوباره وارد کنید.

## Meter reading

example-meter_reading = نمونه: 12345 (رقم‌های سیاه کنتور). رقم‌های کم را با صفر جلو بفرستید، مثل 00011
    .voice = فقط رقم‌های سیاه را، از چپ به راست و همراه با صفرهای اول، وارد کنید.
wrong-meter_reading-letters = لطفاً فقط عدد کنتور را با رقم بفرستید، بدون حرف و منفی.
    .voice = لطفاً فقط رقم کنتور را با کلیدهای تلفن وارد کنید.
wrong-meter_reading-decimal = رقم‌های قرمزِ بعد از ممیز را ننویسید؛ فقط عدد صحیح بفرستید.
    .voice = رقم‌های قرمز بعد از ممیز را وارد نکنید.
wrong-meter_reading-too_long = کنتور شما { NUMBER($digits) } رقم دارد. رقم‌های قرمز را ننویسید.
    .voice = کنتور شما { NUMBER($digits) } رقم دارد. رقم‌های قرمز را وارد نکنید.

## Number

example-number = نمونه: 25
    .voice = عدد را با کلیدهای تلفن وارد کنید و سپس مربع را بزنید.
wrong-number-letters = لطفاً فقط یک عدد با رقم بفرستید.
    .voice = لطفاً فقط یک عدد با کلیدهای تلفن وارد کنید.
wrong-number-decimal = لطفاً عدد صحیح و بدون اعشار بفرستید.
    .voice = لطفاً عدد صحیح و بدون اعشار وارد کنید.
wrong-number-below = کمترین عدد { NUMBER($min) } است. لطفاً دوباره بفرستید.
    .voice = کمترین عدد { NUMBER($min) } است. لطفاً دوباره وارد کنید.
wrong-number-above = بیشترین عدد { NUMBER($max) } است. لطفاً دوباره بفرستید.
    .voice = بیشترین عدد { NUMBER($max) } است. لطفاً دوباره وارد کنید.

## Money

example-money = نمونه: 1200000 ریال یا 120 هزار تومان
    .voice = مبلغ را به تومان وارد کنید و سپس مربع را بزنید.
wrong-money-letters = لطفاً مبلغ را با رقم بفرستید، مثل 1200000 ریال.
    .voice = لطفاً مبلغ را به تومان و با کلیدهای تلفن وارد کنید.
wrong-money-decimal = لطفاً مبلغ را بدون اعشار بفرستید، مثل 1200000 ریال.
    .voice = لطفاً مبلغ را به تومان و بدون اعشار وارد کنید.
wrong-money-unit = ریال یا تومان؟ مبلغ را با واحد بفرستید، مثل 120 هزار تومان.
    .voice = لطفاً مبلغ را به تومان وارد کنید.
wrong-money-below = کمترین مبلغ { MONEY($min) } است. دوباره بفرستید.
    .voice = کمترین مبلغ { MONEY($min) } است. لطفاً مبلغ را به تومان وارد کنید.
wrong-money-above = بیشترین مبلغ { MONEY($max) } است. دوباره بفرستید.
    .voice = بیشترین مبلغ { MONEY($max) } است. لطفاً مبلغ را به تومان وارد کنید.

## Date

example-jalali_date = نمونه: 1405/8/30 یا ۳۰ آبان
    .voice = تاریخ هشت رقم دارد: چهار رقم سال، دو رقم ماه و دو رقم روز.
wrong-jalali_date-unclear = تاریخ خوانده نشد. روز و ماه و سال را بفرستید، مثل 1405/8/30
    .voice = تاریخ روشن نیست. سال و ماه و روز را در هشت رقم وارد کنید.
wrong-jalali_date-not_real = چنین روزی در تقویم نیست. لطفاً تاریخ را دوباره بفرستید.
    .voice = چنین روزی در تقویم نیست. لطفاً تاریخ را دوباره وارد کنید.
wrong-jalali_date-gregorian = لطفاً تاریخ را شمسی بفرستید، مثل 1405/8/30
    .voice = لطفاً تاریخ را به سال شمسی وارد کنید.
wrong-jalali_date-too_early = تاریخ نباید پیش از { DATE($earliest) } باشد. دوباره بفرستید.
    .voice = تاریخ نباید پیش از { DATE($earliest) } باشد. دوباره وارد کنید.
wrong-jalali_date-too_late = تاریخ نباید پس از { DATE($latest) } باشد. دوباره بفرستید.
    .voice = تاریخ نباید پس از { DATE($latest) } باشد. دوباره وارد کنید.

## Tracking code

example-tracking_code = نمونه: 7705602008
    .voice = کد پیگیری ده رقم دارد و در پیامک ما آمده است.
wrong-tracking_code-letters = کد پیگیری فقط رقم است. لطفاً بدون حرف بفرستید.
    .voice = کد پیگیری فقط رقم است. لطفاً با کلیدهای تلفن وارد کنید.
wrong-tracking_code-short = کد پیگیری ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = کد پیگیری ده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-tracking_code-long = کد پیگیری ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
    .voice = کد پیگیری ده رقم دارد و { NUMBER($count) } رقم رسید. دوباره وارد کنید.
wrong-tracking_code-check_digit = این کد پیگیری درست نیست. لطفاً از روی پیام ما بفرستید.
    .voice = این کد پیگیری درست نیست. لطفاً از روی پیامک ما دوباره وارد کنید.
wrong-tracking_code-bill_id = این شناسه قبض است. لطفاً کد پیگیری ۱۰ رقمی را بفرستید.
    .voice = این شناسهٔ قبض است. لطفاً کد پیگیری ده رقمی را وارد کنید.

## Choice, yes or no

example-choice = نمونه: 1
    .telegram = دکمهٔ یکی از گزینه‌ها را بزنید، یا نام آن را بنویسید.
    .voice = گزینه‌ها را بشنوید و شمارهٔ یکی را بزنید. برای شنیدن دوباره، عدد نُه را بزنید.
wrong-choice-unknown = این گزینه نیست. لطفاً شمارهٔ یکی از گزینه‌ها را بفرستید.
    .telegram = این گزینه نیست. لطفاً یکی از دکمه‌ها را بزنید.
    .voice = این گزینه نیست. لطفاً شمارهٔ یکی از گزینه‌ها را بزنید.
example-yes_no = ۱ یعنی گزینهٔ اول، ۲ یعنی گزینهٔ دوم
    .telegram = یکی از دو دکمه را بزنید، یا بنویسید «بله» یا «خیر».
    .voice = برای گزینهٔ اول عدد یک، و برای گزینهٔ دوم عدد دو را بزنید.
wrong-yes_no-unclear = متوجه نشدیم. لطفاً فقط ۱ یا ۲ را بفرستید.
    .telegram = متوجه نشدیم. لطفاً یکی از دو دکمه را بزنید.
    .voice = متوجه نشدیم. لطفاً عدد یک یا دو را بزنید.

## Text

example-text = نمونه: تهران، خیابان آزادی، پلاک ۱۲
    .voice = پس از صدای بوق، پاسخ خود را بگویید و در پایان مربع را بزنید.
wrong-text-short = کوتاه است. لطفاً کامل‌تر بنویسید، دست‌کم { NUMBER($min) } حرف.
    .voice = پاسخ کوتاه بود. لطفاً کامل‌تر بگویید.
wrong-text-long = بلند است. لطفاً کوتاه‌تر بنویسید، حداکثر { NUMBER($max) } حرف.
    .voice = پاسخ بلند بود. لطفاً کوتاه‌تر بگویید.
wrong-text-no_letters = لطفاً پاسخ را با حروف بنویسید.
    .voice = لطفاً پاسخ را پس از صدای بوق بگویید.

## One-time code

example-one_time_code = نمونه: 12345
    .voice = کد تأیید پنج رقم دارد و در پیامک ما آمده است.
wrong-one_time_code-letters = کد تأیید فقط رقم است. لطفاً همان ۵ رقم را بفرستید.
    .voice = کد تأیید فقط رقم است. لطفاً همان پنج رقم را وارد کنید.
wrong-one_time_code-length = کد تأیید ۵ رقم دارد. لطفاً همان را بفرستید.
    .voice = کد تأیید پنج رقم دارد. لطفاً همان را وارد کنید.

## Voice

example-voice = نمونه: احمدی هستم، قبض من اشتباه است.
    .voice = پس از صدای بوق بگویید و در پایان مربع را بزنید.
wrong-voice-empty = چیزی نرسید. لطفاً دوباره بفرستید.
    .voice = صدایی نشنیدیم. لطفاً پس از بوق بگویید.
wrong-voice-unreadable = این صدا شنیدنی نیست. لطفاً دوباره بفرستید.
    .voice = صدای شما ضبط نشد. لطفاً دوباره بگویید.
wrong-voice-keys = لطفاً پاسخ را با حروف بنویسید.
    .voice = لطفاً پاسخ را به‌جای کلیدها با صدای خود بگویید.

## The customer's own mobile

example-own_phone = { example-mobile }
    .voice = { example-mobile.voice }
wrong-own_phone-letters = { wrong-mobile-letters }
    .voice = { wrong-mobile-letters.voice }
wrong-own_phone-short = { wrong-mobile-short }
    .voice = { wrong-mobile-short.voice }
wrong-own_phone-long = { wrong-mobile-long }
    .voice = { wrong-mobile-long.voice }
wrong-own_phone-not_mobile = { wrong-mobile-not_mobile }
    .voice = { wrong-mobile-not_mobile.voice }
wrong-own_phone-foreign = { wrong-mobile-foreign }
    .voice = { wrong-mobile-foreign.voice }

## Photo

example-photo = عکس روشن و از روبه‌رو باشد تا همهٔ رقم‌ها خوانده شود.
wrong-photo-missing = این پاسخ عکس نیست. لطفاً عکس را بفرستید.
wrong-photo-type = این نوع فایل پذیرفته نمی‌شود. لطفاً عکس یا PDF بفرستید.
    .voice = این نوع فایل پذیرفته نمی‌شود. لطفاً عکس بفرستید.
wrong-photo-large = این فایل بزرگ‌تر از اندازهٔ مجاز است. لطفاً کوچک‌تر آن را بفرستید.
wrong-photo-failed = فایل شما به دست ما نرسید. لطفاً دوباره بفرستید.
wrong-photo-limited = امروز فایل‌های زیادی فرستاده‌اید. لطفاً فردا دوباره بفرستید.
wrong-photo-many = حداکثر { NUMBER($max) } عکس پذیرفته می‌شود. لطفاً دوباره بفرستید.
