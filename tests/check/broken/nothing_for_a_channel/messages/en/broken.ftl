broken =
    .voice = Hello
