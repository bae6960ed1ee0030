"""Faces by the feelings that a prompt tells of: a face of the one that was asked for instead of one of another."""

from collections.abc import Iterable

from worker.engine.prompt_match.reading import joints, similarity
from worker.engine.prompt_match.reading.denials import is_denied
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import PromptWords, Use
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.words.declined import feelings


def settle(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take, in place, a face of the feeling that was asked for; without one, leave the face out.

    So is one of a feeling that it is not to show: a face that is not happy. One that shows two feelings goes before: a
    crying laughing face.
    """
    kept: list[Thing] = []
    for thing in scene.things:
        # What the model was taught itself holds: a grinning face grins, whatever else is said.
        own = range(0) if thing.asked or thing.alone else range(thing.at, thing.end)
        outside = [at for at in _around(prompt, lexicon, scene, thing) if at not in own]
        unwanted = {at for at in outside if is_denied(prompt, at, scene.things)}
        words = [word for at in outside if at not in unwanted for word in prompt.compared(at)]
        denied = feelings(word for at in unwanted for word in prompt.compared(at))
        asked = feelings(words)
        shown: set[str] = lexicon.faces.get(thing.number, set())
        mixed = similarity.by_mixed_feelings(lexicon, [*words, *map(prompt.plain.__getitem__, own)])
        if shown and not denied and mixed not in {None, thing.number}:
            kept.append(_feeling(prompt, lexicon, mixed, thing, outside))
        elif not shown & denied and (not asked or not shown or asked & shown):
            kept.append(thing)
        elif (number := similarity.by_feeling(lexicon, words)) is not None:
            kept.append(_feeling(prompt, lexicon, number, thing, outside))
        else:
            prompt.use(thing.at, thing.end, Use.FREE)
    scene.things[:] = kept


def _feeling(prompt: PromptWords, lexicon: Lexicon, number: int, thing: Thing, outside: Iterable[int]) -> Thing:
    """A face in place of another one, for all words that tell of its feelings."""
    told = [at for at in outside if not feelings(prompt.compared(at)).isdisjoint(lexicon.faces[number])]
    for at in told:
        prompt.use(at, at + 1)
    asked = prompt.said(min(thing.at, *told), max(thing.end, *(at + 1 for at in told)))
    return Thing(number, lexicon.vocabulary.subjects[number].names[0], thing.at, thing.end, asked)


def _around(prompt: PromptWords, lexicon: Lexicon, scene: Scene, thing: Thing) -> range:
    """The words that may tell of a thing: all, but of several that are put together only those beside it."""
    if not lexicon.arranged:
        return range(len(prompt))
    begin = max((each.end for each in scene.things if each.end <= thing.at), default=0)
    end = min((each.at for each in scene.things if each.at >= thing.end), default=len(prompt))
    joins = (at for at in range(thing.end, end) if joints.JOINS.match(prompt.plain[: at + 1], at))
    return range(begin, end if end == len(prompt) else next(joins, end))
