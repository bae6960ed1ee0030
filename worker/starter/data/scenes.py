"""Scenes: which drawings stand where, how large, turned or mirrored, on which background, drawn by seed.

A scene holds one thing, or two side by side. What is unusual about it (size, place, tilt, mirroring) is one of a few
named kinds, so that the caption can say it.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from worker.engine.pipeline.paint import PAINTS
from worker.engine.prompt_match.reading import surroundings
from worker.starter.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

NONE = -1
USUAL, SMALL, LARGE, TINY = range(4)
SIZES: tuple[tuple[float, float], ...] = ((0.74, 0.84), (0.40, 0.48), (0.92, 0.98), (0.26, 0.32))
_PAIR_SIZE, _PAIR_CENTRE = (0.40, 0.46), 0.245
PLACES = ("", "top", "bottom", "left", "right", "top left", "top right", "bottom left", "bottom right")
_OFFSETS = np.array([(0, 0), (0, -1), (0, 1), (-1, 0), (1, 0), (-1, -1), (1, -1), (-1, 1), (1, 1)], dtype=np.float32)
UPRIGHT, LEFTWARDS, RIGHTWARDS, UPSIDE_DOWN = range(4)
_TURNS: tuple[tuple[float, float], ...] = ((-2.0, 2.0), (-32.0, -20.0), (20.0, 32.0), (180.0, 180.0))
HELD_OUT, _HELD_SEED = 0.04, 20

# What is wrong the other way round: it bears letters or digits, tells the time, or is a map or a moon of one phase.
_ONE_WAY = """
    alarm-clock bank book books bullet-train calendar coin crescent-moon globe-showing-americas hospital hotel
    hourglass-done keyboard laptop magnifying-glass-tilted-left mobile-phone money-bag musical-note musical-notes school
    stop-sign teacher violin guitar watch last-quarter-moon first-quarter-moon taxi police-car ambulance
    globe-showing-asia-australia globe-showing-europe-africa spiral-calendar tear-off-calendar newspaper abacus
    sleeping-face racing-car headphone video-game
