"""Tiny random models of the families that diffusers knows; `python -m tests.worker.engine.families` tries each."""
