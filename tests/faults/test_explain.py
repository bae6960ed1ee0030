"""A refusal or a failure counts as explained only where the plan gives cause for it, just then and just there."""

import pytest

from bot import texts as bot_texts
from bot.errors import (
    AlreadyAsked,
    Forgotten,
    MissingPermissions,
    NoRecipe,
    NoSuchPicture,
    NothingLive,
    NotYet,
    NotYours,
    PictureUnread,
    Refusal,
    SourceGone,
    TooLate,
    Upscaled,
)
from bot.source_errors import BeginningGone
from bot.texts.server import answers as server_answers
from tests.faults.account import Ledger
from tests.faults.book import AT, DM, GALLERY, HOSTS, OTHER, THREAD, Book, ended, posted, step, waiting
from tests.faults.explain import _ENDINGS, _REFUSALS
from tests.faults.sentences import refusals_known
from tests.faults.shown import Shown
from tests.faults.troubles import Trouble
from worker.contract.message import texts
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason


@pytest.fixture
def book() -> Book:
    return Book()


def broken(account: Ledger) -> bool:
    return any(each.startswith(("unexplained", "unknown words", "an error")) for each in account.broken)


def said(error: Refusal) -> str:
    return bot_texts.refusal(error, ENGLISH)


AWAY, SLOW, DISCORD = (
    make(ENGLISH) for make in (bot_texts.queue_away, bot_texts.queue_slow, bot_texts.discord_away)
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        (AWAY, Trouble.QUEUE, ""),
        (SLOW, Trouble.QUEUE, ""),
        (DISCORD, Trouble.MESSAGES, ""),
        (DISCORD, Trouble.ANSWERS, ""),
        (said(PictureUnread()), Trouble.CDN, ""),
        (said(MissingPermissions(["attach_files"], GALLERY)), Trouble.CLOSED, GALLERY),
    ],
)
def test_trouble_explains_what_is_said_of_it_while_it_lasts(
    book: Book, text: str, kind: Trouble, where: int | str
) -> None:
    book.deed()
    book.told(text)
    assert broken(book.settle())
    book.trouble(kind, AT - 60, AT - 30, where)
    book.trouble(kind, AT + 60, AT + 90, where)
    book.trouble(kind, AT - 1, AT + 1, "elsewhere" if where else "")
    assert broken(book.settle()) is bool(where)
    book.trouble(kind, AT - 1, AT + 1, where)
    assert not broken(book.settle())


@pytest.mark.parametrize(("where", "explained"), [(THREAD, True), (GALLERY, True), (THREAD + 1, False)])
def test_what_is_closed_to_a_channel_is_closed_to_its_threads(book: Book, where: int, explained: bool) -> None:
    book.deed(channel_id=THREAD)
    book.told(said(MissingPermissions(["attach_files"], THREAD)))
    book.trouble(Trouble.CLOSED, AT - 1, AT + 1, where)
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize("kind", list(Trouble))
def test_an_error_of_easels_own_is_always_broken(book: Book, kind: Trouble) -> None:
    book.deed()
    book.told(bot_texts.unknown("0badcafe", ENGLISH))
    book.trouble(kind, AT - 1, AT + 1, GALLERY)
    assert broken(book.settle())


@pytest.mark.parametrize("text", ["No.", bot_texts.queue_refuses(ENGLISH), bot_texts.command_changed(ENGLISH)])
def test_what_has_no_cause_in_any_plan_is_broken(book: Book, text: str) -> None:
    book.deed()
    book.told(text)
    for kind in Trouble:
        book.trouble(kind, AT - 1, AT + 1, GALLERY)
    assert broken(book.settle())


@pytest.mark.parametrize(("hosts", "explained"), [(HOSTS[:1], False), (HOSTS, True)])
def test_no_worker_is_an_explanation_when_all_were_struck(book: Book, hosts: tuple[str, ...], explained: bool) -> None:
    book.deed()
    book.told(said(NothingLive(troubled=True)))
    for host in hosts:
        book.trouble(Trouble.WORKER, AT - 5, AT - 1, host)
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize(("starts", "explained"), [(1.0, False), (20.0, True)])
def test_a_worker_that_was_struck_is_away_for_as_long_as_a_start_takes(
    book: Book, starts: float, explained: bool
) -> None:
    book.deed()
    book.told(said(NothingLive(troubled=True)))
    book.record.starts = starts
    for before, host in zip((45, 5), HOSTS, strict=True):
        book.trouble(Trouble.WORKER, AT - before, AT - before + 3, host)
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize(("end", "explained"), [(AT - 2, True), (AT + 3, True), (AT + 40, False)])
def test_too_late_is_what_a_job_near_its_end_is(book: Book, end: float, explained: bool) -> None:
    book.message(5, waiting(at=AT - 5), posted(at=end))
    book.press("cancel")
    book.told(said(TooLate()))
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize(
    ("end", "struck", "explained"),
    [
        (AT - 1, None, True),
        (AT - 9, None, False),
        (AT - 9, Trouble.POSTER, True),
        (AT - 9, Trouble.MESSAGES, True),  # Discord took them, and did not say so
        (AT - 9, Trouble.WORKER, False),
    ],
)
def test_not_yet_is_what_pictures_are_whose_poster_was_struck(
    book: Book, end: float, struck: Trouble | None, explained: bool
) -> None:
    book.message(5, posted(at=end))
    book.press("upscale")
    book.told(said(NotYet()))
    if struck:
        book.trouble(struck, AT - 9, AT - 6, "north")
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("by_reaction", [False, True])
def test_what_was_upscaled_before_was_asked_for_before(book: Book, before: bool, by_reaction: bool) -> None:
    book.message(5, posted(at=AT - 9))
    book.press("upscale")
    book.told(said(Upscaled(1, "https://discord.com/channels/1/2/3", done=True)))
    at = AT - 2 if before else AT + 2
    book.react("1️⃣", at=at) if by_reaction else book.press("upscale", number=8, at=at)
    assert broken(book.settle()) is not before


