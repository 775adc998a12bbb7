# @question options: broken-choice
broken = یکی را انتخاب کنید:
broken-choice = گزینه
    .telegram = گزینه‌ای که نامش از یک سطر دکمه بلندتر است
