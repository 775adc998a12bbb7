broken = سلام { $name }
