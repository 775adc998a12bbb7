broken =
    .voice = سلام
