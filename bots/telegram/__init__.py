"""Messengers that speak the Bot API: Telegram, and Bale, whose API has the same shape."""
