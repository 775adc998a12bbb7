broken = سلام { SHOUT($name) }
