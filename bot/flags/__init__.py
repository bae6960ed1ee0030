"""Options as people type them inside a prompt, `a red apple --ar 3:2 --no text`: read from it, and written again.

Pure: what a flag's value may be is checked where options are, whichever way they came.

Where to look:
    table   each flag, its names, and what it stands for
    read    from a prompt to words and options
    write   from options, or from a request, to a prompt
    links   which picture of which message a link names
"""
