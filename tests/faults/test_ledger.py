"""The ledger finds what it is there to find: each promise is broken here once, on paper."""

import pytest

from tests.faults.ledger import Picture, settle, words
from tests.faults.record import Phase, Record, Shown, Timeline
from tests.worker.contract.factories import new_job, request, upscale_job
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.types.job import Job, NewJob, State
from worker.contract.types.recipe import Recipe
from worker.contract.types.request import Upscale

BOT, GALLERY = 1, 77
WAITING, DRAWING, FINAL = (("cancel", "job"),), (("cancel", "job"),), (("rerun", "job"), ("delete", "job"))
PROMPT = "a fox 1-0001"
LARGER = Upscale(upscaler="fake", scale=4, width=128, height=128)


class Book:
    """A record written by hand."""

    def __init__(self) -> None:
        self.record = Record(BOT)
        self.pictures: list[Picture] = []

    def message(self, number: int = 5, *shown: Shown, channel: int = GALLERY, ephemeral: bool = False) -> Timeline:
        line = Timeline(number, channel, BOT, ephemeral, None, None, list(shown))
        self.record.messages[number] = line
        return line

    def picture(self, message: int = 5, job: str = "job", number: int = 1, seed: int = 7, **fields: object) -> None:
        made = request(prompt=PROMPT, seed=seed, count=1).model_copy(update=fields)
        self.pictures.append(Picture(message, job, number, Recipe(request=made)))

    def deed(self, number: int = 9, **facts: object) -> None:
        raw = {"id": number, "kind": 2, "name": "imagine", "person_id": 3, "channel_id": GALLERY, "state": "answered",
               "answer_type": 4, "message_id": None, "first_answer_ms": 5.0}  # fmt: skip
        self.record.take({"n": self.record._number + 1, "event": "interaction", "interaction": raw | facts})


@pytest.fixture
def book() -> Book:
    return Book()


def waiting() -> Shown:
    return Shown(1, f"**{PROMPT}** — <@3>\n-# waiting · place 2", (), WAITING)


def step(number: int, of: int = 10, again: str = "") -> Shown:
    return Shown(2, f"**{PROMPT}** — <@3>\n-# {again}drawing · step {number} of {of} ▰▱", (), DRAWING)


def posted(job: str = "job", name: str = "easel-job-1.png") -> Shown:
    buttons = (("rerun", job), ("delete", job))
    return Shown(3, f"**{PROMPT}** — <@3>\n-# starter · 3 s", ((name, "http://x/1"),), buttons)


def ended(words: str) -> Shown:
    return Shown(3, f"**{PROMPT}** — <@3>\n{words}", (), FINAL)


def test_what_was_posted_once_keeps_every_promise(book: Book) -> None:
    book.deed(message_id=5)
    book.message(5, waiting(), step(1), step(9), step(1, again="try 2 · "), posted())
    book.picture()
    account = settle(book.record, book.pictures, set())
    assert (account.accepted, account.posted, account.broken, account.ignored) == (1, 1, [], [])


@pytest.mark.parametrize(
    ("shown", "counter"),
    [(ended("Cancelled."), "cancelled"), (step(3), "lost"), (ended("Easel no longer knows this request."), "failed")],
)
def test_every_other_end_is_counted(book: Book, shown: Shown, counter: str) -> None:
    book.message(5, waiting(), shown)
    account = settle(book.record, [], set())
    found = getattr(account, counter)
    assert (found if isinstance(found, int) else found.total()) == 1
    assert bool(account.broken) is (counter == "lost")


def test_a_job_that_easel_has_forgotten_is_lost(book: Book) -> None:
    book.message(5, waiting(), Shown(3, "**x**\nEasel no longer knows this.", (), (("delete", "job"),)))
    assert settle(book.record, [], set()).lost == 1


def test_a_closed_or_deleted_place_is_nobodys_fault(book: Book) -> None:
    book.message(5, waiting(), channel=78)
    gone = book.message(6, Shown(1, "**x**\n-# waiting", (), (("cancel", "other"),)))
    gone.deleted = 4.0
    account = settle(book.record, [], {78})
    assert (account.unreachable, account.removed, account.broken) == (1, 1, [])


