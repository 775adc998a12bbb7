"""State store: what the contract promises, on both engines."""
