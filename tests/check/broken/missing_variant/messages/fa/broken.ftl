broken = سلام
    .sms = سلام
