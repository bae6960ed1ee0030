"""`easel models`: models without an editor.

Where to look:
    __main__    the command line
    add         look at a model's files and write its table into a catalogue
    fetch       bring the files of the catalogue's models here from the Hub, and say what fits this card
    hub         what a repository of the Hub holds, and its download
    measure     how much memory its weights take, and whether a card has it
"""
