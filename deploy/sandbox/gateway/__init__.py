"""The gateway, version 10: sessions of bots, and the events that reach them.

- `socket`, `transport`: one connection, coming in and going out; `session`: what survives it; `hub`: all sessions
- `identify`, `requests`: what clients ask for; `guilds`, `content`: what they get to see
- `codes`, `intents`: Discord's numbers; `session_limits`: starts a day; `gateway_faults`: connections treated badly
"""
