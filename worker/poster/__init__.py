"""The poster: the only process that edits jobs' messages. asyncio and HTTP; no torch, no discord.py.

Where to look:
    main          settings, start, end
    poster        the loop: take what is due, deliver it, or say when to try again
    deliver   one message to its desired state
    routes    every way to a message, in the order of preference
    refusals  what becomes of a way that Discord refuses: again, the next one, or none
    elsewhere results in the channel that a server's admins have chosen for them
    last_way  by direct message to its owner, with the pictures or with words
    sender    requests while the message is held; new messages, each made once
    split     pictures that are too large: smaller encodings, several messages
    encode    the encodings
    payload   what goes into a message besides its card, and how one of ours is known again
    request_body  what a request carries, and until when it may leave
    discord   Discord's HTTP API: one request, its errors
    limits    how long to wait before the next request
"""
