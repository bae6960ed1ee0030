"""The ledger finds one too many of anything that admins had set a limit for, and nothing where the limit was kept."""

from collections.abc import Callable

import pytest

from bot.errors import OverCap
from bot.layers import SERVER, Value
from bot.limit_errors import Blocked, OverLimit, Paused, SettingsChanging
from tests.faults.account import Claim
from tests.faults.book import AT, OTHER, OWNER, Book, kinds, posted, waiting
from tests.faults.shown import Shown
from tests.faults.test_explain import broken, said
from worker.contract.store.jobs import AdmissionLimit, Refused
from worker.contract.types.server_settings import Block, ServerSettings

SERVER_ID = "10"
Set = Callable[[ServerSettings], ServerSettings]


@pytest.fixture
def book() -> Book:
    return Book()


def limit(book: Book, key: str, value: object, since: float = 0.0, sure: float | None = None) -> None:
    """From `since` on, surely from `sure` on, an admin's word holds."""
    table, _, name = key.partition(".")
    settings = book.rules.possible(SERVER_ID, 1e9, 1e9)[-1]
    new: object = value
    if name:
        new = getattr(settings, table).model_copy(update={name: value})
    book.rules.note(SERVER_ID, settings.model_copy(update={table: new}), since, since if sure is None else sure)


def job(
    book: Book, number: int, at: float = AT, *, owner: int = OWNER, until: float = AT + 30, pictures: int = 1
) -> None:
    """One that was asked for, shown half a second later, and posted."""
    name = str(number)
    book.deed(number, at, person_id=owner, message_id=number)
    shown = (waiting(name, at + 0.5, owner=owner), posted(name, until, owner=owner))
    book.message(number, *shown, deed=number)
    for index in range(1, pictures + 1):
        book.picture(number, name, index, seed=number, count=pictures)


def excess(book: Book, charge: int = 0) -> list[str]:
    claims = {name.job or "": Claim("posted", 77, OWNER, None, charge) for name in book.record.messages.values()}
    return [each for each in kinds(book.settle(claims).broken) if each.startswith(("one too many", "accepted though"))]


@pytest.mark.parametrize("most", [2, 3])
@pytest.mark.parametrize("table", ["each", "together"])
def test_so_many_at_once(book: Book, table: str, most: int) -> None:
    limit(book, f"{table}.at_once", most)
    for number in range(3):
        job(book, 9 + number, AT + 2 * number)
    assert excess(book) == ([f"one too many at once ({table}.at_once)"] if most == 2 else [])


def test_what_has_ended_counts_no_more(book: Book) -> None:
    limit(book, "each.at_once", 1)
    job(book, 9, AT, until=AT + 10)
    job(book, 10, AT + 10.5)
    assert excess(book) == []


@pytest.mark.parametrize(
    ("since", "sure", "found"), [(AT + 5, AT + 6, False), (AT + 0.9, AT + 2, False), (AT - 5, AT - 4, True)]
)
def test_a_limit_counts_from_when_it_surely_held(book: Book, since: float, sure: float, found: bool) -> None:
    limit(book, "each.at_once", 1, since, sure)
    job(book, 9, AT - 20)
    job(book, 10, AT + 1)
    assert bool(excess(book)) is found


def test_what_is_noted_a_moment_late_is_held_against_nobody(book: Book) -> None:
    limit(book, "each.at_once", 1, AT + 0.5, AT + 0.5)
    job(book, 9, AT - 20)
    job(book, 10, AT + 1)  # pressed before that, and seen by the record after it
    assert excess(book) == []


@pytest.mark.parametrize("lag", [0.0, 3.0])
def test_a_record_that_was_late_says_so(book: Book, lag: float) -> None:
    limit(book, "each.at_once", 1, AT - 2, AT - 2)
    job(book, 9, AT - 20)
    job(book, 10, AT)
    book.record.lag = lag
    assert bool(excess(book)) is not bool(lag)


@pytest.mark.parametrize(("lifted", "found"), [(AT + 6, False), (AT + 9, True)])
def test_a_deferred_answer_is_admitted_when_its_card_is_shown(book: Book, lifted: float, found: bool) -> None:
    """While Redis was away it said "thinking", and by the end of that the limit may have been lifted."""
    limit(book, "each.day_pictures", 1)
    limit(book, "each.day_pictures", None, lifted)
    job(book, 9, AT - 20, until=AT - 10)
    book.deed(10, AT, message_id=10, answer_type=5)
    card = waiting("10", AT + 7)
    book.message(10, Shown(AT + 3, "", (), (), thinking=True), card, posted("10", AT + 8), deed=10)
    book.picture(10, "10", seed=10)
    assert bool(excess(book)) is found


