"""`easel models add|fetch`: the command line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from worker.engine.errors import EngineError
from worker.engine.pipeline.model_family import FAMILIES
from worker.engine.settings import CATALOGUE, EngineSettings, take_up_hub_variables
from worker.settings import load

from .add import AddError, add
from .fetch import fetch

EXIT_FAILED, EXIT_USAGE = 1, 2
_DEFAULT = Path("models.toml")


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 when it is done, 1 when a model could not be fetched, 2 when something has to be put right."""
    asked = _parser().parse_args(argv)
    take_up_hub_variables()
    try:
        return _fetch(asked) if asked.what == "fetch" else _add(asked)
    except KeyboardInterrupt:
        print("\nEnded. What was fetched so far is kept, and the next `easel models fetch` goes on there.")
        return EXIT_FAILED


def _add(asked: argparse.Namespace) -> int:
    named = _named()
    catalogue = asked.file or named or _DEFAULT
    try:
        for line in add(asked, catalogue):
            print(line)
    except (AddError, EngineError) as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:
        print(f"{error.filename or asked.source}: {error.strerror}\nNothing was written.", file=sys.stderr)
        return EXIT_USAGE
    if named is None or catalogue.resolve() != named.resolve():
        print(f"Write EASEL_MODELS={catalogue} into .env, so that the engine reads it.")
    print("Start the worker again; its log says whether the model draws.")
    return 0


def _fetch(asked: argparse.Namespace) -> int:
    try:
        done = fetch(asked.file or _named() or CATALOGUE, asked.model, look_only=asked.look)
    except EngineError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:  # where files are kept cannot be looked into
        print(f"{error.filename or 'HF_HOME'}: {error.strerror or error}", file=sys.stderr)
        return EXIT_FAILED
    return 0 if done else EXIT_FAILED


def _named() -> Path | None:
    """The operator's own catalogue, where the settings name one."""
    models = load(EngineSettings).models
    return models if models.resolve() != CATALOGUE.resolve() else None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="easel models", description="Models without an editor.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND", dest="what")
    about = "look at a model's files and write its table into a catalogue"
    one = verbs.add_parser("add", help=about, description=f"{_sentence(about)}; people can ask for it after a restart.")
    one.add_argument(
        "source",
        help="a .safetensors file, a folder in the layout of diffusers, a Hub id owner/name, or the address of a "
        ".safetensors file on the Hub",
    )
    one.add_argument("--id", help="what people type (from the file's name)")
    one.add_argument("--title", help="what people read (the id)")
    one.add_argument("--family", choices=[*FAMILIES], help="which kind it is, where its files do not tell")
    one.add_argument("--revision", help="of a Hub id: the commit (the newest one)")
    one.add_argument("--licence", help="as people are told; model cards of folders and of the Hub say it")
    one.add_argument("--file", type=Path, help=f"the catalogue (EASEL_MODELS, or {_DEFAULT})")
    about = "bring the files of the catalogue's models here from the Hub"
    two = verbs.add_parser(
        "fetch",
        help=about,
        description=f"{_sentence(about)}, with their LoRAs, and say for each whether this card has the memory. What "
        "was cut off goes on where it ended. HF_TOKEN, for models that want their licence accepted, may stand in .env.",
    )
    two.add_argument("model", nargs="*", help="their ids (all)")
    two.add_argument("--look", action="store_true", help="say how large they are and whether they fit; fetch nothing")
    two.add_argument("--file", type=Path, help="the catalogue (EASEL_MODELS)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
