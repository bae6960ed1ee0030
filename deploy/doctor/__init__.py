"""`easel doctor`: what is well, what may go wrong, and what keeps Easel from working; each with what to do.

It asks and changes nothing. Where to look:
    __main__     the command: what is looked at, how it is printed
    finding      one line
    configured   `.env` and the settings of every process
    account      the application on Discord: token, intents, permissions in each server, commands
    store        Redis, its clock, and the workers that report there
    machine      models and their files, card and driver, disk
"""
