"""Words of its own for each of several pictures, where a model names its styles and the prompt leaves them open.

A model that was taught a few hundred words draws one prompt much alike from any seed. So what the prompt says nothing
of is said for each picture: another style, another background, of a balloon or a car another colour, and of an animal
or a person another one. Which ones, its seed decides: the same seed means the same picture, alone or among others. The
request holds the words, so that what is drawn again or varied keeps them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from math import lcm

from worker.contract.types.request import PROMPT_MAX
from worker.contract.types.vocabulary_notice import Known

_WORD = re.compile(r"[^\W_]+")
# What somebody has in mind who uses such a word is theirs to say, whether the model was taught it or not.
_STYLES = (
    "3d abstract acrylic anime art artwork cartoon cgi chalk charcoal cinematic clipart comic crayon design doodle "
    "drawing engraving etching hyperrealism hyperrealistic lifelike photoreal photorealism polaroid "
    "flat fresco graphic icon illustration ink line lineart logo lowpoly manga minimal minimalist mosaic oil origami "
    "painted painting pastel pencil photo photograph photographic photography photorealistic picture pixel pixelated "
    "poster print realism realistic render rendering sculpture sketch sketched stencil sticker style styled stylised "
    "stylized vector watercolor watercolour woodcut"
)
_PLACES = (
    "above across against among amid around at backdrop backdrops background backgrounds before behind below beneath "
    "beside by foreground front gradient in inside into near next on onto outside over scene scenery surrounded "
    "through top transparent under underneath underwater "
    "foggy midnight misty moonlit nighttime nocturnal rainy snowy starry sunny undersea wintry"
)
# What is said to be white is near to light gray as well, whatever it is.
_NEAR = {"light gray": ("white", "grey", "silver")}
# What is painted hardly shows before backgrounds that have the same word in their names, nor before these.
_HIDDEN_BY = {
    "mint green": ("teal",), "lavender": ("purple", "pink"), "yellow": ("orange",), "beige": ("brown", "white"),
    "light gray": ("white",), "pink": ("white",),
}  # fmt: skip
# Words beside the name of a thing that is said to be nothing else: how many there are and what they do is more.
_ONLY = (
    "a an the my your our some one any cute cool nice pretty beautiful lovely funny new simple random "
    "please draw show make create generate paint give me us of"
)
ONLY = frozenset(_ONLY.split())
# How words end → what stands for singular and plural alike: cookie and cookies, shoe and shoes, bus and buses.
_ENDINGS = {
    "sses": "s", "ses": "s", "se": "s", "ss": "s", "us": "us", "ies": "i", "ie": "i", "y": "i", "oes": "o", "oe": "o",
    "ves": "f", "ches": "ch", "shes": "sh", "xes": "x", "men": "man", "mice": "mous", "s": "",
}  # fmt: skip
LEAST = 3  # backgrounds to choose from; of two, neighbouring seeds do not always have different ones


def own_words(prompt: str, knows: Known | None, seeds: Sequence[int]) -> tuple[str, ...]:
    """What pictures with these seeds are drawn from; nothing where the prompt leaves nothing open.

    Args:
        prompt: as it was typed.
        knows: the vocabulary of the model, if it has one.
        seeds: one for each picture.
    """
    if knows is None:
        return ()
    words = [word.lower() for word in _WORD.findall(prompt)]
    said = {*words}
    styles = knows.styles if said.isdisjoint([*_STYLES.split(), *knows.style_words]) else ()
    plain = knows.plain if said.isdisjoint(_PLACES.split()) else ()
    paints = knows.paints if _comes_in_any_colour(knows, words) else ()
    kinds = () if any(map(_named, prompt)) else _kinds(knows, words)
    made = []
    for seed in seeds:
        kind = (_kind_of(kinds, seed, styles),) if kinds else ()
        shown = [word.lower() for each in kind for word in _WORD.findall(each)] or words
        other = showing(apart(plain, {*said, *shown}), _hidden(knows, shown, prompt))
        made.append(", ".join([prompt, *kind, *_added(styles, other, () if kind else paints, seed)]))
    return tuple(made) if made != [prompt] * len(made) and all(len(each) <= PROMPT_MAX for each in made) else ()


def _added(styles: Sequence[str], plain: Sequence[str], paints: Sequence[str], seed: int) -> Iterator[str]:
    behind = background_of(plain, seed) if plain else ""
    if paint := _paint_of(paints, behind, seed):
        yield f"in {paint}"
    if styles:
        yield style_of(styles, seed)
    if behind:
        yield f"{behind} background"


def _paint_of(paints: Sequence[str], behind: str, seed: int) -> str:
    """The colour of the picture with a seed; "" for the thing's own, which takes its turn as well."""
    turns = ("", *paints)
    far = (len(turns) + 1) // 2  # which none of the next seeds has
    after: Iterator[str] = (turns[(seed + later) % len(turns)] for later in (0, far, *range(len(turns))))
    hidden = {*behind.split(), *_HIDDEN_BY.get(behind, ())}
    return next(each for each in after if each not in hidden)


