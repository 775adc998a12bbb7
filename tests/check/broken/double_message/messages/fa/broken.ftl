broken = سلام
broken = درود
