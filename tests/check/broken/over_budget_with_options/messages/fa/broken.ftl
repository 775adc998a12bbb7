# @question options: broken-option*9
broken = یکی را انتخاب کنید:
broken-option = گزینه‌ای با نام بلند { ID($bill) }
