"""`python -m worker.engine`: the engine alone, as `python -m worker engine` starts it."""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys

from .main import main

sys.exit(main())
