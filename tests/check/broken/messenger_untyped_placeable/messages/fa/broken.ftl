broken = سلام
    .telegram = سلام { $name }
