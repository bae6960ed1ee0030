"""Trials of equal processor time: which denoiser learns most, as one table."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.starter.recipe import Run

FOLDER = "variants"


def options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes beside the shared options."""
    parser.add_argument(
        "--cpu-minutes",
        type=float,
        default=30,
        help="of the processor for each variant, all turns together (default: %(default)s)",
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="some variants instead of all")
    parser.add_argument("--to", type=Path, required=True, help="folder for the table and the pictures")
    parser.add_argument("--table-only", action="store_true", help="train no further: write what is known so far")


def run(given: argparse.Namespace, opened: Callable[[argparse.Namespace], "Run"]) -> str:
    """Train by turns, then write the table; returns it. Raises DataError."""
    from worker.starter.latent_cache import LatentCachePlan

    from . import table, turns

    names = _names(given.only)
    run = opened(given)
    folder = run.folder / FOLDER / f"{given.cpu_minutes:g}-minutes"  # the learning rate falls towards their end
    run.autoencoder()
    if not given.table_only:
        rounds = LatentCachePlan().on(run.machine).rounds
        turns.take(run, folder, names, given.cpu_minutes, rounds)
    return table.write(run, folder, names, given.to)


def _names(only: Sequence[str] | None) -> list[str]:
    from worker.starter.data.packages import DataError

    from .variants import VARIANTS

    unknown = [name for name in only or () if name not in VARIANTS]
    if unknown:
        raise DataError(f"there is no variant {unknown[0]!r}; there are {', '.join(VARIANTS)}")
    return list(only or VARIANTS)
