stale-broken = Button
    .telegram = Button
