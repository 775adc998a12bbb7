broken = List:
broken-row = Row
    .telegram = Row
