"""`python -m worker.starter`: fetch the data, train, export, look."""

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from worker.starter import WEIGHTS, blind, trials
from worker.starter.data import choice
from worker.starter.data.emoji_art import DEFAULT_CACHE, EDITIONS
from worker.starter.data.packages import DataError

if TYPE_CHECKING:
    from worker.starter.denoiser import DenoiserShape
    from worker.starter.recipe import Run

DEMO = "a glossy sticker of a red apple, light blue background"
_NARROWEST = 16  # channels, which the norms divide into groups
STAGES = ("autoencoder", "bank", "reader", "denoiser", "focus", "alone", "decoder", "polish", "classifier", "upscaler")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        return int(options.run(options) or 0)
    except DataError as error:
        print(f"easel starter: {error}", file=sys.stderr)
        return 1


def _data(options: argparse.Namespace) -> None:
    from worker.starter import report
    from worker.starter.data import emoji_art

    loaded = emoji_art.load(options.cache, options.workers, options.edition)
    styles, subjects = loaded.pixels.shape[:2]
    path = emoji_art.path_of(options.cache, options.edition)
    more = f", {len(loaded.seconds)} second drawings" if len(loaded.seconds) else ""
    print(
        f"{styles} styles × {subjects} subjects{more} in {options.cache}; {path.name} "
        f"({path.stat().st_size / 1e6:.1f} MB) can travel"
    )
    if options.sheet:
        report.contact_sheet(loaded).save(options.sheet)
        print(f"wrote {options.sheet}")


def _own(options: argparse.Namespace) -> None:
    from worker.starter import report

    report.own_sheet().save(options.to)
    print(f"wrote {options.to}")


def _run(options: argparse.Namespace) -> "Run":
    import torch

    from worker.starter import distributed, recipe
    from worker.starter.machine import Machine

    distributed.join()
    if options.threads:
        torch.set_num_threads(options.threads)
    machine = Machine.of(options.device, compiled=options.compile)
    steps, minutes = (getattr(options, name, None) for name in ("steps", "minutes"))
    return recipe.Run(
        options.cache, machine, steps, minutes, options.workers, options.subjects, options.autoencoder,
        _shape(options), options.edition,
    )  # fmt: skip


def _shape(options: argparse.Namespace) -> "DenoiserShape":
    from worker.starter.denoiser import DenoiserShape

    return (
        DenoiserShape(channels=options.channels, time_width=options.channels[-1])
        if options.channels
        else DenoiserShape()
    )


def _channels(text: str) -> tuple[int, ...]:
    parts = tuple(int(part) for part in text.split(",") if part.isdecimal())
    if len(parts) != text.count(",") + 1 or any(part < _NARROWEST or part % _NARROWEST for part in parts):
        raise argparse.ArgumentTypeError(f"it must be multiples of {_NARROWEST} such as 128,192,256; now {text!r}")
    return parts


def _train(options: argparse.Namespace) -> None:
    if options.steps and not options.stage:
        raise DataError("--steps needs --stage: each stage has its own length")
    run = _run(options)
    if options.stage:
        run.stages[options.stage]()
    else:
        run.train_all()


def _lent(options: argparse.Namespace) -> None:
    from worker.starter import gpu_call

    mark = gpu_call.train(_run(options), options.out, options.seconds, options.later, options.text_minutes)
    print(f"{mark.step} steps in {mark.seconds:.0f} s; the running average lies in {options.out}")


def _take_back(options: argparse.Namespace) -> None:
    from worker.starter import gpu_call, recipe
    from worker.starter.machine import Machine

    run = recipe.Run(
        options.cache, Machine.of("cpu"), subjects=options.subjects, encoder=options.autoencoder,
        shape=_shape(options), edition=options.edition,
    )  # fmt: skip
    mark = gpu_call.take_back(run, options.source)
    print(f"step {mark.step} is in {run.folder}: export it, or train on")


def _export(options: argparse.Namespace) -> None:
    from worker.starter import recipe
    from worker.starter.machine import Machine

    run = recipe.Run(
        options.cache, Machine.of("cpu"), subjects=options.subjects, shape=_shape(options), edition=options.edition
    )
    steps = run.export(options.to)
    print(f"wrote {options.to} after {steps} steps")


def _sample(options: argparse.Namespace) -> None:
    from worker.starter import evaluate
    from worker.starter.draw import sheet

    pipe = evaluate.load(options.weights)
    guidance = evaluate.GUIDANCE if options.guidance is None else options.guidance
    pictures = evaluate.draw(pipe, [options.prompt] * options.count, options.seed, guidance, options.steps)
    sheet([(options.prompt, pictures)], cell=pictures[0].width).save(options.to)
    print(f"wrote {options.to}")


def _upscaler(options: argparse.Namespace) -> None:
    from worker.starter import report

    print(report.write_upscaler(options.cache, options.to))


def _schedules(options: argparse.Namespace) -> None:
    from worker.starter import denoiser, report, schedule_ablation

    run = _run(options)
    run.autoencoder()
    judge, _ = report.judge_of(run)
    shape = schedule_ablation.SMALL if options.subjects == "few" else None
    for row in schedule_ablation.compare(
        run, judge, run.length(denoiser.DenoiserPlan().length), options.prompts, shape
    ):
        print(row)


def _trials(options: argparse.Namespace) -> None:
    print(trials.run(options, _run))


def _diagnose(options: argparse.Namespace) -> None:
    from worker.starter import diagnose, evaluate

    print(diagnose.write(evaluate.load(options.weights), options.weights, options.cache, options.to, options.count))


def _evaluate(options: argparse.Namespace) -> None:
    from worker.starter import recipe, report
    from worker.starter.machine import Machine

    run = recipe.Run(options.cache, Machine.of(options.device), subjects=options.subjects, edition=options.edition)
    print(report.write(options.weights, run, options.to, options.prompts))


