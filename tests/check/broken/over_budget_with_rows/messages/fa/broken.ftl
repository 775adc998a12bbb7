# @list rows: broken-row*9
broken = ردیف‌ها:
broken-row = { DATE($date) }: { RIAL($amount) } و { RIAL($amount) }
