picture-broken = Chart
    .telegram = Chart