@pytest.mark.parametrize("most", [3, 4])
@pytest.mark.parametrize("table", ["each", "together"])
def test_so_many_pictures_a_day(book: Book, table: str, most: int) -> None:
    limit(book, f"{table}.day_pictures", most)
    job(book, 9, AT, pictures=2)
    job(book, 10, AT + 2, pictures=2)
    assert excess(book) == ([f"one too many a day ({table}.day_pictures)"] if most == 3 else [])


@pytest.mark.parametrize("charge", [500, 501])
def test_so_much_time_a_day(book: Book, charge: int) -> None:
    limit(book, "each.day_gpu_seconds", 1)
    job(book, 9, AT)
    job(book, 10, AT + 2)
    assert excess(book, charge) == (["one too many a day (each.day_gpu_seconds)"] if charge > 500 else [])


@pytest.mark.parametrize(("third", "found"), [(2.0, True), (28.0, True), (31.0, False)])
def test_so_many_a_minute(book: Book, third: float, found: bool) -> None:
    """A minute's worth at once, and then one each half a minute."""
    limit(book, "each.per_minute", 2)
    for number, at in enumerate((0.0, 1.0, third)):
        job(book, 9 + number, AT + at, until=AT + at + 1)
    assert bool(excess(book)) is found


@pytest.mark.parametrize("most", [2, 3])
def test_so_many_in_one_request(book: Book, most: int) -> None:
    limit(book, "each.pictures", most)
    job(book, 9, pictures=3)
    assert excess(book) == (["one too many in one request"] if most == 2 else [])


@pytest.mark.parametrize(
    ("key", "value"), [("blocked", {OWNER: Block()}), ("blocked", {OTHER: Block()}), ("paused", "Later.")]
)
@pytest.mark.parametrize("since", [AT - 10, AT + 0.2])
def test_nobody_who_is_shut_out(book: Book, key: str, value: object, since: float) -> None:
    limit(book, key, value, since)
    job(book, 9)
    shut = since < AT and value != {OTHER: Block()}
    assert excess(book) == ([f"accepted though {key}"] if shut else [])


LIMITS = {
    AdmissionLimit.PERSON: ("each.at_once", 1),
    AdmissionLimit.SERVER: ("together.at_once", 1),
    AdmissionLimit.RATE_MEMBER: ("each.per_minute", 1),
    AdmissionLimit.RATE_SERVER: ("together.per_minute", 1),
    AdmissionLimit.DAY_PICTURES: ("each.day_pictures", 5),
    AdmissionLimit.SERVER_DAY_PICTURES: ("together.day_pictures", 5),
    AdmissionLimit.DAY_GPU: ("each.day_gpu_seconds", 1),
    AdmissionLimit.SERVER_DAY_GPU: ("together.day_gpu_seconds", 1),
}


@pytest.mark.parametrize("why", LIMITS)
@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("held", [False, True])
def test_a_limit_explains_a_refusal_when_it_held_and_was_reached(
    book: Book, why: AdmissionLimit, taken: bool, held: bool
) -> None:
    limit(book, *LIMITS[why], 0.0 if held else AT + 30)
    if taken:
        job(book, 9, AT - 5)
    book.deed(20)
    book.told(said(OverCap(Refused(why, 1, 1, 30.0))), deed=20)
    claims = {"9": Claim("posted", 77, OWNER, None, 600)} if taken else {"8": Claim("posted", 77, OTHER, None, 300)}
    assert broken(book.settle(claims)) is not (taken and held)


@pytest.mark.parametrize("held", [False, True])
def test_what_shuts_somebody_out_explains_a_refusal(book: Book, held: bool) -> None:
    since = AT - 1 if held else AT + 30
    for number, (key, value, told) in enumerate(
        (
            ("blocked", {OWNER: Block()}, Blocked(SERVER, "")),
            ("paused", "Later.", Paused(SERVER, "Later.")),
            ("each.pictures", 2, OverLimit("pictures", 4, Value(2, SERVER))),
            ("each.at_once", 2, SettingsChanging()),
        )
    ):
        limit(book, key, value, since)
        book.deed(20 + number)
        book.told(said(told), deed=20 + number, message=50 + number)
    assert broken(book.settle()) is not held


@pytest.mark.parametrize(("told", "found"), [(2, True), (3, False), (16, False), (30, True)])
def test_a_days_account_holds_what_was_posted(book: Book, told: int, found: bool) -> None:
    """At least: what was cancelled meanwhile may have been drawn in part."""
    job(book, 9, pictures=2)
    job(book, 10)
    book.used = {(SERVER_ID, ""): told, (SERVER_ID, str(OWNER)): 3}
    said = [each for each in book.settle().broken if each.startswith("the day's account")]
    assert bool(said) is found
