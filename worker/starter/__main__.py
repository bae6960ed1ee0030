"""`python -m worker.starter`: fetch the data, train, export, look."""

import argparse
import logging
import sys
from pathlib import Path

from worker.starter import WEIGHTS
from worker.starter.glyphs import DEFAULT_CACHE, DataError, load

DEMO = "a glossy sticker of a red apple, light blue background"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        return int(options.run(options) or 0)
    except DataError as error:
        print(f"easel starter: {error}", file=sys.stderr)
        return 1


def _data(options: argparse.Namespace) -> None:
    glyphs = load(options.cache)
    print(f"{glyphs.pixels.shape[0]} styles × {glyphs.pixels.shape[1]} subjects in {options.cache}")


def _train(options: argparse.Namespace) -> None:
    import torch

    from worker.starter import recipe

    if options.steps and not options.phase:
        raise DataError("--steps needs --phase: each phase has its own length")
    if options.threads:
        torch.set_num_threads(options.threads)
    train = {
        "autoencoder": recipe.train_autoencoder,
        "denoiser": recipe.train_denoiser,
        "decoder": recipe.polish_decoder,
    }
    for phase in [options.phase] if options.phase else train:
        train[phase](options.cache, options.steps)


def _export(options: argparse.Namespace) -> None:
    from worker.starter import recipe

    steps = recipe.export_run(options.cache, options.to)
    print(f"wrote {options.to} after {steps} steps")


def _sample(options: argparse.Namespace) -> None:
    from worker.starter import evaluate

    pipe = evaluate.load(options.weights)
    pictures = evaluate.draw(pipe, [options.prompt] * options.count, options.seed, options.guidance, options.steps)
    from worker.starter.draw import sheet

    sheet([(options.prompt, pictures)]).save(options.to)
    print(f"wrote {options.to}")


def _evaluate(options: argparse.Namespace) -> None:
    from worker.starter import report

    print(report.write(options.weights, options.cache, options.to))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.starter", description=__doc__)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="data, checkpoints (default: %(default)s)")
    shared.add_argument("--weights", type=Path, default=WEIGHTS, help="weights folder (default: the bundled one)")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[shared], help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("data", _data, "fetch the glyph sets with npm and render them")
    train = add("train", _train, "train from scratch, or go on where the last run stopped")
    train.add_argument("--phase", choices=["autoencoder", "denoiser", "decoder"], help="one phase (default: all)")
    train.add_argument("--steps", type=int, help="total steps of the phase (default: the plan's)")
    train.add_argument("--threads", type=int, help="CPU threads (default: torch's choice)")
    export = add("export", _export, "write the trained model as a diffusers folder")
    export.add_argument("--to", type=Path, default=WEIGHTS, help="folder to write (default: the bundled one)")
    sample = add("sample", _sample, "draw a prompt")
    sample.add_argument("--prompt", default=DEMO)
    sample.add_argument("--count", type=int, default=4, help="pictures (default: %(default)s)")
    sample.add_argument("--steps", type=int, default=20, help="denoising steps (default: %(default)s)")
    sample.add_argument("--guidance", type=float, default=3.0, help="guidance scale (default: %(default)s)")
    sample.add_argument("--seed", type=int, default=0)
    sample.add_argument("--to", type=Path, default=Path("sample.png"), help="picture to write")
    evaluate = add("evaluate", _evaluate, "measure background colours and draw the model card's pictures")
    evaluate.add_argument("--to", type=Path, default=WEIGHTS.parent / "card", help="folder for the pictures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
