"""Words for a scene: the usual sentence, its variants, dropped parts and synonyms."""

import numpy as np

from worker.engine.pipeline.paint import PAINTS
from worker.engine.prompt_match.words.article import article, with_article
from worker.engine.prompt_match.words.bare_name import bare_name
from worker.starter.data.scenes import (
    LARGE,
    LEFTWARDS,
    NONE,
    PLACES,
    RIGHTWARDS,
    SMALL,
    TINY,
    UPSIDE_DOWN,
    Scenes,
)
from worker.starter.vocabulary import Colour, Style, Subject, Vocabulary

_SIZES = {SMALL: ("small", "little"), LARGE: ("large", "big", "huge"), TINY: ("tiny", "very small")}
_TURNS = {
    LEFTWARDS: ("tilted to the left", "leaning left"),
    RIGHTWARDS: ("tilted to the right", "leaning right"),
    UPSIDE_DOWN: ("upside down",),
}
_COLOUR_WORDS = {paint.name for paint in PAINTS}
_MIRRORED = ("mirrored", "flipped", "facing the other way")
_PAIRS = ("{0} on the left and {1} on the right", "{0} to the left of {1}", "{1} to the right of {0}", "{0} and {1}")
_JOINTS = ("{}, {}", "{} on a {}", "{} with a {}", "{}, on a {}")


def canonical(style: Style, subject: Subject, colour: Colour) -> str:
    """Return the usual caption, e.g. `a glossy sticker of a red apple, light blue background`."""
    return f"{article(style.names[0])} of {with_article(subject.names[0])}, {colour.names[0]} background"


def painted(subject: Subject, paint: str) -> str:
    """Return a subject in another colour, e.g. `blue car`; a colour in its own name gives way."""
    return f"{paint} {bare_name(subject.names, _COLOUR_WORDS.__contains__)}"


def caption(scenes: Scenes, row: int, vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Draw a caption for one scene. PipelineParts are dropped now and then, the thing itself never."""
    plain = rng.random() < 0.3
    things = _things(scenes, row, vocabulary, rng, plain)
    style = vocabulary.styles[scenes.style[row]].names
    background = _background(scenes, row, vocabulary, rng, plain)
    if plain:
        return f"{article(style[0])} of {things}, {background}"
    roll = rng.random()
    if roll < 0.46:
        joint = _JOINTS[int(rng.integers(len(_JOINTS)))]
        return joint.format(f"{article(_pick(style, rng))} of {things}", background)
    if roll < 0.58:
        return f"{things}, {_pick(style, rng)}, {background}"
    if roll < 0.70:
        return f"{article(_pick(style, rng))} of {things}"
    if roll < 0.82:
        return f"{things}, {background}"
    return things  # as people ask: nothing but the thing


def told(scenes: Scenes, row: int, vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Draw a caption that leaves nothing of a scene open, mostly in the usual words, as the engine completes prompts.

    A tenth are like `caption`'s, so that the rest is not forgotten.
    """
    roll = rng.random()
    if roll < 0.1:
        return caption(scenes, row, vocabulary, rng)
    plain = roll < 0.85
    styles = vocabulary.styles[scenes.style[row]].names
    things = _things(scenes, row, vocabulary, rng, plain)
    style = styles[0] if plain else _pick(styles, rng)
    return f"{article(style)} of {things}, {_background(scenes, row, vocabulary, rng, plain)}"


def _things(scenes: Scenes, row: int, vocabulary: Vocabulary, rng: np.random.Generator, plain: bool) -> str:
    first = _named(vocabulary.subjects[scenes.first[row]], rng, plain)
    if scenes.paint[row] != NONE:
        first = painted(vocabulary.subjects[scenes.first[row]], PAINTS[scenes.paint[row]].name)
    if scenes.second[row] != NONE:
        second = with_article(_named(vocabulary.subjects[scenes.second[row]], rng, plain))
        joint = _PAIRS[0] if plain else _PAIRS[int(rng.integers(len(_PAIRS)))]
        return joint.format(with_article(first), second)
    size = _SIZES.get(int(scenes.size[row]))
    words = f"{_pick(size, rng)} {first}" if size and rng.random() < 0.95 else first
    said = [with_article(words) if plain or rng.random() < 0.85 else words]
    place = PLACES[scenes.place[row]]
    if place and rng.random() < 0.95:
        said.append(f"in the {place} corner" if " " in place else f"{_at(place)} the {place}")
    turn = _TURNS.get(int(scenes.turn[row]))
    if turn and rng.random() < 0.95:
        said.append(_pick(turn, rng))
    if scenes.mirrored[row] and rng.random() < 0.95:
        said.append(_pick(_MIRRORED, rng))
    cues = vocabulary.subjects[scenes.first[row]].cues
    if cues and not plain and rng.random() < 0.08:
        said[0] += f", {_pick(cues, rng)}"
    return " ".join(said)


def _named(subject: Subject, rng: np.random.Generator, plain: bool) -> str:
    roll = rng.random()
    if not plain and subject.tags and roll < 0.07:
        return _pick(subject.tags, rng)
    if not plain and subject.cues and roll < 0.09:
        return _pick(subject.cues, rng)
    return subject.names[0] if plain or roll < 0.5 else _pick(subject.names, rng)


def _background(scenes: Scenes, row: int, vocabulary: Vocabulary, rng: np.random.Generator, plain: bool) -> str:
    above = vocabulary.colours[scenes.colour[row]].names
    first = above[0] if plain else _pick(above, rng)
    if scenes.colour_below[row] == NONE:
        return f"{first} background"
    below = vocabulary.colours[scenes.colour_below[row]].names
    return f"{first} to {below[0] if plain else _pick(below, rng)} gradient background"


def _at(place: str) -> str:
    return "at" if place in {"top", "bottom"} else "on"


def _pick(words: tuple[str, ...], rng: np.random.Generator) -> str:
    return words[int(rng.integers(len(words)))]
