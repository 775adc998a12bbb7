command-broken = Command
