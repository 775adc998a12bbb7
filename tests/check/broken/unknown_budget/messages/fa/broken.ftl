# @novel
broken = سلام
