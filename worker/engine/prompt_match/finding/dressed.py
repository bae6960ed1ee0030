"""Animals as people: a cat astronaut, a cat dressed as a wizard, a frog in a tuxedo, a fox juggling.

What is drawn is that person, with the animal's head. People of a kind who do something are shown likewise: of a pirate
surfing the head, with the hat, is put on somebody who surfs.
"""

from dataclasses import replace

from worker.engine.prompt_match.drawings import busts
from worker.engine.prompt_match.drawings.heads import FACES, GIVERS, PLACES, TENDED
from worker.engine.prompt_match.drawings.roles import ThingRole, role
from worker.engine.prompt_match.reading import colours_of_one, joints
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import WORN_WORDS, Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords, Use
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.reading.similarity import FACE, by_synonym, is_listed, is_verb_or_adverb
from worker.engine.prompt_match.reading.standing_words import WORDS
from worker.engine.prompt_match.words.declined import is_person
from worker.engine.prompt_match.words.deeds import DEEDS
from worker.engine.prompt_match.words.phrases import Phrases
from worker.engine.prompt_match.words.spelling import phrase

from . import figures

_AS = Phrases(
    {
        True: "dressed as, dressed up as, dressed like, dressed up like, dressing up as, dresses up as, disguised as, "
        "costumed as, in costume as, as, is, being, working as, works as, posing as, acting as, pretending to be, "
        "playing, cosplaying, cosplaying as, like, looks like, looking like, who is, that is, in the role of, "
        "but he is, but she is, but it is, but hes, but shes, but its, but he s, but she s, but it s, but as, but"
    }
)
_IN = Phrases(
    {True: "in, wearing, wears, dressed in, dressed up in, clad in, with, in his, in her, in its, wearing its"}
)
_SUITS = """
costume costumes outfit outfits suit suits uniform uniforms clothes clothing gear attire robe robes cape capes
garb cosplay dress gown
"""
_COSTUMES = frozenset(_SUITS.split())
_CLOTHES = Phrases(
    {
        "man in a tuxedo": "tuxedo, tux, tuxedos, bow tie and suit, suit and bow tie, suit and a bow tie",
        "office worker": "suit, suits, business suit, suit and tie, suit and a tie",
        "knight": "suit of armor, suits of armor, suit of armour, shining armor, armor, armour, chainmail",
        "astronaut": "spacesuit, space suit, space helmet, spacesuits, space suits",
        "doctor": "scrubs, white coat",
        "scientist": "lab coat",
        "superhero": "superhero cape, hero cape",
        "bride": "wedding dress, bridal gown",
        "student": "cap and gown, graduation gown",
        "princess": "ball gown, ballgown",
        "detective": "trench coat",
        "ballerina": "tutu",
        "builder": "high visibility vest, hi vis vest",
        "person in a raincoat": "raincoat, rain coat, rain jacket, raincoats",
        "person in a hoodie": "hoodie, hoody, hooded sweatshirt, hoodies",
        "person in a sweater": "sweater, jumper, pullover, knitted sweater, christmas sweater, ugly sweater, sweaters, "
        "ugly christmas sweater",
        "person in pajamas": "pajamas, pyjamas, pjs, pajama, pyjama",
    }
)
# Clothes that anybody may wear, so that a grandmother in them is shown with her own head; they have any colour, but for
# raincoats: those are yellow, as skin is.
_PAINTED = frozenset(("person in a hoodie", "person in a sweater", "person in pajamas"))
_PLAINLY = _PAINTED | {"person in a raincoat"}
_WOVEN = frozenset(
    ("cozy", "cosy", "warm", "knitted", "knit", "woolly", "oversized", "big", "bright", "cute", "striped")
)
_NOT_WITH = frozenset(("with",))  # clothes alone are told so, no costume
_APOSTROPHES = frozenset("'’")
_LINKS, _LINKING = frozenset(("is", "who", "that", "was")), 2  # before it, so many at most
_TELLING = 2  # words between the article and whom somebody is dressed as
_COLOURS = 2  # words of a colour before a suit
# Whom people are drawn as anyway, not what they do or wear.
_ORDINARY = "man woman boy girl baby old-man old-woman man-beard woman-red-hair woman-curly-hair"
_PLAIN = frozenset(_ORDINARY.split())
_NO_DEEDS = frozenset(("runner", "sleeping person"))  # animals do so on their own legs, and have marks for sleep
_NOT_LED = frozenset(("on",))  # a bicycle: nobody says that they ride it
_OF_WOMEN = {"dancing man": "dancer"}
_KNOWN = GIVERS | {*FACES} | {*busts.BUSTS}


