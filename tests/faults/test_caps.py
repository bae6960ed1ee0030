"""A cap explains a refusal where so many jobs of theirs may have been open just then, as far as anybody saw."""

import pytest

from bot.errors import OverCap
from tests.faults.book import AT, GALLERY, Book, posted, waiting
from tests.faults.test_explain import broken, said
from tests.faults.troubles import Trouble
from worker.contract.store.jobs import AdmissionLimit, Refused


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.mark.parametrize(
    ("why", "waiting_jobs"),
    [
        (AdmissionLimit.PERSON, 2),
        (AdmissionLimit.EVERYWHERE, 2),
        (AdmissionLimit.SERVER, 3),
        (AdmissionLimit.TOTAL, 4),
    ],
)
@pytest.mark.parametrize("missing", [0, 1])
def test_a_cap_is_an_explanation_when_it_is_reached(
    book: Book, why: AdmissionLimit, waiting_jobs: int, missing: int
) -> None:
    book.deed()
    book.told(said(OverCap(Refused(why, 1, 1, 30.0))))
    for number in range(waiting_jobs - missing):
        book.message(10 + number, waiting(f"j{number}", AT - 5), posted(f"j{number}", AT + 50))
    for number in range(4):
        book.message(20 + number, waiting(f"past{number}", AT - 60), posted(f"past{number}", AT - 20))
    assert broken(book.settle()) is bool(missing)


@pytest.mark.parametrize(("kind", "explained"), [(None, False), (Trouble.WORKER, False), (Trouble.QUEUE, True),
                                                 (Trouble.POSTER, True), (Trouble.MESSAGES, True)])  # fmt: skip
def test_a_cap_counts_whose_end_could_not_be_written_down(book: Book, kind: Trouble | None, explained: bool) -> None:
    book.deed()
    book.told(said(OverCap(Refused(AdmissionLimit.PERSON, 1, 1, 30.0))))
    for number in range(2):
        book.message(10 + number, waiting(f"j{number}", AT - 20), posted(f"j{number}", AT - 12))
    book.trouble(Trouble.QUEUE, AT - 30, AT - 20)
    if kind:
        book.trouble(kind, AT - 8, AT - 5, "north")
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize("reacted", [False, True])
def test_a_cap_counts_what_was_asked_for_by_reaction_and_not_shown_yet(book: Book, reacted: bool) -> None:
    book.deed()
    book.told(said(OverCap(Refused(AdmissionLimit.PERSON, 1, 1, 30.0))))
    for number in range(2):
        job = f"r{5 + number}-000000000a"
        book.message(10 + number, waiting(job, AT + 5), posted(job, AT + 9), reply_to=5 + number)
        book.react(message=5 + number, at=AT - 1 if reacted else AT + 1)
    assert broken(book.settle()) is not reacted


@pytest.mark.parametrize("lag", [0.0, 2.0])
@pytest.mark.parametrize(("begin", "end"), [(AT + 1, AT + 50), (AT - 20, AT - 7)])
def test_a_cap_counts_what_a_busy_machine_noted_late(book: Book, begin: float, end: float, lag: float) -> None:
    book.deed()
    book.told(said(OverCap(Refused(AdmissionLimit.PERSON, 1, 1, 30.0))))
    for number in range(2):
        book.message(10 + number, waiting(f"j{number}", begin), posted(f"j{number}", end))
    book.record.lag = lag
    assert broken(book.settle()) is not bool(lag)


@pytest.mark.parametrize(("why", "explained"), [(AdmissionLimit.PERSON, False), (AdmissionLimit.EVERYWHERE, True)])
def test_a_person_has_a_cap_in_each_server_and_one_over_all(book: Book, why: AdmissionLimit, explained: bool) -> None:
    book.record.servers[500] = 50
    book.deed()
    book.told(said(OverCap(Refused(why, 1, 1, 30.0))))
    for number, channel in enumerate((GALLERY, 500)):
        book.message(10 + number, waiting(f"j{number}", AT - 5), posted(f"j{number}", AT + 50), channel=channel)
    assert broken(book.settle()) is not explained
