# @list rows: broken-row*2
broken = Rows:
broken-row = { DATE($date) } { RIAL($amount) }
