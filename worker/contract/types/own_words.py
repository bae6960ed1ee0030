"""Words of its own for each of several pictures, where a model names its styles and the prompt leaves them open.

A model that was taught a few hundred words draws one prompt much alike from any seed. So what the prompt says nothing
of is said for each picture: another style, another background. Which ones, its seed decides: the same seed means the
same picture, alone or among others. The request holds the words, so that what is drawn again or varied keeps them.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from worker.contract.types.request import PROMPT_MAX
from worker.contract.types.vocabulary_notice import Known

_WORD = re.compile(r"[^\W_]+")
# What somebody has in mind who uses such a word is theirs to say, whether the model was taught it or not.
_STYLES = (
    "3d abstract anime art artwork cartoon cgi charcoal clipart comic crayon design doodle drawing engraving etching "
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


def own_words(prompt: str, knows: Known | None, seeds: Sequence[int]) -> tuple[str, ...]:
    """What pictures with these seeds are drawn from; nothing where the prompt leaves nothing open.

    Args:
        prompt: as it was typed.
        knows: the vocabulary of the model, if it has one.
        seeds: one for each picture.
    """
    if knows is None:
        return ()
    said = {word.lower() for word in _WORD.findall(prompt)}
    styles = knows.styles if said.isdisjoint([*_STYLES.split(), *knows.style_words]) else ()
    other = apart(knows.plain, said) if said.isdisjoint(_PLACES.split()) else ()
    made = tuple(", ".join([prompt, *_added(styles, other, seed)]) for seed in seeds)
    return made if (styles or other) and all(len(each) <= PROMPT_MAX for each in made) else ()


def _added(styles: Sequence[str], plain: Sequence[str], seed: int) -> Iterator[str]:
    if styles:
        yield style_of(styles, seed)
    if plain:
        yield f"{background_of(plain, seed)} background"


def apart(plain: Sequence[str], said: Collection[str]) -> Sequence[str]:
    """The backgrounds before which a thing shows that these words tell of: a pink pig does not show before pink."""
    return [each for each in plain if not {*said} & {*each.lower().split()}]


def style_of(styles: Sequence[str], seed: int) -> str:
    """The style of the picture with a seed. Those of neighbouring seeds differ, and so do their backgrounds."""
    return styles[seed % len(styles)]


def background_of(plain: Sequence[str], seed: int) -> str:
    """Its background. Each round of them begins one further, so that all pairs of style and background meet."""
    return plain[(seed + seed // len(plain)) % len(plain)]
