"""`easel models`: models without an editor.

Where to look:
    __main__    the command: `add` writes a table into a catalogue
    family      which kind of model a file or folder holds, and what usually suits that kind
    measure     how much memory its weights take, and what a card has
"""
