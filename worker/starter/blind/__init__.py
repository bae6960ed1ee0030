"""Blind judging: prompts drawn by one model or several, scored by people who cannot know which model drew what."""

import argparse
from pathlib import Path

from worker.starter import WEIGHTS


def options(parser: argparse.ArgumentParser) -> None:
    """Add what `draw` and `score` take to the command's parser."""
    actions = parser.add_subparsers(required=True, metavar="action", dest="action")
    draw = actions.add_parser("draw", help="draw every prompt once with each model; write sheets, key, scoring sheet")
    draw.add_argument("models", type=Path, nargs="*", default=[WEIGHTS], help=_MODELS_HELP)
    draw.add_argument("--prompts", type=Path, required=True, help="text file, one prompt a line")
    draw.add_argument("--to", type=Path, required=True, help="new folder; its part `judge` is all that judges may see")
    draw.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1 … (default: %(default)s)")
    draw.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch's choice)")
    score = actions.add_parser("score", help="figures of each model from filled scoring sheets")
    score.add_argument("folder", type=Path, help="what `draw` wrote")
    score.add_argument("sheets", type=Path, nargs="*", help="filled scoring sheets (default: the one in the folder)")


_MODELS_HELP = (
    "weights folders, or `drawn-…` folders of an earlier `key`, taken as drawn (default: the bundled weights)"
)


def run(given: argparse.Namespace) -> str:
    """Do what the arguments say; returns words to print. Raises DataError."""
    if given.action == "score":
        from . import scores

        return scores.table(given.folder, given.sheets)
    from . import drawings, sheets

    sheets.must_be_new(given.to)
    prompts = drawings.read_prompts(given.prompts)
    on = drawings.device_for(given.device, given.threads)
    drawn = [
        drawings.draw(model, prompts, sheets.key_folder(given.to) / f"drawn-{number}", on)
        for number, model in enumerate(given.models, 1)
    ]
    sheets.write(given.to, prompts, drawn)
    return "\n".join([*(each.summary() for each in drawn), f"wrote {given.to}"])
