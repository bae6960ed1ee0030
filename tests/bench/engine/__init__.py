"""What the engine adds to a plain diffusers pipeline: see `__main__`.

Where to look:
    drawing     the two that are compared, each with the time and the processor time that it took
    wishes      what people ask for
    turns       both draw the same by turns: one picture, four, eight people's at once
    arrivals    requests that come one by one, at a part of what the plain pipeline can do
    report      rows on the terminal, as JSON, as a picture
"""
