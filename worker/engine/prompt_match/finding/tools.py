"""What somebody works with where only the work is told: a cat vacuuming has a vacuum cleaner beside it."""

from worker.engine.prompt_match.drawings.roles import BEINGS, role
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import PromptWords
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.words.spelling import phrase

_WORK = {
    word: icon
    for icon, words in (
        ("vacuum-cleaner", "vacuuming hoovering"),
        ("drill", "drilling"),
        ("shovel", "shoveling shovelling"),
    )
    for word in words.split()
}
_IS = frozenset(("is", "are"))


def settle(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take, in place, what somebody works with; where it is named as well it is there once."""
    for at in filter(prompt.free, range(len(prompt))):
        number = lexicon.icons.get(phrase(_WORK.get(prompt.plain[at], "")))
        start = at - (prompt.before(at) in _IS)
        before = next((each for each in scene.things if each.end == start and not each.alone), None)
        if number is None or before is None or role(lexicon.vocabulary.subjects[before.number]) not in BEINGS:
            continue
        prompt.use(at, at + 1)
        if all(each.number != number for each in scene.things):
            name = lexicon.vocabulary.subjects[number].names[0]
            scene.things.insert(scene.things.index(before) + 1, Thing(number, name, at, at + 1, exact=False))