def test_what_admins_are_told_once_refuses_nothing(book: Book) -> None:
    book.deed()
    book.told(server_answers.hint(ENGLISH))
    account = book.settle()
    assert (broken(account), account.refused.total()) == (False, 0)


def test_a_question_refuses_nothing(book: Book) -> None:
    book.message(5, posted(at=AT - 9)).deleted = AT + 2
    book.press("delete")
    book.told(ENGLISH.gettext(VERBS[Verb.DELETE].question))
    book.told(bot_texts.deleted(ENGLISH), message=51)
    account = book.settle()
    assert (broken(account), account.refused.total(), account.removed) == (False, 0, 0)


@pytest.mark.parametrize("error", [Forgotten(), SourceGone(), BeginningGone()])
@pytest.mark.parametrize("gone", [False, True])
def test_a_source_is_gone_when_somebody_deleted_it(book: Book, error: Refusal, gone: bool) -> None:
    book.message(5, posted(at=AT - 9))
    book.press("upscale")
    book.told(said(error))
    if gone:
        book.record.removed.add(5)
        book.record.messages[5].deleted = AT + 1
    assert broken(book.settle()) is not gone


@pytest.mark.parametrize(("end", "explained"), [(ended("It broke.", at=AT - 9), True), (posted(at=AT - 9), False)])
@pytest.mark.parametrize("by_reaction", [False, True])
def test_a_message_without_pictures_has_none_to_upscale(
    book: Book, end: Shown, explained: bool, by_reaction: bool
) -> None:
    book.message(5, waiting(at=AT - 20), end, posted(at=AT + 20))
    if by_reaction:
        book.react("1️⃣")
        words = bot_texts.reacted(said(NoSuchPicture(1)), "https://discord.com/channels/10/77/5", ENGLISH)
        book.message(60, Shown(AT + 0.1, words, (), ()), channel=DM)
    else:
        book.press("upscale")
        book.told(said(NoSuchPicture(1)))
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize(("about", "explained"), [(5, True), (6, False)])
def test_pictures_that_went_elsewhere_are_not_where_somebody_reacts(book: Book, about: int, explained: bool) -> None:
    words = texts.sent_to_owner(causes.channel_deleted(), ENGLISH)
    book.message(5, waiting(at=AT - 20), ended(words, at=AT - 8))
    book.message(6, posted(at=AT - 9), channel=DM)
    book.press("send", source_id=about)
    book.told(said(NoRecipe()))
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize("owner", [OTHER, 3])
def test_not_yours_is_said_to_others(book: Book, owner: int) -> None:
    book.message(5, posted(at=AT - 9, owner=owner))
    book.press("delete")
    book.told(said(NotYours(Verb.DELETE, owner)))
    assert broken(book.settle()) is not (owner == OTHER)


@pytest.mark.parametrize("before", [False, True])
def test_already_asked_is_said_to_whoever_asked_before(book: Book, before: bool) -> None:
    book.message(5, posted(at=AT - 9))
    book.press("rerun")
    book.told(said(AlreadyAsked()))
    if before:
        book.press("rerun", number=8, at=AT - 1)
    assert broken(book.settle()) is not before


@pytest.mark.parametrize(
    ("reason", "cause", "word"),
    [
        (Reason.ATTEMPTS, None, "[crash]"),
        (Reason.MEMORY, None, "[oom]"),
        (Reason.ENGINE, causes.drawing_failed("ArithmeticError"), "[fail]"),
        (Reason.UNPOSTED, causes.pictures_too_large(), "[noise]"),
    ],
)
@pytest.mark.parametrize("upscale", [False, True])
@pytest.mark.parametrize("asked", [False, True])
def test_a_prompt_explains_the_failure_that_it_asks_for(
    book: Book, reason: Reason, cause: Cause | None, word: str, upscale: bool, asked: bool
) -> None:
    prompt = f"a fox 1-0001 {word if asked else ''}".replace("[", r"\[").replace("]", r"\]")
    words = texts.reason_sentence(reason, ENGLISH, cause, upscale=upscale)
    book.message(5, waiting(prompt=prompt), ended(words, prompt=prompt))
    account = book.settle()
    assert (account.failed.total(), broken(account)) == (1, not asked)


