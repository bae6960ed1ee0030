"""Ways to run Easel: everything in one terminal (`local.py`), containers, and the sandbox."""
