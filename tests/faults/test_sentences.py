"""Sentences are known again, whatever their wording: by the modules that say them."""

import pytest

from bot import texts as bot_texts
from bot.errors import Refusal
from tests.faults import sentences
from tests.faults.shown import Phase, Shown
from worker.contract.message import texts
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.store.jobs import AdmissionLimit
from worker.contract.types import cause as causes
from worker.contract.types.job import Job, Reason


def leaves(kind: type[Refusal]) -> set[str]:
    """The names of all kinds of it that are raised: those of which there are no further kinds."""
    further = kind.__subclasses__()
    return set().union(*map(leaves, further)) if further else {kind.__name__}


def test_every_refusal_of_the_bots_can_be_told_apart() -> None:
    """A new one gets a sample in `sentences`, and a row in `explain` where a plan may give cause for it."""
    known = sentences.refusals_known()
    assert leaves(Refusal) - {"ModelObjects", "TooLarge", "CannotReply"} == known  # these say a cause
    assert {code for code, _ in sentences._refusals()} >= {f"OverCap.{why}" for why in AdmissionLimit}


@pytest.mark.parametrize(("code", "refusal"), list(sentences._refusals()))
def test_a_refusal_is_known_by_its_sentence(code: str, refusal: Refusal) -> None:
    assert sentences.refusal_code(bot_texts.refusal(refusal, ENGLISH)) == code


def test_troubles_are_known_by_their_sentences() -> None:
    said = [bot_texts.unknown("x", ENGLISH), bot_texts.queue_away(ENGLISH), bot_texts.queue_slow(ENGLISH),
            bot_texts.discord_away(ENGLISH), "Something else.", bot_texts.queue_unreached(ENGLISH)]  # fmt: skip
    assert [sentences.refusal_code(each) for each in said] == [
        sentences.UNKNOWN, sentences.QUEUE_AWAY, sentences.QUEUE_SLOW, sentences.DISCORD_AWAY, None,
        sentences.QUEUE_AWAY,
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["", "/imagine prompt:an owl"])
@pytest.mark.parametrize("moments", [False, True])
@pytest.mark.parametrize("lacks", [{}, {"image": {"strength": "0.6"}}, {"image": {}, "guide": {"guide_by": "canny"}}])
def test_more_refuses_nothing_whatever_it_shows(command: str, moments: bool, lacks: dict[str, dict[str, str]]) -> None:
    for seeds in ([7], [7, 8, 9]):
        said = bot_texts.more(command, seeds, ENGLISH, signs="🎞️ 🌫️" if moments else "", lacks=lacks)
        assert sentences.refusal_code(said) == "More"


def test_words_about_a_reaction_name_its_message() -> None:
    text = bot_texts.reacted("No.\nReally.", "https://discord.com/channels/1/2/345", ENGLISH)
    assert sentences.reaction_refused(text) == ("No.\nReally.", 345)
    assert sentences.reaction_refused("No.\nReally.") is None


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("upscale", [False, True])
@pytest.mark.parametrize("cause", [None, causes.discord_says("Missing Access"), causes.picture_gone()])
def test_an_end_is_known_by_its_sentence(reason: Reason, upscale: bool, cause: causes.Cause | None) -> None:
    found = sentences.reason_of(texts.reason_sentence(reason, ENGLISH, cause, upscale=upscale))
    same = {Reason.INVALID, Reason.SOURCE}  # of an upscale: one sentence, and the cause says which
    assert found is not None
    assert found[0] is reason or {found[0], reason} <= same
    assert found[1] == (cause.code if cause else "")


@pytest.mark.parametrize(("job", "waits"), list(sentences.card_samples()))
def test_a_card_is_known_for_what_it_says(job: Job, waits: bool) -> None:
    shown = Shown(1, card(job, ENGLISH)["content"], (), (("cancel", "job"),))
    assert shown.phase is (Phase.WAITING if waits else Phase.DRAWING)
    assert shown.owner == job.owner


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("-# drawing · step 5 of 20 ▰▰▱", (1, 0.25)),
        ("-# try 2 · drawing · step 5 of 20 ▰▰▱", (2, 0.25)),
        ("-# upscaling · 40% ▰▰▱", (1, 0.4)),
        ("-# 5th in line · about 20 s", None),
        ("-# sending the pictures", None),
    ],
)
def test_progress_is_read_from_a_card(line: str, found: tuple[int, float] | None) -> None:
    assert sentences.step_of(line) == found


@pytest.mark.parametrize(("waits", "place"), [("62nd in line · about 50 s", 62), ("about 50 s", 0)])
def test_the_place_in_line_is_read_from_a_card(waits: str, place: int) -> None:
    shown = Shown(1, f"**place 9** — <@7>\n-# waiting · {waits}", (), (("cancel", "job"),))
    assert shown.place == place


def test_a_card_is_read_below_its_prompt_wherever_that_is() -> None:
    shown = Shown(1, "Here they are.\n**a fox** — <@7>\n-# 2nd in line", (), (("cancel", "job"),))
    assert (shown.owner, shown.status, shown.phase) == (7, "-# 2nd in line", Phase.WAITING)
