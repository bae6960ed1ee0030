"""`python -m worker.engine`: the engine alone, as `python -m worker engine` starts it."""

import sys

from .main import main

sys.exit(main())
