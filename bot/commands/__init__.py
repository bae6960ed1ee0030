"""Slash commands: one file per family. Each only turns typed options into what the intake takes.

Where to look:
    imagine  the options of `/imagine`
    ask      takes in what `/imagine` or its form asks for
    form     a form to change what was refused: what it shows, what comes back
    change   the button that opens it, and what comes of it
    resolve  fills in what was not typed, from the model and the settings
    models   what there is to draw with
    help     how to use Easel; its text is in `bot.texts`
"""
