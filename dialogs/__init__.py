"""What is said and asked: engine, flows, service catalogue, answer types, messages, state store."""
