broken = Hello { NUMBER($name) }
