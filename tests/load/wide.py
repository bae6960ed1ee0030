"""Limits that no load meets."""

from worker.contract.types.timings import Caps

WIDE = Caps(person=10**6, server=10**6, total=10**6, rate_person=0, rate_server=0)
