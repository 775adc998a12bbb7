### Where requests stand: tracking, news of their stages, the answer to terms, documents that come later.

## Tracking

track = کد پیگیری ۱۰ رقمی را بفرستید.
    .voice = کد پیگیری ده رقمی را وارد کنید.
track-unknown = درخواستی با کد { ID($code) } پیدا نشد.
    .voice = درخواستی با این کد پیدا نشد.
# @list rows: row-next, row-scheduled, row-pay
track-stage =
    { SERVICE($service) } { ID($code) }، ثبت { DATE($date) }
    مرحله { NUMBER($number) } از { NUMBER($count) }: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        تاریخ ثبت: { DATE($date) }
        مرحلهٔ { NUMBER($number) } از { NUMBER($count) }: { STAGE($stage) }
# A stage beside the usual way. @list rows: row-next, row-scheduled, row-pay
track-aside =
    { SERVICE($service) } { ID($code) }، ثبت { DATE($date) }
    مرحله: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        تاریخ ثبت: { DATE($date) }
        مرحلهٔ کنونی: { STAGE($stage) }
row-next = گام بعدی: { STAGE($stage) }
row-scheduled = تاریخ مراجعه: { DATE($date) }
row-work-on = تاریخ انجام کار: { DATE($date) }
row-cost = هزینه: { RIAL($amount) }
row-refund = مبلغ استرداد: { RIAL($amount) }
row-pay =
    مبلغ: { RIAL($amount) }، مهلت { DATE($due) }
    قبض { ID($bill) }
    شناسه پرداخت { ID($payment) }
    .voice =
        مبلغ پرداختنی: { RIAL($amount) }
        مهلت پرداخت: { DATE($due) }
# @receipt rows: row-refund
track-completed =
    { SERVICE($service) } { ID($code) }، ثبت { DATE($date) }
    انجام شد: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        تاریخ ثبت: { DATE($date) }
        این درخواست به پایان رسیده است. آخرین مرحله: { STAGE($stage) }
# @receipt rows: row-refund
track-ended =
    { SERVICE($service) } { ID($code) }، ثبت { DATE($date) }
    به پایان رسید: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        تاریخ ثبت: { DATE($date) }
        این درخواست به پایان رسیده است. آخرین مرحله: { STAGE($stage) }
# @receipt
track-rejected =
    { SERVICE($service) } { ID($code) }، ثبت { DATE($date) }
    { rejected }
    .voice =
        { SERVICE($service) }
        تاریخ ثبت: { DATE($date) }
        { rejected.voice }
# @receipt
track-closed =
    { SERVICE($service) } { ID($code) }، ثبت { DATE($date) }
    بسته شده است: { refusal }
    .voice =
        { SERVICE($service) }
        تاریخ ثبت: { DATE($date) }
        این درخواست بسته شده است. { refusal.voice }
# Of a service that is no longer offered.
track-plain =
    درخواست { ID($code) }، { DATE($date) }: { $status ->
        [completed] انجام شده است.
       *[other] در جریان است.
    }
    .voice =
        تاریخ ثبت: { DATE($date) }
        { $status ->
            [completed] این درخواست انجام شده است.
           *[other] این درخواست در جریان است.
        }
# @question options: option-reply-terms, option-send-documents, option-end
track-do = اکنون می‌توانید:
    .voice = انتخاب کنید.
option-reply-terms = پاسخ به شرایط
    .voice = پاسخ به شرایط درخواست
option-send-documents = فرستادن مدارک
    .voice = { "" }

## News

# @receipt
news-bill =
    { SERVICE($service) } { ID($code) }
    قبض: { RIAL($amount) }، مهلت { DATE($due) }
    شناسه قبض:
    { ID($bill) }
    شناسه پرداخت:
    { ID($payment) }
    هرگز اطلاعات کارت نمی‌خواهیم.
    .voice =
        { SERVICE($service) }: قبض صادر شد. مبلغ: { RIAL($amount) }
        مهلت پرداخت: { DATE($due) }
news-scheduled = { SERVICE($service) } { ID($code) }: تاریخ مراجعه { DATE($date) }
    .voice =
        { SERVICE($service) }
        تاریخ مراجعه: { DATE($date) }
news-date = { SERVICE($service) } { ID($code) }: تاریخ انجام کار { DATE($date) }
    .voice =
        { SERVICE($service) }
        تاریخ انجام کار: { DATE($date) }
# @receipt
news-agreement =
    { SERVICE($service) } { ID($code) }
    هزینه { RIAL($amount) } است و منتظر پاسخ شماست. برای پاسخ بفرستید:
    موافقت { ID($code) }
    .voice =
        { SERVICE($service) } هزینه دارد و منتظر پاسخ شماست. مبلغ: { RIAL($amount) }
        برای پاسخ، درخواست را با کد پیگیری دنبال کنید.
# @receipt
news-agreement-free =
    { SERVICE($service) } { ID($code) }
    شرایط آن منتظر پاسخ شماست. برای پاسخ بفرستید:
    موافقت { ID($code) }
    .voice =
        { SERVICE($service) }: شرایط آن منتظر پاسخ شماست.
        برای پاسخ، درخواست را با کد پیگیری دنبال کنید.
news-terms = { SERVICE($service) } { ID($code) }: هزینه آن { RIAL($amount) } است.
    .voice =
        { SERVICE($service) }
        هزینه: { RIAL($amount) }
