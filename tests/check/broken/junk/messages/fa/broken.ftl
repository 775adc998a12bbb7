broken = سلام

not fluent at all
