"""Words that join two things of a prompt → how these stand to each other, by the parts that they can take."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from worker.engine.prompt_match.drawings.roles import BEINGS, CONTAINERS, IN_HANDS, ThingRole
from worker.engine.prompt_match.layout import Relation
from worker.engine.prompt_match.words.phrases import Phrases

from .prompt import ARTICLES, EMOJI, PromptWords, Use


class Join(Enum):
    """How a prompt joins one thing to the next."""

    AND = auto()
    BETWEEN = auto()  # the first is in the middle of what follows
    LEFT = auto()  # the first is left of the second
    RIGHT = auto()
    ON = auto()
    RIDE = auto()
    OVER = auto()
    LEAP = auto()
    UNDER = auto()
    IN = auto()
    INSIDE = auto()
    DRIVE = auto()
    FRONT = auto()
    CLOSE = auto()  # not far from it
    NEAR = auto()  # somewhere about it, or turned to it
    BEHIND = auto()
    WITH = auto()
    HOLD = auto()
    WEAR = auto()
    OF = auto()  # the second only says more of the first


JOINS = Phrases(
    {
        Join.AND: """and, n, plus, or, vs, versus, v, next to, beside, besides, alongside, along with, together with,
            meets, meeting, meet, fighting, fights, fight, fighting with, fighting against, battling, chasing, chases,
            chase, chased by, hugging, hugs, hug, cuddling, cuddling with, kissing, kisses, kiss, dancing with,
            racing, racing against, following, follows, talking to, talking with, together,
            holding hands, hand in hand with, holding hands with, friends with, side by side with, attacking, attacks,
            facing, best friends, as friends, as best friends, being friends, being best friends, are friends,
            are best friends, becoming friends, become friends, who are friends, who are best friends,
            best friends with, feeding, feeds, petting, stroking, grooming, tickling, rescuing, saving""",
        Join.BETWEEN: "between, in between, standing between, sitting between",
        Join.LEFT: "left of, to the left of, on the left of, on the left side of, at the left of",
        Join.RIGHT: "right of, to the right of, on the right of, on the right side of, at the right of",
        Join.ON: """on, upon, onto, atop, on top of, at the top of, on the top of, sitting on, sits on, sat on,
            standing on, stands on, lying on, laying on, perched on, resting on, balancing on, landing on, landed on,
            climbing, climbs, climbing on, crossing, crosses, driving over, driving across, walking
            across, standing atop, sitting atop, sitting on top of, standing on top of,
            floating on, floats on, swimming on, swims on, drifting on""",
        Join.RIDE: "riding, rides, ride, riding on, rides on, surfing, surfing on, mounted on, bouncing on",
        Join.OVER: """over, above, flying over, flies over, flying above, flies above,
            hovering over, hovering above, floating over, floating above, soaring over, soaring above, high above,
            rising over, rising above, shining over, shining on, hanging over""",
        Join.LEAP: """jumping over, jumps over, jump over, jumped over, leaping over, leaps over, leap over,
            leaped over, hopping over, hops over, hop over, vaulting over, vaults over, springing over, bounding over,
            bouncing over, jumping across, leaping across, jumping high over, jumping right over, jumping above,
            leaping above, somersaulting over, hurdling over, hurdling""",
        Join.UNDER: """under, below, beneath, underneath, sitting under, standing under, sleeping under, hiding under,
            hidden under, snuggled under, snuggled up under, curled up under, asleep under, resting under,
            lying under, sitting below, standing below, sitting beneath, standing beneath""",
        Join.IN: """in, sitting in, sits in, standing in, lying in, flying in, riding in, driving in, sleeping
            in, sleeps in, asleep in, napping in, resting in, relaxing in, chilling in, lounging in,
            laying in, swimming in, swims in, floating in, floats in, wading in, splashing in, splashing
            around in, bathing in, soaking in, wallowing in, taking a bath in, having a bath in, takes a
            bath in, playing in, plays in, fishing in, drifting in, cruising in, traveling in,
            travelling in, sailing in, rowing in, paddling in, curled up in, cuddled up in, snuggled in,
            snuggled up in, tucked in, waiting in, living in, lives in, kept in, bobbing in, diving in,
            wrapped in, wrapped up in, bundled in, bundled up in, swaddled in, swinging in""",
        Join.DRIVE: """driving, drives, drive, piloting, pilots, steering, steers, flying, flies, sailing,
            operating, operates, captaining, navigating, rowing, paddling, at the wheel of, behind the wheel of,
            at the helm of, in the cockpit of, in the driver's seat of""",
        Join.INSIDE: """inside, inside of, into, within, out of, in side of, peeking out of, coming out of, jumping
            out of, popping out of, looking out of, emerging from, hiding in, hiding inside, trapped in,
            stuck in, sitting inside, sitting inside of, sleeping inside, standing inside, lying inside,
            swimming inside, floating inside, trapped inside, stuck inside, locked in, locked inside,
            curled up inside, living inside, hidden in, hidden inside, peeking out from, peeking from,
            peeking out, peeping out of, poking out of, sticking out of, popping up from, popping up out
            of, popping out from, climbing out of, crawling out of, rising out of, rising from, emerging
            out of, looking out from, coming out from, getting out of, bursting out of, leaping out of,
            climbing into, jumping into, jumping in, falling into, diving into, crawling into, squeezed
            into, packed in""",
        Join.FRONT: "in front of, in front, standing in front of, sitting in front of, before, posing in front of",
        Join.CLOSE: """by, near, close to, nearby, past, standing by, standing near, sitting by, sitting near,
            flying by, flying near, flying past, flies by, flies past, floating by, floating past, soaring past,
            zooming past, zooming by, racing past, walking past, walking by, driving past, driving by, going past,
            passing, passes, passing by, orbiting, circling, approaching""",
        Join.NEAR: """at, outside, outside of, against, through, around, among, across, to, towards, toward,
            standing at, sitting at, looking at, looks at, gazing at, staring at, howling at, barking at, watching,
            watches, watch, looking up at, flying to, flying through, flying around, visiting, surrounded by,
            going through, goes through, going thru, driving through, drives through, walking through, running through,
            riding through, passing through, thru, driving thru,
            leaning against, from, hanging from, falling from,
            eating from, eats from, eating out of, drinking from, drinks from, drinking out of, writing on,
            writes on, drawing on, draws on, painting on, painting at, paints at, drawing at, listening to, listens to,
            stirring, stirs, firing""",
        Join.BEHIND: """behind, in back of, hiding behind, standing behind, peeking from behind, rising behind,
            looking over, looks over, peeking over, peeks over, peeping over, peering over, leaning over""",
        Join.WITH: "with, flying with, having, has, have, w, featuring, who has, that has, and its, and his, and her, "
        "topped with, covered with, covered in, decorated with, filled with, full of",
        Join.HOLD: """holding, holds, hold, carrying, carries, carry, eating, eats, eat, drinking, drinks, drink,
            playing, plays, play, playing with, plays with, play with, reading, reads, read, biting, licking,
            throwing, kicking, bouncing, juggling, catching, catches, taking, bringing, giving, offering, using, uses,
            cutting, painting, smelling, sniffing, selling, cooking, baking, making, breathing, blowing, spitting,
            munching, munching on, chewing, chewing on, nibbling, nibbling on, sipping, enjoying, pulling, pushing,
            lifting, swinging, hitting, writing with, waving, abducting, stealing, guarding, grabbing, clutching,
            writing, opening, unwrapping, delivering, with its, with his, with her, holding up, holding on
            to, armed with, holds up, wielding, wields, sharing, shares, share, smoking, tasting, devouring, slurping,
            sucking, sucking on, feasting on, bites, licks, chews, sips, munches, munches on, pushes, pulls, dragging,
            drags, lifts, swings, waves, typing on, types on, texting on, coding on, roasting,
            roasts, toasting, flipping, flips, digging with, drilling with, measuring with, waving with""",
        Join.WEAR: "wearing, wears, wear, wearing its, wearing his, wearing her, dressed in, crowned with, "
        "looking through, looks through, peering through",
        Join.OF: """of, like, as, as if, shaped like, looks like, looking like, dressed as, dressed like, disguised
            as, made of, made from, made out of, built of, built from, built out of, carved of, carved
            from, carved out of, in the shape of, in the form of, instead of, the size of, size of, the
            color of, named, called, turning into, painted on, drawn on, printed on, named after""",
    }
)


