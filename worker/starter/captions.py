"""Words for a picture: the usual sentence, its variants, dropped parts and synonyms."""

import numpy as np

from worker.starter.subjects import Colour, Style, Subject


def canonical(style: Style, subject: Subject, colour: Colour) -> str:
    """Return the usual caption, e.g. `a glossy sticker of a red apple, light blue background`."""
    return f"{_article(style.names[0])} of {_thing(subject.names[0])}, {colour.names[0]} background"


def caption(
    style: Style, subject: Subject, colour: Colour, rng: np.random.Generator, tags: tuple[str, ...] = ()
) -> str:
    """Draw a caption for a picture. `tags` are further words for the subject, used now and then."""
    roll = rng.random()
    if roll < 0.35:
        return canonical(style, subject, colour)
    thing = _name(subject, tags, rng)
    background = f"{_pick(colour.names, rng)} background"
    if roll < 0.70:
        joint = ("{}, {}", "{} on a {}", "{} with a {}", "{}, on a {}")[int(rng.integers(4))]
        return joint.format(f"{_article(_pick(style.names, rng))} of {thing}", background)
    if roll < 0.80:
        return f"{thing}, {_pick(style.names, rng)}, {background}"
    if roll < 0.87:
        return f"{_article(_pick(style.names, rng))} of {thing}"
    if roll < 0.94:
        return f"{thing}, {background}"
    return thing


def _name(subject: Subject, tags: tuple[str, ...], rng: np.random.Generator) -> str:
    if tags and rng.random() < 0.08:
        return _pick(tags, rng)
    name = subject.names[0] if rng.random() < 0.6 else _pick(subject.names, rng)
    return _thing(name) if rng.random() < 0.8 else name


def _thing(name: str) -> str:
    """Put an article before a name that takes one."""
    bare = ("cherries", "fire")
    return name if name in bare else _article(name)


def _article(words: str) -> str:
    return f"an {words}" if words[0] in "aeio" or words.startswith("um") else f"a {words}"


def _pick(words: tuple[str, ...], rng: np.random.Generator) -> str:
    return words[int(rng.integers(len(words)))]