def test_the_same_picture_in_two_messages_is_posted_twice(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.message(6, posted("other", "easel-other-1.png"))
    book.picture(5)
    book.picture(6, job="other")
    account = settle(book.record, book.pictures, set())
    assert account.twice == 1
    assert "posted twice" in account.broken[0]


@pytest.mark.parametrize("job", [new_job("job"), upscale_job("job"), upscale_job("job", alone=True)])
@pytest.mark.parametrize(("state", "attempt"), [(State.QUEUED, 0), (State.QUEUED, 1), (State.CLAIMED, 1)])
def test_a_card_is_known_for_what_it_says(job: NewJob, state: State, attempt: int) -> None:
    facts = job.model_dump(include={"id", "owner", "server", "request", "destination", "source"})
    made = Job.model_validate({**facts, "state": state, "attempt": attempt, "created": 0, "changed": 0})
    phase = Phase.WAITING if state is State.QUEUED else Phase.DRAWING
    assert Shown(1, card(made, ENGLISH)["content"], (), WAITING).phase is phase


@pytest.mark.parametrize(("first", "twice"), [(None, 0), (LARGER, 1)])
def test_an_upscaled_picture_is_another_than_the_drawn_one(book: Book, first: Upscale | None, twice: int) -> None:
    book.message(5, waiting(), posted())
    book.message(6, posted("other", "easel-other-1.png"))
    book.picture(5, upscale=first)
    book.picture(6, job="other", upscale=LARGER)
    assert settle(book.record, book.pictures, set()).twice == twice


def test_a_second_message_that_goes_on_waiting_is_stale(book: Book) -> None:
    book.message(5, waiting())
    book.message(6, waiting(), posted())
    book.picture(6)
    account = settle(book.record, book.pictures, set())
    assert (account.posted, account.stale) == (1, 1)


def test_a_missing_and_a_misplaced_picture_are_found(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.picture(5, count=2)
    book.picture(5, number=2, seed=8, prompt="another 1-0002", count=2)
    assert [each.split(":")[0] for each in settle(book.record, book.pictures, set()).broken] == ["misplaced"]
    book.pictures.pop()
    assert [each.split(":")[0] for each in settle(book.record, book.pictures, set()).broken] == ["incomplete"]


@pytest.mark.parametrize(
    "shown",
    [
        (posted(), step(9)),
        (ended("Cancelled."), posted()),
        (step(5), step(4)),
        (step(1, again="try 2 · "), step(9)),
    ],
)
def test_edits_out_of_order_are_found(book: Book, shown: tuple[Shown, ...]) -> None:
    book.message(5, *shown, ended("Cancelled.")) if shown[0].phase is shown[1].phase else book.message(5, *shown)
    assert settle(book.record, [], set()).disordered >= 1


def test_an_unanswered_interaction_is_the_bots_fault_only_while_it_hears(book: Book) -> None:
    book.deed(1, state="failed", answer_type=None)
    account = settle(book.record, [], set())
    assert (account.unanswered, len(account.ignored)) == (0, 1)
    book.record.deaf.append((book.record.deeds[1].at - 1, book.record.deeds[1].at + 1))
    account = settle(book.record, [], set())
    assert (account.unanswered, len(account.ignored)) == (1, 0)


@pytest.mark.parametrize(("after", "accepted", "ignored"), [(5, False, 0), (60, False, 1), (5, True, 1)])
def test_a_deferral_of_a_bot_that_died_is_excused_only_while_nothing_was_accepted(
    book: Book, after: float, accepted: bool, ignored: int
) -> None:
    book.deed(9, message_id=5, answer_type=5)
    book.message(5, Shown(9e9, "", (), (), thinking=True))
    if accepted:
        book.message(6, posted("9", "easel-9-1.png"))
    book.record.died.append(book.record.deeds[9].at + after)
    assert len(settle(book.record, [], set()).ignored) == ignored


def test_a_job_in_a_message_of_its_own_was_answered_too_late(book: Book) -> None:
    book.deed(9, state="failed", answer_type=None)
    book.message(6, posted("9", "easel-9-1.png"))
    account = settle(book.record, [], set())
    assert (account.late, account.ignored) == (1, [])


def test_a_deferral_is_nobodys_fault_once_its_channel_is_gone(book: Book) -> None:
    book.deed(message_id=5, answer_type=5)
    book.message(5, Shown(9e9, "", (), (), thinking=True))
    assert len(settle(book.record, [], set()).ignored) == 1
    book.record.gone.add(GALLERY)
    assert settle(book.record, [], set()).ignored == []


@pytest.mark.parametrize(
    ("state", "found"), [("posted", "unseen"), ("failed", "unseen"), ("claimed", "unfinished"), ("cancelled", "")]
)
def test_the_books_may_not_claim_more_than_people_saw(book: Book, state: str, found: str) -> None:
    broken = settle(book.record, [], set(), {"quiet": (state, GALLERY)}).broken
    assert "".join(each.split(":")[0] for each in broken) == found


def test_refusals_are_told_apart_by_their_words(book: Book) -> None:
    for number in (5, 6):
        book.deed(number, message_id=number)
        book.message(number, Shown(9e9, f"You have {number} requests waiting.", (), ()), ephemeral=True)
    assert settle(book.record, [], set()).refused == {"You have … requests waiting.": 2}


def test_gaps_in_the_record_void_it(book: Book) -> None:
    book.record.take({"n": 1, "event": "typing"})
    book.record.take({"n": 4, "event": "typing"})
    assert settle(book.record, [], set()).broken == ["the record itself has gaps: 2 events"]


def test_words_lose_what_is_personal() -> None:
    assert words("**x** — <@5>\n-# waiting · place 3 · about 41 s") == "waiting · place … · about … s"
