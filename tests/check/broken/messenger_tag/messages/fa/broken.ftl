broken = <b>سلام</b>
    .voice = سلام