news-refund = { SERVICE($service) } { ID($code) }: { STAGE($stage) } ({ RIAL($amount) })
    .voice =
        { SERVICE($service) }: { STAGE($stage) }
        مبلغ استرداد: { RIAL($amount) }
news-work = { SERVICE($service) } { ID($code) }: انجام شد ({ STAGE($stage) }).
    .voice =
        { SERVICE($service) }
        این کار انجام شد: { STAGE($stage) }
news-archived = { SERVICE($service) } { ID($code) } بایگانی شد و دیگر ادامه نمی‌یابد.
    .voice = { SERVICE($service) } بایگانی شد و دیگر ادامه نمی‌یابد.
# @receipt
news-result =
    { SERVICE($service) } { ID($code) }: { $result ->
        [meter_accurate] کنتور درست کار می‌کند ({ STAGE($stage) }).
        [meter_faulty] کنتور درست کار نمی‌کند و حق با شماست.
        [bill_confirmed] قبض درست است و تغییر نمی‌کند.
        [bill_corrected] قبض اصلاح‌شده صادر شد.
        [settled] حساب تسویه شد و سند آن صادر شد.
        [credited] مبلغ در حساب شما ثبت شد.
       *[households_confirmed] تعداد خانوار تأیید شد.
    }
    .voice =
        { SERVICE($service) }
        { $result ->
            [meter_accurate] { STAGE($stage) }. کنتور درست کار می‌کند.
            [meter_faulty] کنتور درست کار نمی‌کند و حق با شماست.
            [bill_confirmed] قبض درست است و تغییر نمی‌کند.
            [bill_corrected] قبض اصلاح‌شده صادر شد.
            [settled] حساب تسویه شد و سند آن صادر شد.
            [credited] مبلغ در حساب شما ثبت شد.
           *[households_confirmed] تعداد خانوار تأیید شد.
        }
news-completed = { SERVICE($service) } { ID($code) } به پایان رسید: { STAGE($stage) }
    .voice =
        { SERVICE($service) } به پایان رسید.
        آخرین مرحله: { STAGE($stage) }
news-stage = { SERVICE($service) } { ID($code) }: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        مرحلهٔ تازه: { STAGE($stage) }
# @receipt
news-rejected =
    { SERVICE($service) }:
    { rejected }
    .voice =
        { SERVICE($service) }
        { rejected.voice }
# @receipt
news-closed = { SERVICE($service) } { ID($code) } بسته شد: { refusal }
    .voice = { SERVICE($service) } بسته شد. { refusal.voice }
# @receipt
news-reply-refused =
    { $service ->
        [send_documents] مدارک شما پذیرفته نشد:
       *[other] پاسخ شما پذیرفته نشد:
    } { refusal }
    .voice =
        { $service ->
            [send_documents] مدارک شما پذیرفته نشد.
           *[other] پاسخ شما پذیرفته نشد.
        }
        { refusal.voice }

## The answer to terms

# @question options: option-agree, option-disagree
terms = { SERVICE($service) } { ID($code) }: هزینه { RIAL($amount) }. موافقید؟
    .voice =
        { SERVICE($service) }
        هزینه: { RIAL($amount) }
        با شرایط و هزینهٔ آن موافقید؟
# @question options: option-agree, option-disagree
terms-free = { SERVICE($service) } { ID($code) }: با شرایط آن موافقید؟
    .voice =
        { SERVICE($service) }
        با شرایط آن موافقید؟
option-agree = بله
    .telegram = موافقم
    .voice = موافقت
option-disagree = خیر
    .telegram = موافق نیستم
    .voice = رد شرایط
# @question options: option-decline, option-keep-request
terms-decline = درخواست { ID($code) } بایگانی می‌شود. مطمئنید؟
    .voice = این درخواست بایگانی می‌شود. مطمئنید؟
option-decline = بله، موافق نیستم
    .voice = تأیید و بایگانی درخواست
option-keep-request = برگشت به پرسش
terms-agreed = موافقت شما با شرایط { ID($code) } ثبت شد. گام بعدی را خبر می‌دهیم.
    .voice = موافقت شما ثبت شد. گام بعدی را خبر می‌دهیم.
terms-declined = پاسخ شما ثبت شد. درخواست { ID($code) } بایگانی می‌شود.
    .voice = پاسخ شما ثبت شد. این درخواست بایگانی می‌شود.
# @form options: option-request-code*4
terms-which = به کدام درخواست پاسخ می‌دهید؟
option-request-code = { SERVICE($service) } { ID($code) }
terms-code = کد پیگیری درخواستی را که منتظر پاسخ شماست بفرستید.
    .voice = کد پیگیری درخواستی را که منتظر پاسخ شماست وارد کنید. ده رقم دارد.
terms-none = درخواست { ID($code) } منتظر پاسخ شما نیست.
    .voice = این درخواست منتظر پاسخ شما نیست.

## Documents that come later

# @list rows: row-document*2
documents-missing = اگر این مدارک را نداده‌اید، در پیام‌رسان یا دفتر با همین کد بدهید:
    .voice = اگر این مدارک را نداده‌اید، آن‌ها را در پیام‌رسان یا در دفتر با همین کد تحویل دهید:
documents-none = فایلی فرستاده نشد. هر وقت خواستید، درخواست را پیگیری کنید.
    .voice = { "" }
documents-sent = مدارک درخواست { ID($code) } ثبت شد.
    .voice = { "" }
