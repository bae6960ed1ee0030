"""`easel top`: the line and what is drawn, as they are just now, in a terminal.

It asks and changes nothing, and shows no words of anybody's. Where to look:
    __main__   the command: once, or again and again
    look       what Redis and this machine's cards tell → a `View`
    table      a `View` → lines
"""
