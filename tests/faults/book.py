"""Rounds written by hand, for tests of the ledger. All times are in seconds of a clock that begins at 0."""

from collections.abc import Mapping

from bot import texts
from tests.worker.contract.factories import request
from worker.contract.message.languages import ENGLISH
from worker.contract.types.recipe import Recipe

from .account import Claim, Ledger, Picture
from .ledger import Facts
from .record import Reaction, Record, Timeline
from .rules import Rules
from .shown import Shown
from .troubles import Trouble

BOT, OWNER, OTHER = 1, 3, 4
GALLERY, THREAD, DM = 77, 78, 99
CAPS, HOSTS = {"person": 2, "everywhere": 2, "server": 3, "total": 4}, ("north", "south")
PROMPT = "a fox 1-0001"
AT = 100.0  # when most things are done


class Book:
    """A record written by hand."""

    def __init__(self) -> None:
        self.record = Record(BOT)
        self.record.dms = {OWNER: DM}
        self.record.servers, self.record.parents = {GALLERY: 10, THREAD: 10}, {THREAD: GALLERY}
        self.pictures: list[Picture] = []
        self.rules = Rules()
        self.used: dict[tuple[str, str], int] = {}

    def settle(self, claims: Mapping[str, Claim] | None = None) -> Ledger:
        said = dict(claims or {})
        return Facts(
            self.record, self.pictures, said, CAPS, frozenset(HOSTS), self.rules, used=self.used
        ).settle()  # fmt: skip

    def message(
        self, number: int, *shown: Shown, channel: int = GALLERY, ephemeral: bool = False, deed: int | None = None,
        reply_to: int | None = None,
    ) -> Timeline:  # fmt: skip
        line = Timeline(number, channel, BOT, ephemeral, deed, reply_to, list(shown))
        self.record.messages[number] = line
        return line

    def picture(self, message: int = 5, job: str = "job", number: int = 1, seed: int = 7, **fields: object) -> None:
        made = request(prompt=PROMPT, seed=seed, count=1).model_copy(update=fields)
        self.pictures.append(Picture(message, job, number, Recipe(request=made)))

    def deed(self, number: int = 9, at: float = AT, **facts: object) -> None:
        """A command, unless the facts say otherwise."""
        raw = {"id": number, "kind": 2, "name": "imagine", "person_id": OWNER, "channel_id": GALLERY,
               "state": "answered", "answer_type": 4, "message_id": None, "source_id": None,
               "first_answer_ms": 5.0}  # fmt: skip
        self.record.take({"n": self.record._number + 1, "event": "interaction", "interaction": raw | facts})
        self.record.deeds[number].at = at

    def press(self, verb: str, job: str = "job", number: int = 9, at: float = AT, **facts: object) -> None:
        self.deed(number, at, **{"kind": 3, "name": f"1:{verb}:{job}:0", "source_id": 5, **facts})

    def told(self, text: str, deed: int = 9, message: int = 50) -> None:
        """Words for the one who did it alone."""
        self.message(message, Shown(self.record.deeds[deed].at + 0.1, text, (), ()), ephemeral=True, deed=deed)

    def react(self, emoji: str = "🔁", person: int = OWNER, message: int = 5, job: str = "job", at: float = AT) -> None:
        self.record.reactions.append(Reaction(message, GALLERY, person, emoji, at, job))

    def trouble(self, kind: Trouble, begin: float, end: float, where: int | str = "") -> None:
        self.record.troubles.note(kind, begin, end, where)


def _card(at: float, words: str, verbs: tuple[str, ...], job: str, prompt: str, owner: int) -> Shown:
    return Shown(at, f"**{prompt}** — <@{owner}>\n{words}", (), tuple((verb, job) for verb in verbs))


def waiting(job: str = "job", at: float = AT + 1, prompt: str = PROMPT, owner: int = OWNER, place: int = 2) -> Shown:
    return _card(at, f"-# {place}nd in line · about 9 s", ("cancel",), job, prompt, owner)


def step(number: int, of: int = 10, again: str = "", job: str = "job", at: float = AT + 2) -> Shown:
    words = f"-# {again}drawing · step {number} of {of} ▰▱"
    return _card(at, words, ("cancel",), job, PROMPT, OWNER)


def ended(words: str, job: str = "job", at: float = AT + 3, prompt: str = PROMPT, owner: int = OWNER) -> Shown:
    return _card(at, words, ("rerun", "delete"), job, prompt, owner)


def posted(job: str = "job", at: float = AT + 3, prompt: str = PROMPT, owner: int = OWNER) -> Shown:
    card = ended("-# starter · 3 s", job, at, prompt, owner)
    return Shown(at, card.content, ((f"easel-{job}-1.png", f"http://x/{job}"),), card.controls)


def calm(commands: int = 80, reactions: int = 20, bells: int = 40) -> Book:
    """A round in which all went well: commands that were answered by pictures, some drawn again, some told of."""
    book = Book()
    for number in range(commands):
        job, message, begun = str(1000 + number), 2000 + 10 * number, AT + 10.0 * number
        prompt = f"a fox 1-{number:04d}"
        book.deed(int(job), begun, message_id=message)
        shown = (waiting(job, begun + 0.1, prompt), posted(job, begun + 4, prompt))
        book.message(message, *shown, deed=int(job))
        if number >= commands - bells:
            bell = 500_000 + number
            book.press("tell", job, bell, begun + 0.5, channel_id=GALLERY, source_id=message)
            book.told(texts.told_when_done(asked=True, language=ENGLISH), bell, 600_000 + number)
            reply = Shown(begun + 4.5, f"<@{OWNER}> Your picture is done.", (), ())
            book.message(700_000 + 10 * number, reply, reply_to=message)
        if number < reactions:
            book.react(message=message, job=job, at=begun + 5)
            again = f"r{message}-{number:010x}"
            shown = (waiting(again, begun + 6, prompt), posted(again, begun + 9, prompt))
            book.message(message + 5, *shown, reply_to=message)
    return book


def kinds(broken: list[str]) -> list[str]:
    """What kinds of promises were broken."""
    return [each.split(":")[0] for each in broken]
