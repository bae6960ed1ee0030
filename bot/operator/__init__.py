"""What whoever runs Easel does while it runs: `python -m bot.operator`.

Where to look:
    __main__  the command line
    desk      reads and changes what is set
    tables    what is printed
"""
