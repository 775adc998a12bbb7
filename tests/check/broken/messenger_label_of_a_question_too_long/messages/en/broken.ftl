broken = Choose:
broken-choice = Option
    .telegram = Option