@dataclass(frozen=True)
class Relating:
    """How two things stand to each other; `swapped`: the second of the prompt is the first of the relation."""

    relation: Relation
    swapped: bool = False


# By how they are joined: for which parts of first and second (None: any), and what holds then. The first row counts.
_LARGE = (ThingRole.BACKDROP, ThingRole.SKY, ThingRole.ISLAND)
_Row = tuple[tuple[ThingRole, ...] | None, tuple[ThingRole, ...] | None, Relating]
_BESIDE, _BEFORE, _WITH = (Relating(each) for each in (Relation.BESIDE, Relation.BEFORE, Relation.WITH))
_BEHIND = Relating(Relation.BEFORE, swapped=True)
_ON, _IN = Relating(Relation.ON), Relating(Relation.IN)
HOLDS = Relating(Relation.IN, swapped=True)
_HANGS: tuple[_Row, ...] = ((None, (ThingRole.CANOPY,), Relating(Relation.ABOVE, swapped=True)),)
_WORN: tuple[_Row, ...] = (
    (None, (ThingRole.HEADWEAR,), Relating(Relation.ON_HEAD)),
    (None, (ThingRole.EYEWEAR,), Relating(Relation.ON_EYES)),
    (None, (ThingRole.LIPWEAR,), Relating(Relation.ON_LIP)),
    (None, (ThingRole.EARWEAR,), Relating(Relation.BEHIND_HEAD)),
    ((ThingRole.HEAD,), (ThingRole.NECKWEAR,), Relating(Relation.UNDER_HEAD)),
    (None, (ThingRole.NECKWEAR,), Relating(Relation.ON_NECK)),
    (None, (ThingRole.BACKWEAR,), Relating(Relation.BEHIND_BACK)),
)
# A hat on a cat.
_PUT_ON = tuple((worn, wearers or BEINGS, replace(found, swapped=True)) for wearers, worn, found in _WORN)
_STANDS_BEFORE: tuple[_Row, ...] = ((None, _LARGE, _BEFORE),)
_ROWS: dict[Join, tuple[_Row, ...]] = {
    Join.RIGHT: ((None, None, Relating(Relation.BESIDE, swapped=True)),),
    Join.ON: (
        *_PUT_ON,
        *_HANGS,
        (None, (ThingRole.FLAME, ThingRole.ISLAND, ThingRole.PRINTED), _BEFORE),
        (None, (ThingRole.VEHICLE, ThingRole.WATER), _IN),
        (None, None, _ON),
    ),
    Join.OF: ((CONTAINERS, None, HOLDS),),
    Join.RIDE: (*_HANGS, (None, None, _ON)),
    Join.OVER: ((None, None, Relating(Relation.ABOVE)),),
    Join.LEAP: ((None, None, Relating(Relation.LEAP)),),
    Join.UNDER: (
        (None, (ThingRole.BACKDROP, ThingRole.ISLAND), _BEFORE),
        (None, (ThingRole.COVER,), _IN),
        (None, None, Relating(Relation.ABOVE, swapped=True)),
    ),
    Join.IN: (*_WORN, *_HANGS, *_STANDS_BEFORE, (None, (ThingRole.FLAME,), _BEFORE), (None, BEINGS, _BESIDE),
              (None, (ThingRole.CLOTHES,), _WITH), (None, (ThingRole.RIDDEN,), _ON), (None, None, _IN)),
    Join.INSIDE: (*_STANDS_BEFORE, (None, (ThingRole.FLAME,), _BEFORE), (None, None, _IN)),
    Join.DRIVE: (*_HANGS, *_STANDS_BEFORE, (None, IN_HANDS, _WITH), (None, (ThingRole.RIDDEN, *BEINGS), _ON),
                 (None, None, _IN)),
    Join.FRONT: ((None, None, _BEFORE),),
    Join.CLOSE: ((None, (ThingRole.SKY,), _BESIDE), *_STANDS_BEFORE),
    Join.NEAR: (*_HANGS, *_STANDS_BEFORE),
    Join.BEHIND: ((None, (ThingRole.COVER,), _IN), (_LARGE, None, _BEHIND), *_STANDS_BEFORE),
    Join.WITH: (
        *_WORN,
        *_HANGS,
        ((*CONTAINERS, ThingRole.WATER), None, HOLDS),
        (_LARGE, (ThingRole.SKY,), _BEFORE),
        (_LARGE, _LARGE, _BESIDE),
        (_LARGE, None, _BEHIND),
        *_STANDS_BEFORE,
        (None, (*IN_HANDS, ThingRole.PRINTED, ThingRole.FLAME, ThingRole.CLOTHES), _WITH),
    ),
    Join.HOLD: (*_HANGS, *_STANDS_BEFORE, (None, None, _WITH)),
    Join.WEAR: (*_WORN, *_HANGS, *_STANDS_BEFORE, (None, None, _WITH)),
}  # fmt: skip


def relating(join: Join, first: ThingRole, second: ThingRole) -> Relating:
    """How two things stand to each other that a prompt joins so; beside each other where nothing else is known."""
    for firsts, seconds, found in _ROWS.get(join, ()):
        if (firsts is None or first in firsts) and (seconds is None or second in seconds):
            return found
    return _BESIDE


def before(prompt: PromptWords, at: int, start: int) -> tuple[Join, range] | None:
    """The words that join what begins at a word to what ends at `start`, with no comma after them.

    Between may stand what tells more of it: with a big red balloon. `a pair of` joins nothing.
    """
    plain = prompt.plain
    for end in range(at, start, -1):
        if end < len(prompt) and prompt.words[end].breaks and plain[end] != EMOJI:
            return None
        for begin in range(max(start, end - JOINS.longest), end):
            found = JOINS.match(plain[:end], begin)
            if begin > start and plain[begin - 1] in ARTICLES:  # a flying pig
                continue
            joins = begin + (found[1] if found else 0) == end and Use.STANDING not in prompt.uses[begin:end]
            if found and joins and not (plain[begin] == "of" and begin > start):
                return found[0], range(begin, end)
    return None