@pytest.mark.parametrize("before", ["", AWAY])
def test_a_prompt_is_read_from_the_first_card_whatever_came_before(book: Book, before: str) -> None:
    words, prompt = texts.reason_sentence(Reason.MEMORY, ENGLISH), "a fox 1-0001 [oom]"
    first = Shown(AT, before, (), (), thinking=not before)
    book.message(5, first, waiting(prompt=prompt), ended(words, prompt=prompt))
    assert not broken(book.settle())


@pytest.mark.parametrize("reason", [each for each in Reason if each not in {*_ENDINGS, "owner", "moderator"}])
def test_no_blow_explains_any_other_failure(book: Book, reason: Reason) -> None:
    book.message(5, waiting(), ended(texts.reason_sentence(reason, ENGLISH)))
    for kind in Trouble:
        for host in (*HOSTS, GALLERY):
            book.trouble(kind, AT, AT + 2, host)
    assert broken(book.settle())


@pytest.mark.parametrize(("blows", "explained"), [(2, False), (3, True)])
def test_three_blows_wear_out_the_attempts(book: Book, blows: int, explained: bool) -> None:
    book.message(5, waiting(), ended(texts.reason_sentence(Reason.ATTEMPTS, ENGLISH)))
    for number in range(blows):
        book.trouble(Trouble.WORKER, AT + 1.2 + number / 10, AT + 2, "north")
        book.trouble(Trouble.WORKER, AT + 20, AT + 22, "north")
    account = book.settle()
    assert broken(account) is not explained
    assert account.exempt["failed under blows"].some == int(explained)


@pytest.mark.parametrize(("hidden", "explained"), [(None, False), (Trouble.POSTER, True), (Trouble.DEAF, False)])
def test_blows_count_that_fell_while_nobody_could_show_that_it_was_drawn(
    book: Book, hidden: Trouble | None, explained: bool
) -> None:
    said_so = ended(texts.reason_sentence(Reason.ATTEMPTS, ENGLISH), at=AT + 22)
    book.message(5, waiting(), step(1, at=AT + 20), said_so)
    for number in range(3):
        book.trouble(Trouble.WORKER, AT + 5 + number, AT + 6 + number, "north")
    if hidden:
        book.trouble(hidden, AT + 4, AT + 12, "north")
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize("beside", [False, True])
def test_a_job_that_kills_the_engine_takes_others_with_it(book: Book, beside: bool) -> None:
    words = texts.reason_sentence(Reason.ATTEMPTS, ENGLISH)
    book.message(5, waiting(), ended(words))
    book.message(6, waiting("bad", prompt="x [crash]"), ended(words, "bad", prompt="x [crash]"))
    if not beside:
        for shown in (book.record.messages[6].shown,):
            shown[:] = [waiting("bad", AT - 50, "x [crash]"), ended(words, "bad", AT - 40, "x [crash]")]
    assert broken(book.settle()) is not beside


@pytest.mark.parametrize(("begin", "explained"), [(AT - 60, False), (AT + 1, True)])
def test_a_source_that_the_cdn_did_not_hand_out_was_asked_for_in_trouble(
    book: Book, begin: float, explained: bool
) -> None:
    book.message(5, waiting(), ended(texts.reason_sentence(Reason.SOURCE, ENGLISH)))
    book.trouble(Trouble.CDN, begin, begin + 2, "CDN")
    assert broken(book.settle()) is not explained


@pytest.mark.parametrize("closed", [False, True])
def test_pictures_that_discord_would_not_take_had_a_closed_place(book: Book, closed: bool) -> None:
    words = texts.reason_sentence(Reason.UNPOSTED, ENGLISH, causes.discord_says("Missing Permissions"))
    book.message(5, waiting(), ended(words))
    book.trouble(Trouble.CLOSED, AT + 2, AT + 4, GALLERY if closed else GALLERY + 1)
    assert broken(book.settle()) is not closed


@pytest.mark.parametrize(("how", "explained"), [("nobody", False), ("press", True), ("reaction", True),
                                                ("another's", False)])  # fmt: skip
def test_a_cancelled_job_was_cancelled_by_somebody(book: Book, how: str, explained: bool) -> None:
    book.message(5, waiting(), ended(texts.reason_sentence(Reason.OWNER, ENGLISH)))
    if how == "press":
        book.press("cancel")
    elif how == "reaction":
        book.react("❌")
    elif how == "another's":
        book.press("cancel", "other")
    account = book.settle()
    assert (account.cancelled, broken(account)) == (1, not explained)


def test_every_explanation_is_of_a_refusal_that_there_is() -> None:
    assert set(_REFUSALS) <= refusals_known() | {"QueueAway", "QueueSlow", "DiscordAway"}
