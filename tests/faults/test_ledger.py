"""The ledger finds what it is there to find: each promise is broken here once, on paper."""

import random

import pytest

from bot import texts
from tests.faults.account import PLACES_MAX, SILENCE_MAX, Claim
from tests.faults.book import AT, DM, GALLERY, OWNER, THREAD, Book, calm, ended, kinds, posted, step, waiting
from tests.faults.ledger import Facts
from tests.faults.mistakes import MISTAKES
from tests.faults.shown import Shown
from tests.faults.troubles import Trouble
from worker.contract.message.custom_ids import FormId, FormStep, TellId, TellStep
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.request import Upscale
from worker.contract.types.server_settings import Limits, ServerSettings

SIGNS = {verb: row.reactions[0] for verb, row in VERBS.items() if row.reactions}
LARGER = Upscale(upscaler="fake", scale=4, width=128, height=128)


@pytest.fixture
def book() -> Book:
    return Book()


def facts(book: Book) -> Facts:
    return Facts(book.record, book.pictures)


def test_a_round_in_which_all_went_well_keeps_every_promise() -> None:
    account = calm().settle()
    assert (account.accepted, account.posted, account.reactions) == (100, 100, 20)
    assert (account.broken, account.ignored, account.missed) == ([], [], 0)
    assert {name: share.some for name, share in account.exempt.items()} == dict.fromkeys(account.exempt, 0)


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("seed", range(3))
def test_each_mistake_is_found_as_often_as_it_was_made(name: str, seed: int) -> None:
    mistake = MISTAKES[name]
    made, found = mistake.found(facts(calm()), random.Random(seed))
    assert made >= 20
    assert found == made


@pytest.mark.parametrize("name", MISTAKES)
def test_a_storm_excuses_no_more_than_its_bound(name: str) -> None:
    """Every ten seconds something is struck: the bot is cut off, Redis is away, a worker is killed."""
    book = calm()
    for start in range(int(AT), 900, 40):
        book.trouble(Trouble.DEAF, start, start + 3)
        book.trouble(Trouble.QUEUE, start + 10, start + 12)
        book.trouble(Trouble.WORKER, start + 20, start + 23, "north")
    book.trouble(Trouble.CLOSED, AT + 100, AT + 120, GALLERY)
    mistake = MISTAKES[name]
    made, found = mistake.found(facts(book), random.Random(1))
    assert found >= mistake.share * made


def test_what_was_posted_once_keeps_every_promise(book: Book) -> None:
    book.deed(message_id=5)
    book.message(5, waiting("9"), step(1, job="9"), step(9, job="9"), step(1, again="try 2 · ", job="9"), posted("9"))
    book.picture(job="9")
    account = book.settle()
    assert (account.accepted, account.posted, account.broken, account.ignored) == (1, 1, [], [])


def test_a_job_that_was_never_brought_to_its_end_is_lost(book: Book) -> None:
    book.message(5, waiting(), step(3))
    assert kinds(book.settle().broken) == ["lost"]


def test_a_job_that_easel_has_forgotten_is_lost(book: Book) -> None:
    book.message(5, waiting(), Shown(AT + 3, "**x**\nEasel no longer knows this.", (), (("delete", "job"),)))
    assert book.settle().lost == 1


@pytest.mark.parametrize("channel", [GALLERY, THREAD])
@pytest.mark.parametrize(
    ("last", "begin", "end", "struck", "lost"),
    [
        (waiting(), AT, 500.0, False, 0),  # closed when its job went on
        (step(3), AT + 10, AT + 15, False, 0),
        (waiting(), 0.0, AT - 1, False, 1),  # open again before
        (waiting(), AT + 30, 500.0, False, 1),  # closed long after
        (waiting(), AT + 30, 500.0, True, 0),  # but nobody in front of it could go on
        (waiting(), AT + 60, 500.0, True, 1),
        (step(3), AT + 30, 500.0, True, 1),
        (waiting(place=62), AT + 30, AT + 33, False, 0),  # who waits far behind is told no news for longer
        (waiting(place=62), AT + 60, 500.0, False, 1),
    ],
)
def test_a_closed_place_is_an_excuse_only_while_it_is_closed(
    book: Book, last: Shown, begin: float, end: float, struck: bool, lost: int, channel: int
) -> None:
    book.message(5, last, channel=channel)
    if struck:
        book.trouble(Trouble.QUEUE, AT + 2, AT + 9)
        book.trouble(Trouble.WORKER, AT + 9, AT + 19, "north")
    book.trouble(Trouble.CLOSED, begin, end, GALLERY)
    book.trouble(Trouble.CLOSED, 0.0, 500.0, THREAD + 1)
    account = book.settle()
    assert (account.lost, account.unreachable) == (lost, 1 - lost)


@pytest.mark.parametrize(
    ("how", "vanished"), [("nobody", 1), ("owner", 0), ("reaction", 0), ("moderator", 0), ("channel", 0)]
)
def test_a_deleted_message_was_deleted_by_somebody(book: Book, how: str, vanished: int) -> None:
    book.message(5, waiting()).deleted = AT + 4
    if how == "owner":
        book.press("delete")
    elif how == "reaction":
        book.react("❌")
    elif how == "moderator":
        book.record.removed.add(5)
    elif how == "channel":
        book.record.gone[GALLERY] = AT + 4
    account = book.settle()
    assert (account.removed, kinds(account.broken)) == (1, ["vanished"] * vanished)


