"""Before which background a figure is drawn that is cut out: one that takes no part of it for its own.

A blue dragon drawn before the night loses what has the night's colour, wherever in the picture it is put then. So it is
drawn before another background, as like that one as can be, and the engine puts it before that of the picture.
"""

from collections.abc import Collection, Sequence
from math import dist

from worker.engine.prompt_match.vocabulary import ModelVocabulary

from .scene import Thing
from .surroundings import LIKE

Ground = tuple[tuple[int, int, int], ...]


def hiding(thing: Thing, style: str, known: ModelVocabulary, *, own_colour: bool) -> frozenset[str]:
    """The backgrounds that take parts of a thing for their own in a style; all by their usual names.

    `own_colour`: it is drawn in that, whatever it is painted in then.
    """
    if thing.paint and not own_colour:
        return frozenset(LIKE.get(thing.paint, ()))
    subject = known.subjects[thing.number]
    by_style = dict(zip((each.names[0] for each in known.styles), subject.lost, strict=False))
    return frozenset(by_style.get(style, subject.blends))


def clear_of(hidden: Collection[str], colours: Sequence[str], known: ModelVocabulary) -> tuple[str, ...]:
    """The background nearest to some colours that is not `hidden`, all by their usual names; none where all are."""
    behind = ground_of(colours, known)
    others = [each for each in known.colours if each.names[0] not in hidden]
    if not (behind and others):
        return ()
    return (min(others, key=lambda each: sum(dist(each.rgb, one) for one in behind)).names[0],)


def ground_of(colours: Sequence[str], known: ModelVocabulary) -> Ground:
    """Backgrounds as red, green and blue, from 0 to 255 each."""
    rgb = {name: each.rgb for each in known.colours for name in each.names}
    return tuple(rgb[each] for each in colours if each in rgb)