def dress(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Make one thing, in place, of each animal and the person as whom it is shown."""
    _Dresser(prompt, lexicon, scene).dress()


class _Dresser:
    """Works on the words of one prompt and on its scene, in place."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
        self._prompt, self._lexicon, self._scene = prompt, lexicon, scene
        self._plain = prompt.plain

    def dress(self) -> None:
        for giver in [*self._givers()]:
            begins = any(each.at <= giver.at < each.end for each in self._scene.things if each.head)
            before = [*self._prompt.uses]
            person = None if begins else self._person(giver)
            if person:
                shared = self._shared(giver, done=not person.role_words) if self._is_for_all(person) else []
                if shared is None:
                    self._prompt.uses[:] = before
                    continue
                self._put(giver, person, alone=not shared)
                for each in shared:
                    self._put(each, replace(person, at=each.at, end=each.end), alone=False)
        self._scene.things.sort(key=lambda thing: thing.at)

    def _givers(self) -> list[Thing]:
        """The animals and people of the prompt by their names, and by words for them, as what has a head."""
        found = [head for each in self._scene.things if not each.alone and (head := self._head(each))]
        for at in filter(self._prompt.free, range(len(self._prompt))):
            number = by_synonym(self._lexicon, self._plain[at])
            name = self._lexicon.vocabulary.subjects[number].names[0] if number is not None else ""
            if number is not None and self._icon(number) in _KNOWN:
                head = self._head(Thing(number, name, at, at + 1, self._prompt.said(at, at + 1)))
                found += [head] if head else []
        return sorted(found, key=lambda each: each.at)

    def _head(self, thing: Thing) -> Thing | None:
        """A thing as what only its head is drawn of; None of whom that is not known."""
        if self._is_somebody(thing):
            return replace(thing, exact=False)
        icon, paint = FACES.get(self._icon(thing.number), (self._icon(thing.number), ""))
        number = self._lexicon.icons.get(phrase(icon))
        if icon not in GIVERS or number is None:
            return None
        name = self._lexicon.vocabulary.subjects[number].names[0]
        head = replace(thing, number=number, name=name, exact=False)
        return head.painted(paint, self._lexicon.bare) if paint in self._lexicon.vocabulary.paints else head

    def _is_somebody(self, thing: Thing) -> bool:
        """Whether a thing is a person whose head can be put on another one."""
        return self._icon(thing.number) in busts.BUSTS

    def _person(self, giver: Thing) -> Thing | None:
        """As whom an animal is shown, with all words that say so; of a person, who does what that one does."""
        if self._is_possessive(giver):
            return None
        if self._is_somebody(giver):
            begin = self._after(giver, _IN)
            done = None if self._icon(giver.number) in busts.ANYBODY else self._doing(giver)
            return done or (self._in_clothes(giver, begin) if begin else None)
        return self._beside(giver) or self._as(giver) or self._clad(giver) or self._doing(giver)

    # what says so

    def _beside(self, giver: Thing) -> Thing | None:
        """A cat astronaut, an astronaut cat."""
        before = next((each for each in self._scene.things if each.end == giver.at and not each.alone), None)
        ends = self._is_last(giver.end) and not self._prompt.words[giver.at].breaks
        if before and ends and self._is_figure(before.number) and not self._is_possessive(before):
            return replace(before, end=giver.end, role_words=range(before.at, before.end))
        done = self._breaks(giver.end) or self._plain[giver.end] in DEEDS  # a fox and a rabbit cook
        after = None if done else self._figure_at(giver.end)
        if not after or not self._is_last(after.end) or self._is_possessive(after):
            return None
        if (self._icon(giver.number), self._icon(after.number)) in TENDED:
            return None
        return replace(after, at=giver.at, role_words=range(after.at, after.end))

    def _as(self, giver: Thing) -> Thing | None:
        """A cat dressed as a wizard."""
        begin = self._after(giver, _AS)
        for at in range(begin, min(begin + _TELLING + 1, len(self._prompt))) if begin else ():
            if at > begin and (self._breaks(at) or joints.JOINS.match(self._plain[:at], at - 1)):
                return None
            person = self._figure_at(at)
            if person:
                role_words = range(person.at, person.end)
                end = person.end + (not self._breaks(person.end) and self._plain[person.end] in _COSTUMES)
                self._use(range(giver.end, begin), range(person.end, end))
                for word in filter(lambda word: self._plain[word] in WORDS, range(begin, at)):
                    self._prompt.use(word, word + 1, Use.IDLE)
                return replace(person, at=giver.at, end=end, role_words=role_words)
            if not self._prompt.free(at):
                return None
        return None

    def _clad(self, giver: Thing) -> Thing | None:
        """A frog in a tuxedo, in a black suit, in a wizard costume."""
        begin = self._after(giver, _IN)
        if not begin:
            return None
        costume = self._plain[begin - 1 - (self._plain[begin - 1] in ARTICLES)] not in _NOT_WITH
        person = self._figure_at(begin) if costume else None
        if person and not self._breaks(person.end) and self._plain[person.end] in _COSTUMES:
            self._use(range(giver.end, person.end + 1))
            return replace(person, at=giver.at, end=person.end + 1, role_words=range(person.at, person.end + 1))
        return self._in_clothes(giver, begin)

    def _in_clothes(self, giver: Thing, begin: int) -> Thing | None:
        """In a tuxedo, in a red and white sweater: what is worn has the colours that are said before it."""
        several = colours_of_one.listed(self._prompt, self._lexicon, begin)
        begin, colours = (several.words.stop, several.paints) if several else (begin, ())
        for at in range(begin, min(begin + _COLOURS + 1, len(self._prompt))):
            found = _CLOTHES.match(self._plain[: self._prompt.comma(at)], at)
            number = self._lexicon.named(found[0]) if found else None
            if found and number is not None:
                if found[0] not in _PLAINLY and (not figures.CUT.issuperset(colours) or self._is_somebody(giver)):
                    return None
                end = at + found[1]
                self._use(range(giver.end, end))
                clothed = Thing(number, self._name(number), giver.at, end, role_words=range(at, end))
                painted = colours and {*colours} <= {*self._lexicon.vocabulary.paints} and found[0] in _PAINTED
                return clothed.painted(colours[0], self._lexicon.bare, colours[1:]) if painted else clothed
            word = self._plain[at]
            coloured = word in figures.CUT or word in self._lexicon.vocabulary.paints
            if not (coloured or word in _WOVEN) or self._breaks(at + 1):
                return None
            colours = (word,) if coloured else colours
        return None

    def _doing(self, giver: Thing) -> Thing | None:
        """A fox juggling, a juggling fox."""
        at, end = giver.end, self._prompt.comma(giver.end - 1)
        while at < end and at < giver.end + figures.BETWEEN_MOST and self._plain[at] in figures.BETWEEN:
            at += 1
        found = figures.DEEDS.match(self._plain[:end], at)
        led = self._is_somebody(giver) or self._plain[at : at + 1] == [] or self._plain[at] not in _NOT_LED
        if found and (number := self._doer(found[0], giver)) is not None and led:
            stop = at + found[1]
            if found[1] == 1 and stop < end and self._plain[stop] in figures.NOT_BEFORE.get(found[0][0], ()):
                return None
            self._use(range(giver.end, stop))
            return None if number == giver.number else Thing(number, self._name(number), giver.at, stop)
        before = giver.at - 1
        led = self._prompt.free(before) and not self._prompt.words[giver.at].breaks
        found = figures.BEFORE.match(self._plain[: giver.at], before) if led else None
        if found and (number := self._doer(found[0], giver)) is not None:
            self._use(range(before, giver.at))
            return Thing(number, self._name(number), before, giver.end)
        return None

    def _doer(self, names: tuple[str, ...], giver: Thing) -> int | None:
        number = self._lexicon.named(names[0])
        if self._is_somebody(giver):
            return number if number is not None and self._icon(number) in busts.DOING else None
        return None if names[0] in _NO_DEEDS else number

    def _as_done_by(self, giver: Thing, person: Thing) -> Thing:
        """Somebody who does something, as a man or a woman does it."""
        other = _OF_WOMEN.get(person.name, "") if self._icon(giver.number) in busts.FEMALE else ""
        number = self._lexicon.named(other) if other else None
        return person if number is None else replace(person, number=number, name=self._name(number))

    # words

    def _after(self, giver: Thing, led: Phrases[bool]) -> int:
        """Where what follows an animal and some words begins, behind its article; 0 without them."""
        at, end = giver.end, self._prompt.comma(giver.end - 1)
        starts = [at]
        while len(starts) <= _LINKING and starts[-1] < end and self._plain[starts[-1]] in _LINKS:
            starts.append(starts[-1] + 1)  # a cat that is dressed as a wizard
        matched = ((start, led.match(self._plain[:end], start)) for start in starts)
        begin = max((start + found[1] for start, found in matched if found), default=end)
        begin += begin < end and self._plain[begin] in ARTICLES
        return begin if begin < end else 0

    def _figure_at(self, at: int) -> Thing | None:
        """The person whose name, or a word for whom, begins at a word."""
        named = next((each for each in self._scene.things if each.at == at and not each.alone and not each.head), None)
        if named:
            return replace(named, exact=False) if self._is_figure(named.number) else None
        for end in (at + 2, at + 1):
            if end <= self._prompt.comma(at) and all(map(self._prompt.free, range(at, end))):
                number = by_synonym(self._lexicon, "".join(self._plain[at:end]))
                if number is not None and self._is_figure(number):
                    return Thing(number, self._name(number), at, end, self._prompt.said(at, end))
        return None

    def _is_figure(self, number: int) -> bool:
        """Whether somebody is more than a man or a woman: an astronaut, a juggler."""
        subject = self._lexicon.vocabulary.subjects[number]
        if subject.icon in PLACES:
            return True
        words = phrase(subject.names[0])
        person = any(map(is_person, words)) and FACE not in words and number not in self._lexicon.faces
        return person and subject.icon not in _PLAIN and role(subject) in (ThingRole.HEAD, ThingRole.BEING)

    def _is_last(self, at: int) -> bool:
        """Whether no word follows that would be meant then: a cat wizard hat, a superhero cat lady."""
        if self._breaks(at):
            return True
        word = self._plain[at]
        if is_verb_or_adverb(word) or joints.JOINS.match(self._plain, at):
            return True
        named = any(each.at == at for each in self._scene.things)
        return not (named or word in WORN_WORDS or word in _COSTUMES or is_listed(word))

    def _is_possessive(self, thing: Thing) -> bool:
        return not _APOSTROPHES.isdisjoint(self._prompt.said(thing.at, thing.end))

    def _breaks(self, at: int) -> bool:
        """Whether the part of the prompt ends before a word."""
        return at >= len(self._prompt) or self._prompt.words[at].breaks

    def _icon(self, number: int) -> str:
        return self._lexicon.vocabulary.subjects[number].icon

    def _name(self, number: int) -> str:
        return self._lexicon.vocabulary.subjects[number].names[0]

    def _use(self, *spans: range) -> None:
        for span in spans:
            self._prompt.use(span.start, span.stop)

    # who

    def _is_for_all(self, person: Thing) -> bool:
        """Whether several do or are it, where several are named: a cat and a dog dancing, dressed as wizards."""
        typed = self._plain[person.role_words.start : person.role_words.stop]
        return not typed or typed[-1].endswith("s")

    def _shared(self, giver: Thing, *, done: bool) -> list[Thing] | None:
        """Those before one in a row with it; None where any of them cannot be shown so. `done`: they do something."""
        row, last = list[Thing](), giver
        for each in sorted(self._scene.things, key=lambda each: -each.at):
            if each.end > last.at:
                continue
            found = joints.before(self._prompt, last.at, each.end)
            if not (found and found[0] is Join.AND) and not self._breaks(each.end):
                break
            figure = self._is_figure(each.number)
            if not each.head and (done or not figure):
                head = None if each.alone else self._head(each)
                if not head and not figure:
                    return None
                row += [head] if head else []
            last = each
        return row

    def _put(self, giver: Thing, person: Thing, *, alone: bool) -> None:
        """One thing of both; nothing else is within its words. `alone`: whose plural is told by the person's, too."""
        span = range(min(giver.at, person.at), max(giver.end, person.end))
        self._use(range(giver.at, giver.end), person.role_words if alone else range(0))
        kept = [each for each in self._scene.things if each.end <= span.start or each.at >= span.stop]
        words = person.role_words if alone else range(0)
        person = self._as_done_by(giver, person)
        whole = replace(person, at=span.start, end=span.stop, head=giver, role_words=words, exact=False)
        self._scene.things = [*kept, whole]
