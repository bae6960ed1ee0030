"""A scene in the names that captions used most: a cartoon of a kitten → a flat illustration of a cat face."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.vocabulary import ModelVocabulary


def in_first_names(scene: Scene, known: ModelVocabulary) -> Scene:
    """The same scene; things, styles and backgrounds by the first of their names."""
    styles, colours = _first(style.names for style in known.styles), _first(colour.names for colour in known.colours)
    return replace(
        scene,
        things=[_by_first_name(thing, known) for thing in scene.things],
        style=styles.get(scene.style, scene.style),
        colours=tuple(colours.get(each, each) for each in scene.colours),
    )


def _by_first_name(thing: Thing, known: ModelVocabulary) -> Thing:
    names = known.subjects[thing.number].names
    # What is painted in a colour that it does not have by nature is no name of its own: a green cat face.
    return replace(thing, name=names[0]) if thing.name in names else thing


def _first(kinds: Iterable[Sequence[str]]) -> dict[str, str]:
    return {name: names[0] for names in kinds for name in names}
