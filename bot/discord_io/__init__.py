"""How the bot speaks with Discord, beyond what discord.py does.

Where to look:
    responder     one interaction's answer: in three seconds, once; deferral; every error becomes a sentence here
    interactions  the HTTP calls behind it, with their retries, timeouts and rate limits
    messages      looks at a message: one request for a crowd, a few at a time in a channel
    command_sync  registers the slash commands, only when they or Discord's copy changed
    base_urls     points discord.py at another address, such as the sandbox's
"""
