"""Prompts that teach how to write one: a kind of picture, a subject, and style cues; in English, as models read it."""

from worker.contract.types.model_info import ModelInfo

_ANY = (
    "a photo of a lighthouse on a cliff, stormy sky, wide angle",
    "a watercolor painting of a fox in the snow, soft light",
    "an isometric drawing of a tiny kitchen, pastel colors",
)
_LONGEST = 90  # characters, that a button carries
_KNOWN = 3  # of the things that a model of few words knows, spread over all of them


def of(model: ModelInfo) -> tuple[str, ...]:
    """Examples that this model can draw: of its own words, where it knows few."""
    known = model.knows
    if known is None or not known.things:
        return _ANY
    things = [known.things[(2 * index + 1) * len(known.things) // (2 * _KNOWN)] for index in range(_KNOWN)]
    found = (
        _example(known.styles, known.plain or known.backgrounds, thing, index) for index, thing in enumerate(things)
    )
    return tuple(each[:_LONGEST] for each in found)


def _example(styles: tuple[str, ...], backgrounds: tuple[str, ...], thing: str, index: int) -> str:
    style = f"a {styles[index % len(styles)]} of " if styles else ""
    cue = f", {backgrounds[index % len(backgrounds)]} background" if backgrounds else ""
    return f"{style}{_article(thing)} {thing}{cue}"


def _article(thing: str) -> str:
    return "an" if thing[:1].lower() in "aeiou" else "a"
