broken = Hello
