"""Slash commands: one file per family. Each only turns typed options into what the intake takes.

Where to look:
    imagine  the options of `/imagine`
    ask      takes in what `/imagine` or its form asks for
    form     a form to change what was refused: what it shows, what comes back
    choices  the models and samplers that suggestions and forms offer
    change   the button that opens it, and what comes of it
    resolve  fills in what was not typed, from the model and the settings
    models   what there is to draw with
    queue    what one has waiting, and buttons that cancel it
    quota    what one can ask for, what is left of it, and who has set each limit
    server/  what admins set for their server
    help     how to use Easel; its text is in `bot.texts`
"""
