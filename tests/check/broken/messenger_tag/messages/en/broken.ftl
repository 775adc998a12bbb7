broken = Hello
    .voice = Hello
