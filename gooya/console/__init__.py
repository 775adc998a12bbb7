"""What people look at in a browser: the simulators of the demo, later the operators' console."""