def _comes_in_any_colour(knows: Known, words: Sequence[str]) -> bool:
    """Whether a prompt names one thing and says nothing else of it, and that thing comes in any colour."""
    said = " ".join(map(_single, _only(words)))
    return said in {_bare(name) for name in knows.any_colour}


def _only(words: Sequence[str]) -> Sequence[str]:
    """The words without those beside which a thing is said to be nothing else, if any others are there."""
    return [word for word in words if word not in ONLY] or words


def _kinds(knows: Known, words: Sequence[str]) -> Sequence[str]:
    """What there is of a general word, if a prompt says no more than that, and does so in the singular."""
    said = _only(words)
    general = ((each, word) for each in knows.kinds for word in each.words)
    return next((each.kinds for each, word in general if _only(_WORD.findall(word)) == said), ())


def apart(plain: Sequence[str], said: Collection[str]) -> Sequence[str]:
    """The backgrounds before which a thing shows that these words tell of: a pink pig does not show before pink."""
    return [each for each in plain if not {*said} & {*each.lower().split(), *_NEAR.get(each.lower(), ())}]


def showing(plain: Sequence[str], hidden: Sequence[Collection[str]]) -> Sequence[str]:
    """The backgrounds before which things show by themselves.

    Args:
        plain: what there is to choose from.
        hidden: for each thing, the backgrounds that it does not stand out from.

    Where that leaves fewer than `LEAST`, they are given back that hide the fewest things.
    """
    counts = {each: sum(each in one for one in hidden) for each in plain}
    left = sum(not count for count in counts.values())
    kept = sorted(plain, key=counts.__getitem__)[: max(LEAST, left)]
    return [each for each in plain if each in kept]


def _hidden(knows: Known, words: Sequence[str], prompt: str) -> list[tuple[str, ...]]:
    """The backgrounds that things do not stand out from which a prompt names, by words or emoji."""
    signs = [word for each in prompt for word in _named(each)]
    said = f" {' '.join(map(_single, words))} | {' '.join(map(_single, signs))} "
    return [each.before for each in knows.unseen if any(f" {_bare(name)} " in said for name in each.things)]


def _named(sign: str) -> list[str]:
    """What an emoji is called."""
    return unicodedata.name(sign, "").lower().split() if unicodedata.category(sign) == "So" else []


def _bare(name: str) -> str:
    return " ".join(map(_single, _WORD.findall(name.lower())))


def _single(word: str) -> str:
    """The same for a word and its plural, and mostly no word."""
    ending = next((each for each in _ENDINGS if word.endswith(each)), "")
    return word.removesuffix(ending) + _ENDINGS.get(ending, "")


def style_of(styles: Sequence[str], seed: int) -> str:
    """The style of the picture with a seed. Those of neighbouring seeds differ, and so do their backgrounds."""
    return styles[seed % len(styles)]


def _kind_of(kinds: Sequence[str], seed: int, styles: Sequence[str]) -> str:
    """The kind of the picture with a seed, so that all kinds meet all styles.

    Neighbours are of different kinds; where the numbers of kinds and styles have a divisor in common, mostly.
    """
    met = lcm(len(kinds), len(styles) or 1)  # seeds, after which all pairs come again
    further = seed // met if met < len(kinds) * len(styles) else 0
    return kinds[(seed + further) % len(kinds)]


def background_of(plain: Sequence[str], seed: int) -> str:
    """Its background. Each round of them begins one further, so that all pairs of style and background meet."""
    return plain[(seed + seed // len(plain)) % len(plain)]