def test_the_same_picture_in_two_messages_is_posted_twice(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.message(6, posted("other"))
    book.picture(5)
    book.picture(6, job="other")
    account = book.settle()
    assert account.twice == 1
    assert "posted twice" in kinds(account.broken)


@pytest.mark.parametrize(("gone", "twice"), [(AT + 2, 0), (AT + 9, 1), (None, 1)])
def test_what_went_with_its_channel_is_brought_once_more(book: Book, gone: float | None, twice: int) -> None:
    """Its answer was lost, the channel was deleted, and so they came to their owner by direct message."""
    book.message(5, posted(at=AT + 1))
    book.message(6, posted(at=AT + 3), channel=DM)
    book.picture(5)
    book.picture(6)
    if gone:
        book.record.gone[GALLERY] = gone
    assert book.settle().twice == twice


@pytest.mark.parametrize(("copies", "asked", "found"), [(1, 1, []), (2, 1, ["sent 2 times"]), (1, 0, ["sent 1 times"])])
def test_what_was_sent_to_somebody_is_no_second_posting(book: Book, copies: int, asked: int, found: list[str]) -> None:
    book.deed(message_id=5)
    book.message(5, waiting("9"), posted("9"))
    book.picture(job="9")
    for number in range(asked):
        book.press("send", "9", 20 + number)
        book.told("It is in your direct messages.", 20 + number, 30 + number)
    for number in range(copies):
        text = "-# Seed 7, from https://discord.com/channels/10/77/5"
        book.message(60 + number, Shown(AT + 9, text, (("easel-9-1.png", "http://x/9"),), ()), channel=DM)
        book.picture(60 + number, "9")
    assert kinds(book.settle().broken) == found


@pytest.mark.parametrize(("asked", "found"), [(True, []), (False, ["sent 1 times"])])
def test_an_envelope_as_reaction_asks_for_it_too(book: Book, asked: bool, found: list[str]) -> None:
    book.deed(message_id=5)
    book.message(5, waiting("9"), posted("9"))
    book.picture(job="9")
    if asked:
        book.react(SIGNS[Verb.SEND], job="9")
    text = "-# Seed 7, from https://discord.com/channels/10/77/5"
    book.message(60, Shown(AT + 9, text, (("easel-9-1.png", "http://x/9"),), ()), channel=DM)
    assert kinds(book.settle().broken) == found


def test_moments_of_its_way_are_another_picture_in_two_files_that_count_as_one(book: Book) -> None:
    book.rules.note("10", ServerSettings(each=Limits(day_pictures=2)), 0, 0)
    book.used = {("10", ""): 2, ("10", str(OWNER)): 2}
    book.message(5, posted("a", AT - 9))
    book.press("cameabout", "a")
    book.message(6, waiting("9"), posted("9"), deed=9)
    book.picture(5, "a")
    for number in (1, 2):
        book.picture(6, "9", number, moments=8)
    assert book.settle().broken == []
    book.pictures.pop()
    assert kinds(book.settle().broken) == ["incomplete"]


@pytest.mark.parametrize("answered", [False, True])
def test_a_form_that_is_sent_asks_and_the_press_that_opens_it_does_not(book: Book, answered: bool) -> None:
    book.message(5, posted(at=AT - 9))
    book.press("edit", answer_type=9)
    book.deed(10, kind=5, name=str(FormId(FormStep.ASK)), message_id=60)
    if answered:
        book.message(60, waiting("10", prompt="a fox 1-5001"), posted("10", prompt="a fox 1-5001"), deed=10)
    assert kinds(book.settle().broken) == ([] if answered else ["nothing came of interaction 10 (2"])


@pytest.mark.parametrize(
    ("wish", "kept", "found"),
    [
        ("press", [5], []),
        ("press", [], ["not kept"]),
        ("reaction", [5], []),
        ("reaction", [], []),  # it has no answer that promises anything
        ("none", [5], ["kept unasked"]),
    ],
)
def test_what_was_said_to_be_kept_is_and_nothing_else(book: Book, wish: str, kept: list[int], found: list[str]) -> None:
    book.message(5, posted(at=AT - 9))
    if wish == "press":
        book.press("keep")
        book.told(texts.kept(ENGLISH))
    elif wish == "reaction":
        book.react(SIGNS[Verb.KEEP])
    account = Facts(book.record, book.pictures, kept={OWNER: set(kept)}).settle()
    assert kinds(account.broken) == found


@pytest.mark.parametrize(("way", "found"), [("reaction", []), ("always", []), ("none", ["told unasked"])])
def test_who_is_told_without_a_promise_has_wished_for_it(book: Book, way: str, found: list[str]) -> None:
    book.message(5, waiting(), posted())
    book.message(60, Shown(AT + 4, f"<@{OWNER}> Your picture is done.", (), ()), reply_to=5)
    if way == "reaction":
        book.react(SIGNS[Verb.TELL])
    elif way == "always":
        book.deed(20, kind=3, name=str(TellId(TellStep.ON)))
    assert kinds(book.settle().broken) == found


def test_a_promise_holds_though_its_answer_was_replaced_since(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.press("tell", at=AT + 1)
    said = (texts.told_when_done(asked=True, language=ENGLISH), texts.tells_late(always=True, language=ENGLISH))
    book.message(50, *(Shown(AT + 1 + n, each, (), ()) for n, each in enumerate(said)), ephemeral=True, deed=9)
    assert kinds(book.settle().broken) == ["untold"]


@pytest.mark.parametrize(("where", "found"), [(GALLERY, ["untold"]), (DM, [])])
def test_pictures_that_come_by_direct_message_tell_of_themselves(book: Book, where: int, found: list[str]) -> None:
    """Where they were asked for the channel was deleted, and they came to their owner."""
    asked_in = GALLERY if where == GALLERY else THREAD
    book.message(5, waiting(), channel=asked_in)
    book.message(6, posted(at=AT + 9), channel=where)
    if where != asked_in:
        book.record.gone[asked_in] = AT + 5
    book.press("tell", at=AT + 1)
    book.told(texts.told_when_done(asked=True, language=ENGLISH))
    broken = kinds(book.settle().broken)
    assert [each for each in broken if each == "untold"] == found


@pytest.mark.parametrize(("first", "twice"), [(None, 0), (LARGER, 1)])
def test_an_upscaled_picture_is_another_than_the_drawn_one(book: Book, first: Upscale | None, twice: int) -> None:
    book.message(5, waiting(), posted())
    book.message(6, posted("other"))
    book.picture(5, upscale=first)
    book.picture(6, job="other", upscale=LARGER)
    assert book.settle().twice == twice


@pytest.mark.parametrize("deleted", [False, True])
def test_a_second_message_that_goes_on_waiting_is_stale(book: Book, deleted: bool) -> None:
    book.message(5, waiting())
    book.message(6, waiting(), posted(), channel=DM if deleted else GALLERY)
    book.picture(6)
    if deleted:
        book.record.gone[GALLERY] = AT + 400
    account = book.settle()
    assert (account.posted, account.stale) == (1, 0 if deleted else 1)


def test_a_missing_and_a_misplaced_picture_are_found(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.picture(5, count=2)
    book.picture(5, number=2, seed=8, prompt="another 1-0002", count=2)
    assert kinds(book.settle().broken) == ["misplaced"]
    book.pictures.pop()
    assert kinds(book.settle().broken) == ["incomplete"]


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
    assert book.settle().disordered >= 1


@pytest.mark.parametrize(
    ("struck", "slow", "back", "found"),
    [(True, True, True, 0), (True, False, True, 2), (False, True, True, 2), (True, True, False, 2)],
)
def test_an_edit_that_discord_was_late_with_may_hide_the_end_for_a_moment(
    book: Book, struck: bool, slow: bool, back: bool, found: int
) -> None:
    book.message(5, waiting(), posted(at=AT + 3), step(2, at=AT + 4), *([posted(at=AT + 5)] if back else []))
    book.trouble(Trouble.POSTER, AT - 30, AT - 20)
    if struck:
        book.trouble(Trouble.POSTER, AT - 5, AT)
    if slow:
        book.trouble(Trouble.MESSAGES, AT - 6, AT + 4)
    account = book.settle()
    assert account.disordered == min(found, 1)
    assert account.exempt["edits that came late"].some == (found == 0)


def test_an_answer_of_which_nothing_came_is_found(book: Book) -> None:
    book.deed()
    assert "nothing came of interaction 9" in book.settle().broken[0]


@pytest.mark.parametrize(
    ("state", "found"), [("posted", "unseen"), ("failed", "unseen"), ("claimed", "unfinished"), ("cancelled", "")]
)
def test_the_books_may_not_claim_more_than_people_saw(book: Book, state: str, found: str) -> None:
    broken = book.settle({"quiet": Claim(state, GALLERY)}).broken
    assert "".join(kinds(broken)) == found


@pytest.mark.parametrize(("kind", "name", "most"), [(Trouble.DEAF, "silence", SILENCE_MAX),
                                                    (Trouble.CLOSED, "places", PLACES_MAX)])  # fmt: skip
@pytest.mark.parametrize("more", [False, True])
def test_what_nobody_looks_at_has_a_bound(kind: Trouble, name: str, most: float, more: bool) -> None:
    book = calm(100, 0, 0)
    book.trouble(kind, AT - 5, AT + 1000 * (most + 0.05 * (1 if more else -1)), GALLERY)
    account = book.settle()
    assert kinds(account.broken) == (["too much is exempt to say anything"] if more else [])
    assert account.exempt[name].some > 0


def test_gaps_in_the_record_void_it(book: Book) -> None:
    book.record.take({"n": 1, "event": "typing"})
    book.record.take({"n": 4, "event": "typing"})
    assert book.settle().broken == ["the record itself has gaps: 2 events"]
