"""The poster: the only process that edits jobs' messages. asyncio and HTTP; no torch, no discord.py.

Where to look:
    main          settings, start, end
    poster        the loop: take what is due, deliver it, or say when to try again
    deliver       one message to its desired state: which way, which fallback
    routes        every way to a message, in the order of preference
    split         pictures that are too large: smaller encodings, several messages
    encode        the encodings
    payload       what goes into a message besides its card
    request_body  what a request carries, and until when it may leave
    errors        why a message is not delivered, besides what Discord answers
    discord       Discord's HTTP API: one request, its errors
    limits        how long to wait before the next request
"""
