"""Prompt in, the prompt to draw out, and the notice for the person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import dist
from operator import or_
from typing import Any

from worker.contract.types.cause import Cause, words_declined
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation
from worker.contract.types.own_words import apart, background_of, showing, style_of
from worker.contract.types.request import Request
from worker.contract.types.vocabulary_notice import Taken, VocabularyNotice

from .drawings.busts import BUSTS
from .drawings.heads import HEADS, PLACES
from .drawings.natural_colours import FUR
from .drawings.openings import OPENINGS, seen
from .drawings.reaches import reach_of
from .drawings.roles import BEINGS, ThingRole, role
from .drawings.seats import SEATS
from .drawings.wearers import WEARERS
from .finding.first_names import in_first_names
from .grip import Reach
from .layout import (
    AT_HEADS,
    DRAWINGS_MAX,
    MARKS,
    ON_FACES,
    Figure,
    HeadPlace,
    Layout,
    Relation,
    Scenery,
    Seat,
    Turn,
    WornPlaces,
    are_put_together,
)
from .opening import Opening
from .parser import read
from .placing import scenery
from .placing.facing import is_open, turned
from .placing.grip_turns import towards_holders
from .reading.lexicon import Lexicon, taught_by
from .reading.scene import Arrangement, PlacedThing, Scene, Thing
from .reading.standing_out import clear_of, ground_of, hiding
from .vocabulary import ModelVocabulary
from .words.article import article, with_article
from .words.english import is_english
from .words.spelling import phrase

_SHOWN = 2  # of what was taken, of what was left out and of what was declined
_AS_DRAWN = frozenset((Turn.UPRIGHT, Turn.BENDING_LEFT, Turn.BENDING_RIGHT))  # its head is about where it was
_EXAMPLES = 5  # things that a refusal names


@dataclass(frozen=True)
class MatchedPrompt:
    """The request as the model understands it.

    Attributes:
        notice: what became of the rest, when that is not all that the person asked for.
        declined: what was asked for, as it was written, where no known thing satisfies; the request is then as it
            came, and is not to be drawn.
        near: known things that come near to that, the nearest first.
        english: whether the words that were declined may be English, which the model alone reads.
        layouts: how things stand in each picture of the request, where the model's things are put together and any of
            these pictures shows more than one thing as the model draws it, or has another shape than that; else empty.
            Where any is put together, the request asks for the first figure of each.
        follows: the picture that they begin with may be the other way round than the model draws it, and so are they.
    """

    request: Request
    notice: VocabularyNotice | None = None
    declined: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    english: bool = True
    layouts: tuple[Layout, ...] = ()
    follows: bool = False


class PromptMatcher:
    """Reads prompts for one model.

    Args:
        model: whose words they are.
        vocabulary: what it knows.
        tokens: of its tokenizer, which show the caption words that it has not learnt.
    """

    def __init__(self, model: ModelInfo, vocabulary: ModelVocabulary, tokens: Iterable[str]) -> None:
        self._model, self._known = model, vocabulary.known()
        taught = taught_by(tokens)
        self._lexicon = Lexicon(vocabulary, taught)
        self._arranging = Lexicon(vocabulary, taught, arranged=True) if vocabulary.arranged else None

    @property
    def arranges(self) -> bool:
        """Whether its model's things can be put together."""
        return self._arranging is not None

    def read(self, asked: Request, *, arranged: bool = True, ground: Sequence[str] = ()) -> MatchedPrompt:
        """The request in words that the model knows, and the same one where it knows them all. Never fails.

        `arranged`: whether whoever draws it puts things together. `ground`: the background where no words name one.
        """
        lexicon = self._arranging if self._arranging and arranged and not asked.guides else self._lexicon
        scene = read(asked.prompt, lexicon)
        own = [read(each, lexicon) for each in asked.prompts]
        for text, each in zip((asked.prompt, *asked.prompts), (scene, *own), strict=True):
            if each.declined:
                declined, near = tuple(map(_brief, each.declined)), tuple(each.near)
                return MatchedPrompt(asked, declined=declined, near=near, english=is_english(text))
        without = read(asked.negative_prompt, self._lexicon, negative=True)
        changed: dict[str, Any] = {"prompt": self._worded(asked.prompt, scene)}
        if asked.negative_prompt and not without.understood:
            changed["negative_prompt"] = ", ".join(_known(without))
        texts = asked.prompts or (asked.prompt,) * asked.count
        whole = [
            self._filled(text, each, asked.seed_of(index), ground)
            for index, (text, each) in enumerate(zip(texts, own or [scene] * asked.count, strict=True))
        ]
        layouts, follows = self._layouts(asked, texts, whole) if lexicon.arranged else ((), False)
        # What begins with a picture has that one's background; its pictures share a prompt, or have their own.
        together = are_put_together(layouts, asked.drawn_at)
        filled = self._lexicon.vocabulary.usual_sentence and (together or asked.operation is Operation.TXT2IMG)
        changed["prompts"] = tuple(map(self._worded, texts, whole if filled else own))
        if together:
            changed["prompts"] = tuple(each.figures[0].words for each in layouts)
        request = asked.model_copy(update=changed)
        # What each picture says in words of its own is no longer taken for anything.
        said = [{asked for asked, _ in one.taken} for one in own]
        told = replace(scene, taken=[each for each in scene.taken if all(each[0] in one for one in said)])
        notice = self._notice(told, without, around=bool(layouts) and all(each.scenery for each in layouts))
        return MatchedPrompt(request, notice, layouts=layouts, follows=follows)

    def ground(self, *parts: tuple[float, float, float]) -> tuple[str, ...]:
        """The backgrounds nearest to some colours (0 to 255 each), from top to bottom; one where all are alike."""
        known = self._lexicon.vocabulary.colours
        named = (min(known, key=lambda each: dist(each.rgb, part)).names[0] for part in parts if known)
        return tuple(dict.fromkeys(named))

    def _filled(self, text: str, scene: Scene, seed: int, ground: Sequence[str]) -> Scene:
        """A picture's scene with a style and a background also where its text names none.

        What a model with a usual sentence is told to the last word it draws best, and what is put together needs one
        background.
        """
        if not self._lexicon.vocabulary.usual_sentence:
            return scene
        subjects = self._lexicon.vocabulary.subjects
        # What is painted is drawn in its own colour first, and the words tell of the other one.
        hidden = [subjects[each.number].blends for each in (*scene.things, *scene.arrangement.parts)]
        styles, plain = self._known.styles, showing(apart(self._known.plain, phrase(text)), hidden)
        style = scene.style or (style_of(styles, seed) if styles else "")
        colours = scene.colours or tuple(ground) or ((background_of(plain, seed),) if plain else ())
        return replace(scene, style=style, colours=colours)

    def _layouts(
        self, asked: Request, texts: Sequence[str], scenes: Sequence[Scene]
    ) -> tuple[tuple[Layout, ...], bool]:
        """The layouts of pictures, none where all of them are plain; whether they follow a picture's direction."""
        layouts = tuple(map(self._layout, scenes, asked.seeds))
        either_way = [self._either_way(*each) for each in zip(layouts, scenes, texts, strict=True)]
        if asked.operation is not Operation.TXT2IMG:
            if are_put_together(layouts, asked.drawn_at):  # drawn anew: what words say of the way round holds
                return layouts, all(either_way)
            return (), all(map(or_, either_way, (each.mirrored for each in layouts)))
        layouts = tuple(
            turned(layout, seed) if either else layout
            for layout, either, seed in zip(layouts, either_way, asked.seeds, strict=True)
        )
        changed = are_put_together(layouts, asked.drawn_at) or any(each.mirrored for each in layouts)
        return layouts if changed else (), False

    def _layout(self, scene: Scene, seed: int) -> Layout:
        """How a scene is put together in the picture with a seed."""
        arrangement = scene.arrangement
        across, down = arrangement.across, arrangement.down
        around = self._scenery(scene, seed)
        if around and across == down == 0.5:
            across, down = scenery.middle(scene, self._lexicon, around)
        seats = [
            self._seat(each) if number in arrangement.ridden else None
            for number, each in enumerate(arrangement.standing)
        ]
        figures = tuple(
            Figure(
                self._alone(each.thing, scene, scene.colours),
                Turn.LYING if seat and seat.lying else each.posture.turn,
                mirrored=each.posture.mirrored,
                size=each.size,
                paint=each.thing.paint if self._is_painted(each.thing, scene) else "",
                blend=each.thing.blend,
                patched=self._is_patched(each.thing),
                asleep=each.asleep,
                head=self._head_place(each, arrangement),
                wears=self._worn_places(each, arrangement),
                seat=seat,
                opening=self._opening(each) if number in arrangement.ridden else None,
                seen=self._seen(each) if Relation.IN in _related(arrangement) else Figure.seen,
                grip=each.grip,
                reach=self._reach(each, arrangement),
            )
            for number, (each, seat) in enumerate(zip(arrangement.standing, seats, strict=True))
        )
        figures = towards_holders(figures, arrangement, [self._icon(each.thing) for each in arrangement.standing])
        layout = Layout(
            figures,
            arrangement.relation,
            leading=arrangement.leading,
            size=arrangement.size,
            across=across,
            down=down,
            hanging=arrangement.hanging,
            scenery=around,
            in_a_row=arrangement.in_a_row,
            closeness=arrangement.closeness,
        )
        return layout if layout.stays else self._standing_out(layout, scene)

    def _standing_out(self, layout: Layout, scene: Scene) -> Layout:
        """The same with each figure drawn before what takes no part of it for its own."""
        things = scene.arrangement.standing
        behind = [self._behind(each, scene) for each in things]
        figures = tuple(
            replace(figure, words=self._alone(each.thing, scene, colours))
            for figure, each, colours in zip(layout.figures, things, behind, strict=True)
        )
        moved = behind[0] != scene.colours
        ground = ground_of(scene.colours, self._lexicon.vocabulary) if moved else ()
        return replace(layout, figures=figures, ground=ground)

    def _head_place(self, placed: PlacedThing, arrangement: Arrangement) -> HeadPlace | None:
        """Where the head of a person is over whose one another is put, or who may wear something on the face.

        Also of somebody of whom the head alone is put on another one.
        """
        thing, icon = placed.thing, self._icon(placed.thing)
        if placed.is_part:
            return BUSTS.get(icon)
        known = HEADS.get(icon) if not ON_FACES.isdisjoint(_related(arrangement)) else None
        return PLACES.get(icon, HeadPlace()) if thing.head else known

    def _worn_places(self, placed: PlacedThing, arrangement: Arrangement) -> WornPlaces | None:
        """Where an animal wears things, or has marks, if anybody does and if it stands on its feet."""
        worn = placed.posture.turn in _AS_DRAWN and not (AT_HEADS | MARKS).isdisjoint(_related(arrangement))
        return WEARERS.get(self._icon(placed.thing)) if worn else None

    def _seat(self, placed: PlacedThing) -> Seat | None:
        """Where one is on a thing that is ridden; that nobody knows of what is turned."""
        return SEATS.get(self._icon(placed.thing)) if placed.posture.turn is Turn.UPRIGHT else None

    def _opening(self, placed: PlacedThing) -> Opening | None:
        """Where one is in a thing, likewise."""
        return OPENINGS.get(self._icon(placed.thing)) if placed.posture.turn is Turn.UPRIGHT else None

    def _seen(self, placed: PlacedThing) -> float:
        """How much of a thing is to be seen where it is in another one."""
        return seen(self._icon(placed.thing)) if placed.posture.turn in _AS_DRAWN else Figure.seen

    def _reach(self, placed: PlacedThing, arrangement: Arrangement) -> Reach | None:
        """Where the mouth and the hands of somebody are, if anything is held and if it stands on its feet."""
        part = role(self._lexicon.vocabulary.subjects[placed.thing.number])
        holds = part in BEINGS and any(each.grip for each in arrangement.standing)
        upright = holds and not placed.is_part and placed.posture.turn in _AS_DRAWN
        return reach_of(self._icon(placed.thing), head_alone=part is ThingRole.HEAD) if upright else None

    def _icon(self, thing: Thing) -> str:
        return self._lexicon.vocabulary.subjects[thing.number].icon or "-".join(phrase(thing.name))

    def _behind(self, placed: PlacedThing, scene: Scene) -> tuple[str, ...]:
        """The background that a thing is drawn before: one that it stands out from, wherever it is put then."""
        known, thing = self._lexicon.vocabulary, placed.thing
        blends, first_names = known.subjects[thing.number].blends, in_first_names(scene, known)
        if placed.is_part and not {*scene.colours}.isdisjoint(blends):
            return next(((each,) for each in self._known.plain if each not in blends), scene.colours)
        hidden = hiding(thing, first_names.style, known, own_colour=self._is_cut_out(thing, scene))
        if hidden.isdisjoint(first_names.colours):
            return scene.colours
        return clear_of(hidden.union(blends), first_names.colours, known) or scene.colours

    def _alone(self, thing: Thing, scene: Scene, colours: tuple[str, ...]) -> str:
        """What a thing is drawn from, before some colours."""
        return self._sentence(replace(scene, things=[self._unpainted(thing, scene)], colours=colours))

    def _scenery(self, scene: Scene, seed: int) -> tuple[Scenery, ...]:
        """What stands round the things of a scene: on the side that they leave free, or that the seed decides."""
        across = scene.arrangement.across
        mirrored = across > 0.5 or (across == 0.5 and seed % 2 == 1)
        return tuple(
            Scenery(self._sentence(replace(scene, things=[each.thing], colours=each.colours)), each.spread, mirrored)
            for each in scenery.found(scene, self._lexicon, seed)
        )

    def _either_way(self, layout: Layout, scene: Scene, text: str) -> bool:
        """Whether a picture may show its thing either way round."""
        subjects = self._lexicon.vocabulary.subjects
        return is_open(layout, phrase(text)) and all(subjects[each.number].either_way for each in scene.things)

    def _is_cut_out(self, thing: Thing, scene: Scene) -> bool:
        """Whether a thing in its own colour stands out from the background, so that the engine can give it another.

        Else the model has to: a blue banana before yellow is not first drawn in yellow. Of many things it is, for they
        share drawings.
        """
        known = self._lexicon.vocabulary
        if len(scene.arrangement.standing) > DRAWINGS_MAX:
            return True
        return set(known.subjects[thing.number].blends).isdisjoint(in_first_names(scene, known).colours)

    def _is_painted(self, thing: Thing, scene: Scene) -> bool:
        """Whether the engine gives a thing another colour, or several at once, of which the model knows nothing."""
        return bool(thing.blend) or self._is_cut_out(thing, scene)

    def _is_patched(self, thing: Thing) -> bool:
        """Whether a thing of several colours has them in patches: an animal in colours of fur."""
        being = role(self._lexicon.vocabulary.subjects[thing.number]) in BEINGS
        return being and bool(thing.blend) and FUR.issuperset((thing.paint, *thing.blend))

    def _unpainted(self, thing: Thing, scene: Scene) -> Thing:
        """A thing in its own colour where the engine gives it another: so the model knows it best.

        What has several, and would not stand out in its own, is drawn in the first of them that does.
        """
        if thing.blend and not self._is_cut_out(thing, scene):
            plain = in_first_names(scene, self._lexicon.vocabulary).colours
            shows = (each for each in (thing.paint, *thing.blend) if not any(each in one.split() for one in plain))
            return thing.painted(next(shows, thing.paint), self._lexicon.bare)
        if not (thing.paint and self._is_cut_out(thing, scene)):
            return thing
        return replace(thing, name=self._lexicon.vocabulary.subjects[thing.number].names[0])

    def _worded(self, text: str, scene: Scene) -> str:
        """A text as the model knows it best; of several things that are put together the first alone."""
        if scene.understood and not self._lexicon.vocabulary.usual_sentence:
            return text
        return self._sentence(
            replace(scene, things=[each.thing for each in scene.arrangement.standing[:1]] or scene.things)
        )

    def _sentence(self, scene: Scene) -> str:
        known = self._lexicon.vocabulary
        return wording(in_first_names(scene, known) if known.usual_sentence else scene)

    def objection(self, declined: Sequence[str], near: Sequence[str] = (), *, english: bool = True) -> Cause:
        """Why a request that holds nothing but what is `declined` is refused; `english`: whether that may be English.

        It names things that the model knows: those that come `near` and, to make up the number, some of all kinds.
        """
        subjects = self._lexicon.vocabulary.subjects
        spread = [subjects[number].names[0] for number in range(0, len(subjects), -(-len(subjects) // _EXAMPLES))]
        named = [*dict.fromkeys((*near, *spread))][:_EXAMPLES]
        return words_declined(
            self._model.title, _joined(declined[:_SHOWN]), len(subjects), _joined(named), int(english)
        )

    def _notice(self, scene: Scene, without: Scene, *, around: bool) -> VocabularyNotice | None:
        """What became of what the model does not know; of a place nothing where its scenery stands `around`."""
        left = [*scene.left, *(f"without {words}" for words in without.left)]
        shown = " to ".join(scene.colours) if around and scene.place else ""
        taken = [(asked, took) for asked, took in scene.taken if took != shown]
        if not taken and not left:
            return None
        return VocabularyNotice(
            model=self._model.title,
            known=len(self._lexicon.vocabulary.subjects),
            kind=self._model.draws,
            taken=tuple(Taken(asked=_brief(asked), took=_brief(took)) for asked, took in taken[:_SHOWN]),
            left=tuple(map(_brief, left[:_SHOWN])),
            more=max(0, len(left) - _SHOWN),
            at_once=scene.at_once,
        )


def _related(arrangement: Arrangement) -> set[Relation]:
    """All ways in which things stand to each other there."""
    return {arrangement.relation, *(way.relation for way in arrangement.hanging)}


def wording(scene: Scene) -> str:
    """A scene as captions say it, e.g. `a glossy sticker of a red apple, light blue background`."""
    if len(scene.things) == 2:
        first, second = (with_article(each.name) for each in scene.things)
        words = f"{first} on the left and {second} on the right"
    else:
        name = scene.things[0].name
        said = with_article(f"{scene.size} {name}" if scene.size else name)
        words = " ".join([said, *scene.places[:1], *scene.turns])
    if scene.style:
        words = f"{article(scene.style)} of {words}"
    return f"{words}, {_background(scene)}" if scene.colours else words


def _background(scene: Scene) -> str:
    return f"{' to '.join(scene.colours)} {'gradient ' * (len(scene.colours) > 1)}background"


def _known(scene: Scene) -> list[str]:
    """What a negative prompt names that the model knows."""
    names = [thing.name for thing in scene.things]
    return [*filter(None, [scene.style]), *names, *([_background(scene)] if scene.colours else [])]


def _joined(words: Sequence[str]) -> str:
    """In quotes, with commas between, which any language reads."""
    return ", ".join(f"“{_brief(one)}”" for one in words)


def _brief(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= Taken.LONGEST else flat[: Taken.LONGEST - 1].rstrip() + "…"
