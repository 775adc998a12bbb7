# @list options: broken-option*8
broken = Choose:
broken-option = { ID($bill) }
