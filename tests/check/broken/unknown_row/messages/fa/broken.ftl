# @list rows: nowhere*2
broken = سلام
