broken = Hello
    .telegram = Hello