"""


@dataclass(frozen=True)
class Mix:
    """How often what is drawn.

    `surroundings`: gradients that bring to mind where a thing is, a beach or the night. `exact`: each thing stands in
    the middle, as large as its kind of size gets and quite upright, so that one caption means one picture.
    """

    pair: float = 0.14
    gradient: float = 0.15
    sizes: tuple[float, ...] = (0.80, 0.10, 0.06, 0.04)
    turns: tuple[float, ...] = (0.88, 0.04, 0.04, 0.04)
    mirrored: float = 0.06
    painted: float = 0.0
    flipped: float = 0.0
    second: float = 0.0
    surroundings: float = 0.0
    exact: bool = False


@dataclass(frozen=True)
class Scenes:
    """`n` scenes as columns. `second`, `colour_below` are NONE where there is one thing, one colour.

    `style`, `first`, `second`, `colour`, `colour_below`, `size`, `place`, `turn`: int (n,), the latter three are the
    named kinds; `mirrored`: bool (n,), a kind that is said; `flipped`: bool (n,), mirrored without a word, as
    most things may face either way; `scale` (n, 2): share of the canvas, `centre` (n, 2, 2): x and y in -1..1,
    `degrees` (n, 2), clockwise: float32, one entry for each of the two things; `paint`: int (n,), the number in
    `paint.PAINTS` of the first thing's colour, NONE for its own; `other`: bool (n,), its second drawing
    where it has one.
    """

    style: Ints
    first: Ints
    second: Ints
    colour: Ints
    colour_below: Ints
    size: Ints
    place: Ints
    turn: Ints
    mirrored: Bools
    scale: Floats
    centre: Floats
    degrees: Floats
    paint: Ints
    flipped: Bools
    other: Bools

    def __len__(self) -> int:
        return len(self.style)

    def pick(self, rows: Ints | slice) -> "Scenes":
        """Return the scenes of some rows."""
        return Scenes(*(getattr(self, field.name)[rows] for field in fields(self)))

    @staticmethod
    def joined(parts: Sequence["Scenes"]) -> "Scenes":
        """Return the scenes of all parts, one after another."""
        return Scenes(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Scenes)))


def draw(
    rng: np.random.Generator,
    count: int,
    vocabulary: Vocabulary,
    subjects: Ints | None = None,
    mix: Mix | None = None,
    *,
    dealt: bool = False,
) -> Scenes:
    """Draw `count` scenes, none of which shows a held-out combination.

    `subjects` limits what is drawn, and one that stands there twice is drawn twice as often. `dealt`: every drawing
    comes once before any comes again, like cards dealt from a shuffled deck.
    """
    mix = mix or Mix()
    pool = np.arange(len(vocabulary.subjects)) if subjects is None else subjects
    style = rng.integers(len(vocabulary.styles), size=count)
    first, second = pool[rng.integers(len(pool), size=(2, count))]
    if dealt:
        cards = len(vocabulary.styles) * len(pool)
        order = np.concatenate([rng.permutation(cards) for _ in range(-(-count // cards))])[:count]
        style, first = order // len(pool), pool[order % len(pool)]
    pair = (rng.random(count) < mix.pair) & (first != second)
    second = np.where(pair, second, NONE)
    colour, below = _colours(rng, style, first, second, vocabulary, mix.gradient)
    single = ~pair
    size = np.where(single, rng.choice(len(SIZES), size=count, p=mix.sizes), USUAL)
    place = np.where((size == SMALL) | (size == TINY), rng.integers(len(PLACES), size=count), 0)
    turn = np.where(single & (size != LARGE), rng.choice(len(_TURNS), size=count, p=mix.turns), UPRIGHT)
    mirrored = single & (rng.random(count) < mix.mirrored)
    scale, centre = _placing(rng, pair, size, place)
    low, high = np.array(_TURNS).T[:, turn, None]
    degrees = rng.uniform(low, high, (count, 2)).astype(np.float32)
    painted = single & (rng.random(count) < mix.painted)
    paint = np.where(painted, rng.integers(len(PAINTS), size=count), NONE)
    flipped = np.zeros(count, dtype=bool)
    if mix.flipped:  # drawn last and only then, so that scenes of other mixes stay the same
        flipped = single & ~mirrored & either_way(vocabulary)[first] & (rng.random(count) < mix.flipped)
    other = rng.random(count) < mix.second if mix.second else np.zeros(count, dtype=bool)
    if mix.surroundings:
        above, beneath = _surroundings(rng, count, vocabulary)
        held = held_out(vocabulary)
        there = single & (rng.random(count) < mix.surroundings)
        there &= ~(held[style, first, above] | held[style, first, beneath])
        colour, below = np.where(there, above, colour), np.where(there, beneath, below)
    if mix.exact:
        scale = np.repeat(np.array(SIZES, dtype=np.float32)[size, 1:], 2, axis=1)
        centre = np.zeros_like(centre)
        degrees = np.repeat(np.array(_TURNS, dtype=np.float32).mean(axis=1)[turn, None], 2, axis=1)
    return Scenes(
        style, first, second, colour, below, size, place, turn, mirrored, scale, centre, degrees, paint, flipped, other
    )


def _surroundings(rng: np.random.Generator, count: int, vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """Draw the colours, from top to bottom, by which the engine stands in for surroundings."""
    numbers = {colour.names[0]: number for number, colour in enumerate(vocabulary.colours)}
    pairs = np.array([[numbers[name] for name in pair] for pair in surroundings.PAIRS])
    above, beneath = pairs[rng.integers(len(pairs), size=count)].T
    return above, beneath


@lru_cache(maxsize=4)
def either_way(vocabulary: Vocabulary) -> Bools:
    """Which subjects may be shown mirrored without saying so: bool (subjects,)."""
    one_way = frozenset(_ONE_WAY.split())
    return np.array([subject.icon not in one_way for subject in vocabulary.subjects])


def _placing(rng: np.random.Generator, pair: Bools, size: Ints, place: Ints) -> tuple[Floats, Floats]:
    """Draw the scale of each thing, and its centre: where the named place says, a few percent off."""
    count = len(pair)
    low, high = np.where(pair[:, None], _PAIR_SIZE, np.array(SIZES)[size]).T
    scale = rng.uniform(low[:, None], high[:, None], (count, 2)).astype(np.float32)
    room = np.maximum(0.0, 0.96 - scale)
    jitter = rng.uniform(-1, 1, (count, 2, 2)) * np.minimum(0.05, room)[:, :, None]
    named = _OFFSETS[place][:, None, :] * room[:, :, None] * 0.9
    beside = np.stack([np.full((count, 2), (-2 * _PAIR_CENTRE, 2 * _PAIR_CENTRE)), np.zeros((count, 2))], axis=-1)
    return scale, (np.where(pair[:, None, None], beside, named) + jitter).astype(np.float32)


def _colours(
    rng: np.random.Generator, style: Ints, first: Ints, second: Ints, vocabulary: Vocabulary, gradient: float
) -> tuple[Ints, Ints]:
    count, colours = len(style), len(vocabulary.colours)
    held = held_out(vocabulary)
    colour = rng.integers(colours, size=count)
    below = np.where(rng.random(count) < gradient, (colour + rng.integers(1, colours, size=count)) % colours, NONE)
    while True:
        barred = np.zeros(count, dtype=bool)
        for subject in (first, second):
            for hue in (colour, below):
                there = (subject != NONE) & (hue != NONE)
                barred |= there & held[style, subject, hue]
        if not barred.any():
            return colour, below
        colour = np.where(barred, rng.integers(colours, size=count), colour)
        below = np.where(barred & (below != NONE), (colour + rng.integers(1, colours, size=count)) % colours, below)


@lru_cache(maxsize=4)
def held_out(vocabulary: Vocabulary) -> Bools:
    """Which combinations training never shows: bool (styles, subjects, colours), the same in every run.

    Each subject has its own, whichever others are learnt, so that a training may go on with another choice of subjects.
    """
    each = len(vocabulary.styles), len(vocabulary.colours)
    seeds = ((_HELD_SEED, zlib.crc32(subject.icon.encode())) for subject in vocabulary.subjects)
    held = np.stack([np.random.default_rng(seed).random(each) < HELD_OUT for seed in seeds], axis=1)
    held.flags.writeable = False  # one array for all who ask
    return held


def unseen_subjects(vocabulary: Vocabulary, every: int = 40) -> tuple[Ints, Ints]:
    """Split the subjects into those that the autoencoder learns from and those that it is measured on."""
    order = np.random.default_rng(_HELD_SEED).permutation(len(vocabulary.subjects))
    count = max(1, len(order) // every)
    return np.sort(order[count:]), np.sort(order[:count])
