### What is kept of a customer: requests, subscriptions, settings.

## Proof

own-no-number = برای این کار باید از موبایل خود پیام دهید یا تماس بگیرید.
    .voice = شمارهٔ موبایل شما را نداریم. لطفاً از موبایل خود تماس بگیرید.
# @code
code-sms-own =
    کد { ID($code) } برای دسترسی به اطلاعات شما
    به کسی ندهید.
code-call-own = از شرکت توزیع برق. کد شما برای دسترسی به اطلاعاتتان: { ID($code) }

## Requests

option-my-requests = درخواست‌های من
# @form options: option-request*4
my-requests = درخواست‌های شما:
    .voice = درخواست مورد نظر را انتخاب کنید.
option-request =
    { SERVICE($service) }: { $status ->
        [completed] به پایان رسید
        [rejected] بسته شد
       *[other] { STAGE($stage) }
    }
    .telegram = { SERVICE($service) }، { DATE($date) }
    .voice =
        { SERVICE($service) }، { $status ->
            [completed] که به پایان رسیده است
            [rejected] که بسته شده است
           *[other] در مرحلهٔ { STAGE($stage) }
        }
my-requests-none = درخواستی ندارید.
my-requests-none-here = در این گفتگو درخواستی ندارید. اگر با پیامک یا تلفن درخواست داده‌اید، شماره خود را تأیید کنید.

## Saved subscriptions

option-subscriptions = اشتراک‌های من
option-bill-named = { option-bill }
    .telegram = { TEXT($label) } ({ MIDDLE($bill) })
    .voice = { option-bill.voice }
# @question options: option-bill-named*5, option-add-bill
subscriptions = اشتراک‌های شما:
    .telegram = یکی از اشتراک‌های خود را انتخاب کنید یا قبض دیگری بیفزایید:
    .voice = یکی از اشتراک‌های خود را انتخاب کنید.
option-add-bill = افزودن قبض دیگر
    .voice = افزودن یک قبض دیگر
# @question options: option-rename, option-remove
subscription-do = قبض { ID($bill) } { TEXT($label) }
    .voice = قبض با رقم‌های میانی { MIDDLE($bill) }
option-rename = نام‌گذاری
option-remove = حذف از فهرست
    .voice = حذف آن از فهرست
option-keep-bill = ماندن در فهرست
    .voice = نگه داشتن آن در فهرست
subscription-name = این اشتراک را چه بنامیم؟ نامی کوتاه بنویسید، مثل خانه یا مغازه.
subscription-renamed = نام این اشتراک «{ TEXT($label) }» شد.
    .voice = نام این اشتراک ثبت شد.
subscription-removed = قبض { ID($bill) } از فهرست شما حذف شد.
    .voice = قبض با رقم‌های میانی { MIDDLE($bill) } از فهرست شما حذف شد.
subscription-added = اشتراک «{ TEXT($label) }» به فهرست شما افزوده شد.
    .voice = این اشتراک به فهرست شما افزوده شد.
subscription-saved = قبض { ID($bill) } به فهرست شما افزوده شد.
    .voice = قبض با رقم‌های میانی { MIDDLE($bill) } به فهرست شما افزوده شد.

## Settings

option-my-settings = تنظیمات
# @question options: option-language, option-news, option-erase
settings = تنظیمات:
    .voice = کدام تنظیم؟
option-language = زبان
    .voice = انتخاب زبان
option-news = خبرها به کجا بیاید
    .voice = انتخاب جای خبرها
option-erase = پاک کردن اطلاعات من
    .voice = پاک کردن اطلاعات شما
# @question options: option-persian, option-english
settings-language = زبان:
    .voice = زبان مورد نظر را انتخاب کنید.
option-persian = فارسی
    .voice = زبان فارسی
option-english = English
    .voice = زبان انگلیسی
# @question options: option-news-last, option-news-sms, option-news-telegram, option-news-bale
settings-news = خبر درخواست‌ها به کجا بیاید؟
option-news-last = جایی که آخرین بار بودم
    .voice = همان جایی که آخرین بار بودید
option-news-sms = پیامک
    .voice = دریافت با پیامک
option-news-telegram = تلگرام
option-news-bale = بله (پیام‌رسان)
    .voice = پیام‌رسان بله
settings-saved = ثبت شد.
# @list options: option-erase-all, option-keep-all
erase = گفتگوها، اشتراک‌ها و تنظیمات شما پاک می‌شود و برنمی‌گردد. درخواست‌های در جریان تا پایان انجام می‌شود. پاک شود؟
    .voice = گفتگوها، اشتراک‌ها و تنظیمات شما پاک می‌شود و برنمی‌گردد. درخواست‌های در جریان تا پایان انجام می‌شود. پاک شود؟
option-erase-all = بله، پاک شود
    .voice = پاک کردن همه
option-keep-all = خیر، بماند
    .voice = نگه داشتن اطلاعات
erase-not = چیزی پاک نشد.
erased = اطلاعات شما پاک شد. خدانگهدار.
