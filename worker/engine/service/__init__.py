"""The engine around the drawing: the socket, admission, one GPU thread, and what keeps them healthy. Imports no torch.

Where to look:
    server           the HTTP handlers
    unix_socket      the socket itself: folder, lock, stale file
    executor         admission, and the one thread that owns the backend
    inbox            what the one hands to the other; should nothing come for long, models leave memory
    looking          asks again and again whether there is something new to offer
    backend          what draws, as the service sees it
    turns            how several renders are drawn at once
    render_task      one render as seen from both sides: progress, cancel flag, pictures
    encode           pictures and previews as files, with their recipe
    decoder          has people's pictures decoded, in a process that may crash
    decoding         that process
    sources          reads the pictures that a request begins with, within their caps
    guides           what a picture becomes that is followed: edges, lines
    source_picture   reads the picture to upscale, within its caps
    watchdog         ends a phase that takes too long, then the process
    circuit_breaker  rests after failures in a row
    verdicts         what the end of a render says of model and engine
    metrics          counters as Prometheus text
    memory           how much the process holds
    fake_backend     draws test pictures without a model, and misbehaves on request
"""
