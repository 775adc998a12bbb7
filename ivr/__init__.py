"""The voice channel: one caller's session, keypad rules, prompts as clips, Asterisk through ARI."""
