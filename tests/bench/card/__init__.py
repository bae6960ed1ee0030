"""What each rung of the engine's ladder is worth on a card: random weights in the real shapes. See `__main__`.

Where to look:
    models      pipelines of the real configurations, or tiny ones of the same kind
    bench       what all parts are given
    row         rows are told as they are measured, those that fail too
    clock       seconds of a call, to its end on the device
    loop        Easel's loop beside diffusers' own pipelines, and what mates change
    rungs       channels_last, fused QKV and a decoder that isn't lifted to float32, each alone
    rows        milliseconds of a row by how many there are
    ceiling     how much faster many people's requests can be at best, by that
"""
