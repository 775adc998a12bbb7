# Answer types: what is wrong with an answer and what to do (wrong-<type>-<code>), and one example of a
# right answer (example-<type>). Plain values are the SMS wording: at most 134 UTF-16 units in the worst case.

## Bill id

example-bill_id = نمونه: 1234567800029 (بالای قبض، کنار «شناسه قبض»)
wrong-bill_id-letters = شناسه قبض فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-bill_id-short = شناسه قبض ۶ تا ۱۳ رقم دارد. لطفاً همهٔ رقم‌ها را بفرستید.
wrong-bill_id-long = شناسه قبض حداکثر ۱۳ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-bill_id-check_digit = این شناسه قبض درست نیست. لطفاً از روی قبض دوباره بفرستید.
wrong-bill_id-other_utility =
    این شناسه قبض { $utility ->
        [water] آب
        [gas] گاز
        [landline] تلفن ثابت
        [mobile] تلفن همراه
        [municipality] عوارض شهرداری
       *[other] خدمات دیگری
    } است. لطفاً شناسه قبض برق را بفرستید.

## National id of a person

example-national_id = نمونه: 0012345679
wrong-national_id-letters = کد ملی فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-national_id-short = کد ملی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-national_id-long = کد ملی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-national_id-check_digit = این کد ملی درست نیست. لطفاً رقم‌ها را بازبینی کنید.

## National id of an organisation

example-legal_id = نمونه: 10000123455
wrong-legal_id-letters = شناسه ملی فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-legal_id-short = شناسه ملی ۱۱ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-legal_id-long = شناسه ملی ۱۱ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-legal_id-check_digit = این شناسه ملی درست نیست. لطفاً رقم‌ها را بازبینی کنید.

## Mobile

example-mobile = نمونه: 09121234567
wrong-mobile-letters = شماره موبایل فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-mobile-short = شماره موبایل ناقص است. ۱۱ رقم آن را با 09 بفرستید.
wrong-mobile-long = شماره موبایل رقم اضافه دارد. ۱۱ رقم آن را با 09 بفرستید.
wrong-mobile-not_mobile = این شماره موبایل نیست. لطفاً شماره‌ای با 09 بفرستید.
wrong-mobile-foreign = فقط موبایل ایران پذیرفته می‌شود. شماره‌ای با 09 بفرستید.

## Landline

example-landline = نمونه: 02133334444 (کد شهر و شماره)
wrong-landline-letters = شماره تلفن فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-landline-short = شماره تلفن ناقص است. کد شهر و ۸ رقم را بفرستید.
wrong-landline-long = شماره تلفن رقم اضافه دارد. کد شهر و ۸ رقم را بفرستید.
wrong-landline-no_area_code = لطفاً کد شهر را هم بفرستید، مثل 021 برای تهران.
wrong-landline-area_code = کد شهر یا شماره درست نیست. لطفاً دوباره بفرستید.
wrong-landline-mobile = این شماره موبایل است. لطفاً تلفن ثابت با کد شهر بفرستید.
wrong-landline-foreign = فقط تلفن ایران پذیرفته می‌شود. کد شهر و ۸ رقم را بفرستید.

## Postal code

example-postal_code = نمونه: 1345678901
wrong-postal_code-letters = کد پستی فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-postal_code-short = کد پستی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-postal_code-long = کد پستی ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-postal_code-invalid = این کد پستی درست نیست. لطفاً رقم‌ها را بازبینی کنید.

## Meter reading

example-meter_reading = نمونه: 12345 (رقم‌های سیاه کنتور). رقم‌های کم را با صفر جلو بفرستید، مثل 00011
wrong-meter_reading-letters = لطفاً فقط عدد کنتور را با رقم بفرستید، بدون حرف و منفی.
wrong-meter_reading-decimal = رقم‌های قرمزِ بعد از ممیز را ننویسید؛ فقط عدد صحیح بفرستید.
wrong-meter_reading-too_long = کنتور شما { NUMBER($digits) } رقم دارد. رقم‌های قرمز را ننویسید.

## Number

example-number = نمونه: 25
wrong-number-letters = لطفاً فقط یک عدد با رقم بفرستید.
wrong-number-decimal = لطفاً عدد صحیح و بدون اعشار بفرستید.
wrong-number-below = کمترین عدد { NUMBER($min) } است. لطفاً دوباره بفرستید.
wrong-number-above = بیشترین عدد { NUMBER($max) } است. لطفاً دوباره بفرستید.

## Money

example-money = نمونه: 1200000 ریال یا 120 هزار تومان
wrong-money-letters = لطفاً مبلغ را با رقم بفرستید، مثل 1200000 ریال.
wrong-money-decimal = لطفاً مبلغ را بدون اعشار بفرستید، مثل 1200000 ریال.
wrong-money-unit = ریال یا تومان؟ مبلغ را با واحد بفرستید، مثل 120 هزار تومان.
wrong-money-below = کمترین مبلغ { MONEY($min) } است. دوباره بفرستید.
wrong-money-above = بیشترین مبلغ { MONEY($max) } است. دوباره بفرستید.

## Date

example-jalali_date = نمونه: 1405/8/30 یا ۳۰ آبان
wrong-jalali_date-unclear = تاریخ خوانده نشد. روز و ماه و سال را بفرستید، مثل 1405/8/30
wrong-jalali_date-not_real = چنین روزی در تقویم نیست. لطفاً تاریخ را دوباره بفرستید.
wrong-jalali_date-gregorian = لطفاً تاریخ را شمسی بفرستید، مثل 1405/8/30
wrong-jalali_date-too_early = تاریخ نباید پیش از { DATE($earliest) } باشد. دوباره بفرستید.
wrong-jalali_date-too_late = تاریخ نباید پس از { DATE($latest) } باشد. دوباره بفرستید.

## Tracking code

example-tracking_code = نمونه: 7705602008
wrong-tracking_code-letters = کد پیگیری فقط رقم است. لطفاً بدون حرف بفرستید.
wrong-tracking_code-short = کد پیگیری ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-tracking_code-long = کد پیگیری ۱۰ رقم دارد؛ { NUMBER($count) } رقم رسید. دوباره بفرستید.
wrong-tracking_code-check_digit = این کد پیگیری درست نیست. لطفاً از روی پیامک ما بفرستید.
wrong-tracking_code-bill_id = این شناسه قبض است. لطفاً کد پیگیری ۱۰ رقمی را بفرستید.

## Choice, yes or no

example-choice = نمونه: 1
wrong-choice-unknown = این گزینه نیست. لطفاً شمارهٔ یکی از گزینه‌ها را بفرستید.
example-yes_no = ۱ یعنی گزینهٔ اول، ۲ یعنی گزینهٔ دوم
wrong-yes_no-unclear = متوجه نشدم. لطفاً فقط ۱ یا ۲ را بفرستید.

## Text

example-text = نمونه: تهران، خیابان آزادی، پلاک ۱۲
wrong-text-short = کوتاه است. لطفاً دست‌کم { NUMBER($min) } نویسه بفرستید.
wrong-text-long = بلند است. لطفاً حداکثر { NUMBER($max) } نویسه بفرستید.
wrong-text-no_letters = لطفاً پاسخ را با حروف بنویسید.

## One-time code

example-one_time_code = نمونه: 12345
wrong-one_time_code-letters = کد تأیید فقط رقم است. لطفاً همان ۵ رقم را بفرستید.
wrong-one_time_code-length = کد تأیید ۵ رقم دارد. لطفاً همان را بفرستید.
