option-broken = Option
