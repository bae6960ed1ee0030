"""Words for legs and arms of what has none, told or needed for what it does: a potato with legs, a dancing pickle.

Read as moods are (`mood_words`), for what stands beside them is told in the same ways: with arms, legs and a face.
Data, and what keeps a word for limbs from being a thing beside another one.
"""

from worker.engine.prompt_match.drawings.roles import ThingRole
from worker.engine.prompt_match.layout import Relation
from worker.engine.prompt_match.words.moods import Mood
from worker.engine.prompt_match.words.phrases import Phrases

from .lexicon import Lexicon
from .prompt import PromptWords, Use
from .scene import Scene

_LEGS, _ARMS = (Relation.LEGS, "cartoon legs"), (Relation.ARMS, "cartoon arms")
# How each hangs on a thing, and its name, which not every model knows.
LIMBS: dict[Mood, tuple[tuple[Relation, str], ...]] = {
    Mood.LEGS: (_LEGS,),
    Mood.WALKING: (_LEGS,),
    Mood.RUNNING: (_LEGS,),
    Mood.ARMS: (_ARMS,),
    Mood.LIMBS: (_LEGS, _ARMS),
    Mood.DANCING: (_LEGS,),
}
MORE = {Mood.DANCING: (_ARMS[0], _ARMS[1:])}  # likewise, where there is room for more than faces
ICONS = frozenset(name.replace(" ", "-") for _, name in (_LEGS, _ARMS))
_WHEELS = (ThingRole.VEHICLE, ThingRole.RIDDEN, ThingRole.FLAME)
# What does so without legs: a car runs, and a fire dances.
WITHOUT = {Mood.RUNNING: _WHEELS, Mood.DANCING: (ThingRole.FLAME,), Mood.WALKING: (ThingRole.FLAME,)}
# Words for a face: where one of them is no mood of a thing, that is to have none.
FACE_WORDS = frozenset(("face", "faces", "faceless"))

LIMB_WORDS = Phrases(
    {
        Mood.LEGS: """legs, leg, feet, foot, on legs, on two legs, on its legs, standing on legs, standing on two legs,
            standing on its legs, walking on legs, walking on two legs, walking on its legs, running on legs,
            running on two legs, standing on its feet""",
        Mood.ARMS: """arms, arm, hands, hand, arms up, arms raised, hands up, arms in the air, hands in the air, waving,
            waving hello, waving goodbye, waving hi, waving at you, waving at me, waving at the camera,
            waving its hand, waving its hands, waving its arm, waving its arms, flexing, flexing its muscles,
            flexing its arms, clapping, clapping its hands, applauding""",
        Mood.LIMBS: """arms and legs, legs and arms, hands and feet, feet and hands, arms and feet, feet and arms,
            hands and legs, legs and hands, limbs, arms legs, legs arms, little arms and little legs,
            tiny arms and tiny legs, small arms and small legs, long arms and long legs, arms and a pair of legs""",
        Mood.WALKING: """walking, walks, walk, strolling, strolls, marching, marches, wandering, wanders, hiking, hikes,
            tiptoeing, sneaking, trudging, strutting, walking away, walking around, going for a walk, out for a walk,
            taking a walk, takes a walk, on a walk, going for a stroll, taking a stroll, walking upright""",
        Mood.RUNNING: """running, runs, run, jogging, jogs, sprinting, sprints, jumping, jumps, jump, leaping, leaps,
            hopping, hops, skipping, racing, running away, runs away, running around, going for a run, going for a jog,
            running a marathon, running a race, running fast, jumping up and down, jumping for joy, kicking""",
        Mood.DANCING: """dancing, dances, dance, tap dancing, break dancing, breakdancing, disco dancing,
            ballet dancing, doing a dance, doing ballet, dancing around, boogieing, partying, exercising, working out,
            works out, doing yoga, does yoga, doing karate, doing gymnastics, doing exercise, doing exercises,
            doing pushups, doing jumping jacks, jumping rope, doing parkour, skating, ice skating, roller skating""",
    }
)
LIMB_NOUNS = frozenset(("legs", "leg", "feet", "foot", "arms", "arm", "hands", "hand", "limbs"))


def leave_out(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take away, in place, limbs that a prompt names beside something else. Their words are free then."""
    subjects = lexicon.vocabulary.subjects
    limbs = [thing for thing in scene.things if subjects[thing.number].icon in ICONS and not thing.alone]
    if len(limbs) < len(scene.things):
        for thing in limbs:
            scene.things.remove(thing)
            prompt.use(thing.at, thing.end, Use.FREE)
