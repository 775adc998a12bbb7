# @question options: broken-option*2
broken = Choose:
broken-option = { ID($bill) }
