"""Real servers for tests: started on free ports of 127.0.0.1, ended by their process id."""