def _blind(options: argparse.Namespace) -> None:
    print(blind.run(options))


def _shared_options() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="data, checkpoints (default: %(default)s)")
    shared.add_argument("--weights", type=Path, default=WEIGHTS, help="weights folder (default: the bundled one)")
    shared.add_argument(
        "--subjects",
        choices=(choice.ALL, *choice.CHOICES),
        default=choice.ALL,
        help="which to learn: all 1,305, or those of data/choice.py (asked: what people ask for first; many, everyday: "
        "for CPUs; trial, few: for trials)",
    )
    shared.add_argument(
        "--channels",
        type=_channels,
        metavar="N,N,…",
        help="channels of the UNet's blocks, in a folder of their own (default: those of the plan)",
    )
    shared.add_argument(
        "--edition",
        choices=EDITIONS,
        default=EDITIONS[0],
        help="of the data: four sets, or six: one more style, in 3D, and second drawings (default: %(default)s)",
    )
    shared.add_argument("--workers", type=int, default=1, help="processes that render (default: %(default)s)")
    return shared


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.starter", description=__doc__)
    shared = _shared_options()
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[shared], help=text, description=text)
        command.set_defaults(run=run)
        return command

    data = add("data", _data, "fetch the emoji sets with npm and render them")
    data.add_argument("--sheet", type=Path, help="also draw a contact sheet of scenes with their captions")
    add("own", _own, "lay out our own drawings").add_argument("--to", type=Path, required=True, help="picture to write")
    train = add("train", _train, "train from scratch, or go on where the last run stopped")
    what = train.add_mutually_exclusive_group()
    what.add_argument("--stage", choices=STAGES, help="one stage")
    what.add_argument("--all", action="store_true", help="all stages in order (the default)")
    _length_options(train)
    schedules = add("schedules", _schedules, "train the denoiser shortly with every noise schedule and compare")
    schedules.add_argument("--prompts", type=int, default=64, help="prompts for each (default: %(default)s)")
    _length_options(schedules)
    tried = add("trials", _trials, "train denoisers that differ in one thing for equal processor times, and compare")
    trials.options(tried)
    _machine_options(tried)
    lent = add("lent", _lent, "train the denoiser in one call on a GPU that is lent for minutes")
    lent.add_argument("--out", type=Path, required=True, help="folder for the running average, in small files")
    lent.add_argument("--seconds", type=float, default=540, help="how long the call may take (default: %(default)s)")
    lent.add_argument("--later", type=float, default=0, help="minutes of calls after this one (default: %(default)s)")
    lent.add_argument(
        "--text-minutes", type=float, default=0.5, help="for the text encoder alone, before (default: %(default)s)"
    )
    _length_options(lent)
    back = add("take-back", _take_back, "make what a lent call left, or exported weights, the checkpoint here")
    back.add_argument("--from", dest="source", type=Path, required=True, help="folder with its files")
    back.add_argument("--autoencoder", type=Path, default=WEIGHTS / "vae", help="as in the call (default: %(default)s)")
    export = add("export", _export, "write the trained model as a diffusers folder")
    export.add_argument("--to", type=Path, required=True, help="folder to write")
    upscaler = add("upscaler", _upscaler, "write the trained upscaler and compare it with bicubic and Lanczos")
    upscaler.add_argument("--to", type=Path, required=True, help=".safetensors file to write")
    sample = add("sample", _sample, "draw a prompt")
    sample.add_argument("--prompt", default=DEMO)
    sample.add_argument("--count", type=int, default=4, help="pictures (default: %(default)s)")
    sample.add_argument("--steps", type=int, default=20, help="denoising steps (default: %(default)s)")
    sample.add_argument("--guidance", type=float, help="guidance scale (default: what people draw with)")
    sample.add_argument("--seed", type=int, default=0)
    sample.add_argument("--to", type=Path, default=Path("sample.png"), help="picture to write")
    diagnose = add("diagnose", _diagnose, "compare drawings, reconstructions and generated pictures: what loses most?")
    diagnose.add_argument("--to", type=Path, required=True, help="folder for the sheet and the table")
    diagnose.add_argument("--count", type=int, default=20, help="subjects (default: %(default)s)")
    evaluate = add(
        "evaluate", _evaluate, "measure colours, styles, subjects, diversity; draw the model card's pictures"
    )
    evaluate.add_argument("--to", type=Path, required=True, help="folder for the figures and pictures")
    evaluate.add_argument("--device", default="auto", help="cpu, cuda, cuda:1 … (default: %(default)s)")
    evaluate.add_argument(
        "--prompts", type=int, default=96, help="held-out prompts for each point (default: %(default)s)"
    )
    judging = commands.add_parser("blind", help="draw prompts for judges who don't know which model drew; read scores")
    judging.set_defaults(run=_blind)
    blind.options(judging)
    return parser


def _length_options(command: argparse.ArgumentParser) -> None:
    length = command.add_mutually_exclusive_group()
    length.add_argument("--steps", type=int, help="steps, all runs together (default: the plan's)")
    length.add_argument("--minutes", type=float, help="minutes instead of steps, all runs together; shared by --all")
    _machine_options(command)


def _machine_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--device", default="auto", help="cpu, cuda, cuda:1 … (default: %(default)s)")
    command.add_argument(
        "--autoencoder", type=Path, help="folder of an autoencoder whose latents to take; only its decoder is trained"
    )
    command.add_argument("--threads", type=int, help="CPU threads (default: torch's choice)")
    command.add_argument("--compile", action="store_true", help="compile the models (longer start, faster steps)")


if __name__ == "__main__":
    sys.exit(main())
