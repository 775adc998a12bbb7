# @list options: broken-option*8
broken = یکی از این‌ها را انتخاب کنید:
broken-option = گزینه مهم { ID($bill) }
