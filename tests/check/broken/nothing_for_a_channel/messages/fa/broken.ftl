broken =
    .voice = سلام
    .telegram = سلام
