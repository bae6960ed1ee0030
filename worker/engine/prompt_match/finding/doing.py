"""Names of things that are verbs where they stand: a chef cooking an egg, pigs can fly, the door is locked."""

from worker.engine.prompt_match.drawings.roles import BEINGS, role
from worker.engine.prompt_match.reading import joints, similarity
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords, Use
from worker.engine.prompt_match.reading.scene import Scene, Thing

# Names of things that are also what somebody does.
_VERBS = """
watch watches box boxes tie ties rock rocks seal seals coat coats scroll scrolls fly flies lock locks pin pins wave
waves mirror mirrors shower showers bug bugs saw pick picks swing swings cheers store stores shop shops map maps
sink sinks drill drills shovel shovels fence fences flag flags mask masks pan pans
"""
_DOES = frozenset(_VERBS.split())
_FLIES = frozenset(("fly", "flies"))  # no insect, beside what can do so
# After them a word is a verb.
_MODALS = "can could cannot cant will would should must might may to lets they we you i"
_CAN = frozenset(_MODALS.split())
_SEEN = frozenset(("saw",))  # a verb after these as well
_WHO = frozenset(("that", "who", "which"))
_IS = frozenset(("is", "are"))
_HOW = frozenset(("locked",))  # names that mostly say how something is


def leave_out(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take away, in place, each thing whose word is what the one before it does. The word is free then."""
    scene.things[:] = [thing for thing in scene.things if not _is_done(prompt, lexicon, scene, thing)]


def _is_done(prompt: PromptWords, lexicon: Lexicon, scene: Scene, thing: Thing) -> bool:
    word, is_it = prompt.plain[thing.end - 1], prompt.plain[thing.at - 1 : thing.at]
    at = thing.at - bool(is_it and is_it[0] in _IS)
    after = any(each.end == at and not each.alone for each in scene.things)
    looks_so = after and similarity.is_verb_or_adverb(word)
    verb = lexicon.arranged and (looks_so or (word in _DOES and _is_doing(prompt, lexicon, scene, thing)))
    looked_at = after or (prompt.free(thing.end) and not prompt.words[thing.end].breaks)
    verb = verb or (word in _HOW and looked_at) or _is_in_join(prompt, lexicon, thing)
    done = verb and thing.end - thing.at == 1 and not prompt.words[thing.at].breaks
    if done:  # what is done is told as left out, unless it would be taken for a thing again
        free = looks_so or similarity.satisfying(lexicon, [word]) is None
        prompt.use(thing.at, thing.end, Use.FREE if free else Use.IDLE)
    return done


def _is_in_join(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> bool:
    """Whether a thing's word stands in the middle of words that join two: at the wheel of."""
    for begin in range(max(0, thing.at - joints.JOINS.longest), thing.at):
        found = joints.JOINS.match(prompt.plain, begin)
        if lexicon.arranged and found and begin + found[1] > thing.end:
            return True
    return False


def _is_doing(prompt: PromptWords, lexicon: Lexicon, scene: Scene, thing: Thing) -> bool:
    """Whether a word that may name a thing is a verb: watch the sunset, cats watch a bird, the cat watches."""
    plain, word = prompt.plain, prompt.plain[thing.at]
    if plain[thing.at - 1 : thing.at] and plain[thing.at - 1] in _CAN:
        return True
    if word in _SEEN and plain[thing.at - 1 : thing.at] and plain[thing.at - 1] in _WHO:
        return True
    before = next((each for each in scene.things if each.end == thing.at and not each.alone), None)
    if before and word in _FLIES and role(lexicon.vocabulary.subjects[before.number]) in BEINGS:
        return True
    if plain[thing.end : thing.end + 1] and plain[thing.end] in ARTICLES:
        return before is not None or thing.at == 0
    one = before is not None and before.at > 0 and plain[before.at - 1] in ARTICLES
    return one and word.endswith("s")
