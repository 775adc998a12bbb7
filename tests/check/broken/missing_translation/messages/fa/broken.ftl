broken = سلام
