"""Each interaction and each asking reaction has what it may have; silence has an excuse, or is the bot's fault."""

import time

import pytest

from tests.faults.account import Claim
from tests.faults.book import AT, DM, GALLERY, OTHER, OWNER, Book, kinds, posted, waiting
from tests.faults.shown import Shown
from tests.faults.troubles import Trouble


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.mark.parametrize(
    ("kind", "begin", "end", "excused"),
    [
        (Trouble.DEAF, AT - 5, AT + 5, True),
        (Trouble.DIED, AT + 0.5, AT + 0.5, True),  # it had no time to answer
        (Trouble.STOPPED, AT + 0.5, AT + 0.5, True),
        (Trouble.DIED, AT + 2, AT + 2, False),  # it had
        (Trouble.DIED, AT - 9, AT - 9, False),
        (Trouble.DEAF, AT + 0.5, AT + 5, False),  # it had heard
        (Trouble.DEAF, AT - 5, AT - 1, False),  # it was back
        (Trouble.FROZEN, AT - 1, AT + 3, True),
        (Trouble.FROZEN, AT - 3, AT + 1, False),  # what came waited for it
        (Trouble.ANSWERS, AT - 1, AT + 5, False),  # of others
        (Trouble.SLOW_ANSWERS, AT - 1, AT + 5, False),
        (Trouble.QUEUE, AT - 1, AT + 5, False),  # it says so, in words
        (Trouble.MESSAGES, AT - 1, AT + 5, False),
    ],
)
def test_an_unanswered_interaction_is_excused_only_by_what_kept_the_bot_from_answering(
    book: Book, kind: Trouble, begin: float, end: float, excused: bool
) -> None:
    book.deed(state="failed", answer_type=None)
    book.trouble(kind, begin, end)
    account = book.settle()
    assert (account.unanswered, len(account.ignored)) == (int(excused), int(not excused))


def test_an_interaction_whose_answer_discord_refused_is_excused(book: Book) -> None:
    book.deed(state="failed", answer_type=None)
    book.record.refused.add(8)
    assert len(book.settle().ignored) == 1
    book.record.refused.add(9)
    assert book.settle().unanswered == 1


@pytest.mark.parametrize(("again", "excused"), [("old", False), ("new", True)])
def test_what_comes_while_a_session_is_away_is_lost_unless_it_is_resumed(book: Book, again: str, excused: bool) -> None:
    def session(name: str, connected: bool) -> None:
        number = book.record._number + 1
        facts = {"session_id": name, "connected": connected}
        book.record.take({"n": number, "event": "gateway", "session": facts})

    session("old", True)
    session("old", False)
    book.deed(at=time.monotonic(), state="failed", answer_type=None)
    session(again, True)
    assert len(book.settle().ignored) == int(not excused)


def test_a_bot_that_redis_holds_up_may_be_struck_for_longer(book: Book) -> None:
    book.deed(state="failed", answer_type=None)
    book.trouble(Trouble.DIED, AT + 2, AT + 2)
    assert len(book.settle().ignored) == 1
    book.trouble(Trouble.QUEUE, AT - 1, AT + 4)
    assert book.settle().ignored == []


@pytest.mark.parametrize(("after", "accepted", "ignored"), [(5, False, 0), (60, False, 1), (5, True, 1)])
def test_a_deferral_of_a_bot_that_died_is_excused_only_while_nothing_was_accepted(
    book: Book, after: float, accepted: bool, ignored: int
) -> None:
    book.deed(message_id=5, answer_type=5)
    book.message(5, Shown(AT + 1, "", (), (), thinking=True), deed=9)
    if accepted:
        book.message(6, waiting("9"), posted("9"))
    book.trouble(Trouble.DIED, AT + after, AT + after)
    assert len(book.settle().ignored) == ignored


@pytest.mark.parametrize("cut_off", [True, False])
def test_a_job_in_a_message_of_its_own_was_answered_too_late(book: Book, cut_off: bool) -> None:
    book.deed(state="failed", answer_type=None)
    book.message(6, posted("9"))
    if cut_off:
        book.trouble(Trouble.DIED, AT + 2, AT + 2)
    account = book.settle()
    assert (account.late, len(account.ignored)) == ((1, 0) if cut_off else (0, 1))


@pytest.mark.parametrize(("gone", "ignored"), [(AT + 1, 0), (AT + 30, 1)])
def test_a_deferral_is_nobodys_fault_when_its_channel_goes(book: Book, gone: float, ignored: int) -> None:
    book.deed(message_id=5, answer_type=5)
    book.message(5, Shown(AT + 1, "", (), (), thinking=True), deed=9)
    book.record.gone[GALLERY] = gone
    assert len(book.settle().ignored) == ignored


@pytest.mark.parametrize(("jobs", "broken"), [(1, []), (2, ["accepted 2 times"])])
def test_a_reaction_has_one_job(book: Book, jobs: int, broken: list[str]) -> None:
    book.message(5, waiting(), posted())
    book.react(person=OTHER)
    for number in range(jobs):
        job = f"r5-{number:010x}"
        book.message(6 + number, waiting(job, owner=OTHER, prompt="x"), posted(job, owner=OTHER, prompt="x"))
    account = book.settle()
    assert (kinds(account.broken), account.ignored, account.missed) == (broken, [], 0)


def test_jobs_of_reactions_that_only_the_books_know_count_as_well(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.react()
    claims = {f"r5-{number}": Claim("cancelled", GALLERY, OWNER, 5) for number in range(2)}
    assert kinds(book.settle(claims).broken) == ["accepted 2 times"]


def test_a_job_that_nobody_asked_for_is_found(book: Book) -> None:
    book.message(5, waiting("7"), posted("7"))
    book.message(6, waiting("r5-00", prompt="x"), posted("r5-00", prompt="x"))
    assert sorted(kinds(book.settle().broken)) == ["unasked", "unasked"]


@pytest.mark.parametrize(
    ("trouble", "ignored"), [(None, 1), (Trouble.DEAF, 0), (Trouble.MESSAGES, 0), (Trouble.QUEUE, 1)]
)
def test_a_reaction_that_came_to_nothing_has_words_or_an_excuse(
    book: Book, trouble: Trouble | None, ignored: int
) -> None:
    book.message(5, waiting(), posted())
    book.react()
    if trouble:
        book.trouble(trouble, AT - 1, AT + 3)
    account = book.settle()
    assert (len(account.ignored), account.missed) == (ignored, 1 - ignored)


def test_words_about_a_reaction_are_no_silence(book: Book) -> None:
    book.message(5, waiting(), posted())
    book.react()
    book.trouble(Trouble.QUEUE, AT - 1, AT + 3)
    said = "Easel's queue is away for a moment. If nothing happens here within a minute, please try again."
    link = f"https://discord.com/channels/10/{GALLERY}/5"
    book.message(60, Shown(AT + 2, f"{said}\n-# About your reaction to {link}", (), ()), channel=DM)
    account = book.settle()
    assert (account.broken, account.ignored, dict(account.refused)) == ([], [], {"QueueAway": 1})


@pytest.mark.parametrize("asked", [False, True])
def test_a_prompt_has_no_more_jobs_than_it_was_asked_for(book: Book, asked: bool) -> None:
    book.deed(8)
    book.press("rerun", "8") if asked else book.deed(9)
    for number in (8, 9):
        book.message(number, waiting(str(number)), posted(str(number)))
    assert kinds(book.settle().broken) == ([] if asked else ["accepted 2 times"])
