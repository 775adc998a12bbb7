broken =
    .voice = Hello
    .telegram = Hello
