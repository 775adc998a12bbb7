"""Calls on an Asterisk, controlled through ARI: its REST client, one call's line, the calls it gives us."""
