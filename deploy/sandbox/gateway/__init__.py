"""The gateway, version 10: sessions of bots, and the events that reach them."""
