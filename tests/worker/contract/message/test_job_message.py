"""What people read, and that nothing they wrote can do anything on screen."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marks import Translated, read_texts, unmarked
from tests.worker.contract.factories import HOW, begun, request
from worker.contract.message import texts
from worker.contract.message.job_message import alt_text, card
from worker.contract.message.languages import ENGLISH, Language
from worker.contract.message.markdown import safe
from worker.contract.message.sampler_titles import SAMPLER_TITLES
from worker.contract.message.texts import duration, reason_sentence
from worker.contract.types.cause import (
    Cause,
    device_lost,
    discord_says,
    no_such_lora,
    picture_gone,
    pictures_expired,
    steps_over_model,
    thread_locked,
    words_declined,
)
from worker.contract.types.destination import Destination
from worker.contract.types.job import UNREADABLE, Job, Progress, Reason, State
from worker.contract.types.request import Lora, Scheduler
from worker.contract.types.result import Result
from worker.contract.types.source_place import SourcePlace, SourcePlaces
from worker.contract.types.vocabulary_notice import Taken, VocabularyNotice

PSEUDO = Translated()


def job(state: State = State.QUEUED, **fields: object) -> Job:
    base = {"id": "1", "owner": 5, "server": "10", "request": request(), "destination": Destination(channel=1)}
    return Job.model_validate({**base, "created": 0, "changed": 0, "state": state, **fields})


THERE = SourcePlaces(pictures=(SourcePlace(attachment=3, channel=77, message=88, link="https://cdn.example/"),))
LINES = [
    (job(place=1), "-# next in line"),
    (job(place=3, eta=41.2), "-# 3rd in line · about 41 s"),
    (job(place=1, attempt=1), "-# a worker failed, trying again · next in line"),
    (job(State.CLAIMED), "-# starting to draw"),
    (job(State.CLAIMED, progress=Progress(step=10, steps=20)), "-# drawing · step 10 of 20 ▰▰▰▰▰▱▱▱▱▱"),
    (job(State.CLAIMED, progress=Progress(step=15, steps=40)), "-# drawing · 38% ▰▰▰▰▱▱▱▱▱▱"),
    (job(State.CLAIMED, progress=Progress(phase="load")), "-# loading the model"),
    (job(State.CLAIMED, attempt=1), "-# starting to draw"),
    (job(State.CLAIMED, attempt=2, progress=Progress(phase="load")), "-# try 2 · loading the model"),
    (job(State.RENDERED), "-# sending the pictures"),
    (
        job(State.POSTED, result=Result(pictures=(), timings={"total": 3100})),
        "-# **starter** · 1:1 · 20 steps · guidance 5 · seed 42 · 3.1\N{NO-BREAK SPACE}s",
    ),
    (
        job(State.POSTED, request=request(steps=1), result=Result(pictures=())),
        "-# **starter** · 1:1 · 1 step · guidance 5 · seed 42",
    ),
    (
        job(
            State.POSTED,
            request=request(count=2, prompts=("a red apple, icon", "a red apple, *B*, pink sky")),
            result=Result(pictures=()),
        ),
        "-# **starter** · 1:1 · 20 steps · guidance 5 · seed 42\n-# 1 icon · 2 \\*B\\*, pink sky",
    ),
    (  # alone it has no number, which would be read as how many there are
        job(State.POSTED, request=request(count=1, prompts=("a red apple, icon",)), result=Result(pictures=())),
        "-# **starter** · 1:1 · 20 steps · guidance 5 · seed 42\n-# icon",
    ),
    (job(State.CANCELLED, reason=Reason.OWNER), "Cancelled."),
    (job(place=3, request=begun()), "-# from a picture · 3rd in line"),
    (job(State.CLAIMED, request=begun(), progress=Progress(phase="fetch")), "-# fetching the picture"),
    (
        job(State.CLAIMED, request=begun(), progress=Progress(step=3, steps=12)),
        "-# drawing · step 3 of 12 ▰▰▱▱▱▱▱▱▱▱",
    ),
    (
        job(State.POSTED, request=begun(loras=[Lora(id="ink", weight=-0.5)]), result=Result(pictures=())),
        "-# **starter** · from a picture · 1:1 · strength 0.6 · LoRA ink -0.5 · 20 steps · guidance 5 · seed 42",
    ),
    (
        job(place=1, request=begun(), sources=THERE),
        "-# from [a picture](https://discord.com/channels/@me/77/88) · next in line",
    ),
    (
        job(State.POSTED, request=request(), result=Result(pictures=(), adapted=("cut", "first_frame", "newer"))),
        (
            "-# **starter** · 1:1 · 20 steps · guidance 5 · seed 42\n"
            "-# The picture to begin with has another shape; it was cut at its edges.\n"
            "-# The picture to begin with moves; its first frame was taken."
        ),
    ),
    (
        job(State.FAILED, request=begun(), reason=Reason.SOURCE, cause=picture_gone()),
        "The picture to draw from could not be used. It is gone; its message was deleted, or this waited too long.",
    ),
    (
        job(State.FAILED, reason=Reason.INVALID, cause=words_declined("starter", "“ink”", 9, "“icon”")),
        (
            "starter can't draw this: it has not learnt to draw “ink”. It knows 9 things, such as “icon”. `/models` "
            "shows them all."
        ),
    ),
    (
        job(State.FAILED, reason=Reason.INVALID, cause=words_declined("starter", "“ink”", 9, "“icon”", english=0)),
        (
            "starter can't draw this: it reads English, and does not know “ink”. It knows 9 things, such as “icon”. "
            "`/models` shows them all."
        ),
    ),
]


def test_a_record_of_an_older_easel_does_not_say_that_its_words_are_in_another_language() -> None:
    data = words_declined("starter", "“ink”", 9, "“icon”").data
    cause = Cause(code="words_declined", data={name: value for name, value in data.items() if name != "english"})
    assert (
        "it has not learnt to draw" in card(job(State.FAILED, reason=Reason.INVALID, cause=cause), ENGLISH)["content"]
    )


@pytest.mark.parametrize(
    ("cause", "may_pass"),
    [
        (words_declined("starter", "“ink”", 9, "“icon”"), False),
        (steps_over_model("starter", 90, 50), False),
        (no_such_lora("starter", "ink", "pixel"), True),  # which may be added
        (device_lost(), True),
        (None, True),
    ],
)
def test_nobody_is_offered_to_draw_again_what_comes_to_the_same(cause: Cause | None, may_pass: bool) -> None:
    shown = card(job(State.FAILED, reason=Reason.INVALID, cause=cause), ENGLISH)["components"]
    ids = [button["custom_id"] for row in shown for button in row["components"]]
    assert ids == [*(["1:rerun:1:0"] if may_pass else []), "1:edit:1:0", "1:delete:1:0"]


@pytest.mark.parametrize(("made", "words"), LINES)
def test_each_state_has_its_line(made: Job, words: str) -> None:
    assert card(made, ENGLISH)["content"] == f"**a red apple** — <@5>\n{words}"


@pytest.mark.parametrize("scheduler", Scheduler)
@pytest.mark.parametrize(("title", "model"), [("SD 1.5 *fast*", r"SD 1.5 \*fast\*"), ("", "starter")])
def test_a_model_and_its_sampler_are_called_as_people_chose_them(scheduler: Scheduler, title: str, model: str) -> None:
    """By their titles; a model that no worker has told of for long, by its id."""
    made = job(State.POSTED, request=request(scheduler=scheduler), result=Result(pictures=()))
    facts = card(made, ENGLISH, model=title)["content"].split("\n-# ")[1].split(" · ")
    assert (facts[0], facts[3]) == (f"**{model}**", SAMPLER_TITLES[scheduler])
    waiting = card(job(State.QUEUED, stalled=True), ENGLISH, model=title)["content"]
    assert f"no worker draws with {model} right now" in waiting


@pytest.mark.parametrize("made", [made for made, _ in LINES])
def test_all_that_a_message_says_is_translated(made: Job) -> None:
    for _, text in read_texts(card(made, PSEUDO, [0], texts.sent_as("WebP", PSEUDO))):
        known = ["a red apple", "starter", "WebP", "ink", "https://discord.com/channels/@me/77/88"]
        assert unmarked(text, [*known, "icon", "*B*, pink sky"]) == []


def test_buttons_fit_the_state() -> None:
    def verbs(made: Job) -> list[str]:
        return [b["custom_id"] for row in card(made, ENGLISH)["components"] for b in row["components"]]

    assert verbs(job()) == verbs(job(State.CLAIMED)) == ["1:cancel:1:0", "1:tell:1:0"]
    assert verbs(job(State.RENDERED)) == []
    assert verbs(job(State.FAILED)) == ["1:rerun:1:0", "1:edit:1:0", "1:delete:1:0"]
    alone = Destination(channel=1, installed=False)
    assert verbs(job(destination=alone)) == ["1:cancel:1:0"]  # there nobody can be mentioned later
    shown = [f"1:{verb}:1:0" for verb in ("edit", "rerun", "keep", "send", "more")]
    assert verbs(job(State.POSTED)) == shown
    assert verbs(job(State.POSTED, destination=alone)) == [*shown, "1:delete:1:0"]  # no other way leads to it
    assert verbs(job(State.POSTED, cause=thread_locked())) == verbs(job(State.FAILED))


@pytest.mark.parametrize("upscale", [False, True])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words(reason: Reason, upscale: bool) -> None:
    assert reason_sentence(reason, ENGLISH, upscale=upscale).endswith(".")
    said = reason_sentence(reason, PSEUDO, pictures_expired(), upscale=upscale)
    assert unmarked(said) == []


def test_what_an_older_easel_left_in_a_record_is_shown_as_it_is() -> None:
    made = job(State.FAILED, reason=Reason.SOURCE, detail="It is gone.", request=request(count=1).enlarged(HOW))
    assert card(made, ENGLISH)["content"].endswith("The picture could not be upscaled. It is gone.")


def test_a_cause_goes_before_what_an_older_easel_left() -> None:
    made = job(State.FAILED, reason=Reason.SOURCE, cause=pictures_expired(), detail="It is gone.")
    assert "gone" not in card(made, ENGLISH)["content"]


def test_a_request_that_cannot_be_read_is_named_in_words() -> None:
    made = job(State.FAILED, reason=Reason.DAMAGED, request=UNREADABLE)
    assert card(made, ENGLISH)["content"].startswith("**a request that cannot be read any more** — <@5>\n")


TOLD: dict[str, tuple[Callable[[Language], str], str]] = {
    "drawn, and shown nowhere": (
        lambda language: texts.cannot_post(7, discord_says("x1"), language), "I drew your pictures, but could not post"
    ),
    "here instead": (
        lambda language: texts.here_instead(7, discord_says("x1"), language), "in <#7>, so here they are"
    ),
    "the end": (lambda language: texts.ended(7, "x1", language), "your request in <#7>. x1"),
    "one of a closed channel": (
        lambda language: texts.closed(7, discord_says("x1"), ["x1"], language), "your request there was cancelled"
    ),
    "many of a closed channel": (
        lambda language: texts.closed(7, discord_says("x1"), ["x1"] * 30, language), "your 30 requests there were"
    ),
    "moved": (lambda language: texts.moved("https://x1", language), "https://x1"),
    "elsewhere": (lambda language: texts.sent_to_owner(discord_says("x1"), language), "direct message. Discord says"),
}  # fmt: skip


@pytest.mark.parametrize("what", TOLD)
def test_who_cannot_be_posted_to_is_told_why(what: str) -> None:
    told, said = TOLD[what]
    assert said in told(ENGLISH)
    assert len(told(ENGLISH)) < 2000
    assert unmarked(told(PSEUDO), ["x1", "https"]) == []


@pytest.mark.parametrize("state", State)
def test_where_words_may_not_be_shown_none_of_them_is(state: State) -> None:
    drawn = request(prompt="secretword", negative_prompt="secretother")
    made = card(job(state=state, request=drawn, wordless=True, reason=Reason.CLOSED), ENGLISH)
    assert "secret" not in json.dumps(made)
    assert "may not be shown here" in made["content"]


def test_whose_pictures_went_elsewhere_is_said_instead_of_how_they_were_made() -> None:
    made = card(job(state=State.POSTED, cause=thread_locked()), ENGLISH)
    assert "went to their owner by direct message. That thread was locked" in made["content"]
    assert "steps" not in made["content"]


def test_mentions_and_markdown_lose_their_power() -> None:
    shown = safe("@everyone <@123> **x** ||y|| [z](http://a) <#1> :smile: # h", 200)
    assert "@everyone" not in shown
    assert not re.search(r"<[@#]|(?<!\\)[*|\[<]|@[^\u200b]", shown.replace("\\<@\u200b", ""))
    assert safe("discord.gg/easel", 200) == r"discord.gg\/easel"  # an invitation, though no link begins with it
    assert card(job(request=request(prompt="<@&5> @here")), ENGLISH)["allowed_mentions"] == {"parse": []}


def test_what_turns_the_direction_of_writing_is_dropped_and_other_scripts_stay() -> None:
    assert safe("\u202ered\u2066 apple\u2069\u202c", 200) == "red apple"
    assert safe("תפוח 🧑\u200d🚀", 200) == "תפוח 🧑\u200d🚀"


@given(st.text(min_size=1, max_size=1000))
def test_the_message_fits_whatever_the_prompt(prompt: str) -> None:
    if not prompt.strip():
        return
    made = card(job(State.FAILED, request=request(prompt=prompt), reason=Reason.ATTEMPTS, detail=prompt), ENGLISH)
    assert len(made["content"]) <= 2000
    assert len(made["content"].splitlines()[0]) <= 1300


@pytest.mark.parametrize(
    "prompt", [each * (1000 // len(each)) for each in ("*", "@", "🧑\u200d🚀", "<@1> ", "`", "http://x ")]
)
@pytest.mark.parametrize("state", State)
def test_long_prompts_of_any_kind_fit_and_end_after_200_characters(prompt: str, state: State) -> None:
    notice = VocabularyNotice(model="*" * 100, known=5, left=("*" * 28,) * 2)
    asked = request(prompt=prompt, negative_prompt=prompt)
    result = Result(pictures=(), notice=notice, read_to="*" * 40)
    made = card(job(state, request=asked, result=result, reason=Reason.ATTEMPTS, detail=prompt), ENGLISH)
    first, *_ = made["content"].splitlines()
    assert len(made["content"]) <= 2000
    assert len(first) <= 2 * 200 + len(" — <@5>")
    assert not first.startswith("**")  # bold is hard to read at that length
    assert card(job(state, request=request(prompt="x" * 120)), ENGLISH)["content"].startswith("**xxx")


def test_alt_text_is_the_prompt_within_the_limit_and_which_of_several_pictures_it_is() -> None:
    apple, long = request(prompt="a  red\napple {number}"), request(prompt="x" * 1000)
    assert alt_text(apple, 0, 1, ENGLISH) == "a red apple {number}"
    assert [alt_text(apple, index, 4, ENGLISH) for index in (0, 3)] == [
        "Picture 1 of 4: a red apple {number}",
        "Picture 4 of 4: a red apple {number}",
    ]
    assert len(alt_text(long, 0, 1, ENGLISH)) == 1000
    assert len(alt_text(long, 9, 10, ENGLISH)) == 1000 + len("Picture 10 of 10: ")


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (120, "2 min")])
def test_spans_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds, ENGLISH) == words


def noticed(said_in: Language = ENGLISH, **fields: object) -> list[str]:
    """The lines below the facts."""
    notice = VocabularyNotice.model_validate({"model": "Starter", "known": 1305, "kind": "emoji-like", **fields})
    made = card(job(State.POSTED, result=Result(pictures=(), notice=notice)), said_in)
    assert made["allowed_mentions"] == {"parse": []}
    return made["content"].splitlines()[2:]


SAX = {"asked": "saxophonist", "took": "saxophone"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"taken": [SAX]}, "things: it took “saxophone” for “saxophonist”."),
        (
            {"taken": [SAX, {"asked": "crimson", "took": "red"}], "left": ["in a bar"]},
            "things: it took “saxophone” for “saxophonist” and “red” for “crimson”; it left out “in a bar”.",
        ),
        ({"left": ["two", "neon"], "more": 3}, "things: it left out “two”, “neon” and more."),
        ({"left": ["dog"], "at_once": 1}, "things, one at a time: it left out “dog”."),
        (
            {"taken": [{"asked": "seven stars", "took": "4 × star"}], "at_once": 4},
            "things, and draws up to 4 in one picture: it took “4 × star” for “seven stars”.",
        ),
        ({"taken": [{"asked": "", "took": "star"}]}, "things and none of these words, so it drew “star”."),
    ],
)
def test_what_a_model_made_of_words_that_it_does_not_know_is_said(fields: dict[str, Any], words: str) -> None:
    assert noticed(**fields) == [f"-# Starter knows 1,305 emoji-like {words} `/models` shows what it knows."]
    assert unmarked(noticed(PSEUDO, **fields)[0], ["Starter", "emoji-like", *re.findall("“(.*?)”", words)]) == []


def test_a_model_may_just_know_things() -> None:
    assert noticed(kind="", known=3, left=["two"])[0].startswith("-# Starter knows 3 things: ")


def test_what_was_not_known_does_nothing_on_screen() -> None:
    (line,) = noticed(taken=[{"asked": "@everyone <@5>", "took": "star"}], left=["**||x||**"])
    assert "@everyone" not in line
    assert "<@5>" not in line
    assert r"\*\*\|\|x\|\|\*\*" in line


def test_the_message_fits_with_a_notice_too() -> None:
    long = [{"asked": "*" * 28, "took": "*" * 28}] * 2
    notice = VocabularyNotice(
        model="*" * 100, known=5, taken=tuple(map(Taken.model_validate, long)), left=("*" * 28,) * 2
    )
    for size in (1, 300, 600, 1000):
        asked = request(prompt="*" * size, negative_prompt="*" * size)
        made = card(job(State.POSTED, request=asked, result=Result(pictures=(), notice=notice)), ENGLISH)
        assert len(made["content"]) <= 2000
        assert (size > 300) or "left out" in made["content"]


def test_what_a_model_does_not_hear_of_is_said() -> None:
    left = ("negative_prompt", "guidance_scale", "of a newer engine")
    said = card(job(State.POSTED, result=Result(pictures=(), left_out=("weights", "signs"))), ENGLISH)["content"]
    assert "-# This model knows no weights such as `(word:1.3)` or `[word]`, and no `BREAK`: it read the words" in said
    assert r"For a bracket itself, write `\(`." in said
    assert "-# Some brackets of the prompt were read as they are: each needs its other half" in said
    lines = card(job(State.POSTED, result=Result(pictures=(), left_out=left)), ENGLISH)["content"].splitlines()[2:]
    assert lines == [
        "-# This model takes no negative prompt; it was left out.",
        "-# This model is not guided by a scale; `guidance` was left out.",
    ]


def test_how_far_a_model_read_is_said() -> None:
    cut = Result(pictures=(), read_to="up to here", tokens=77)
    said = "Only the first 77 tokens of the prompt count: it was read up to “…up to here”."
    assert said in card(job(State.POSTED, result=cut), ENGLISH)["content"]
    made = card(job(State.POSTED, result=Result(pictures=(), read_to="on **a** @everyone hill")), ENGLISH)
    (line,) = made["content"].splitlines()[2:]
    assert line.startswith("-# The prompt is longer than this model reads: it read up to “…on ")
    assert line.endswith(" hill”.")
    assert "@everyone" not in line
    assert "**a**" not in line
