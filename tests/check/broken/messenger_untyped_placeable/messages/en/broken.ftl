broken = Hello
    .telegram = Hello { NUMBER($name) }
