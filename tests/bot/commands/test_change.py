"""What was refused comes back in a form, with all that was typed."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors, texts
from bot.commands import form
from bot.commands.flagged import LINE, expanded
from bot.commands.imagine import Imagine
from bot.commands.picture import OPTIONS as PICTURES
from bot.commands.resolve import Asked
from bot.flags.read import read_line
from bot.flags.table import DRAFT, FLAGS, REPEAT
from bot.layers import SERVER, Value
from bot.limit_errors import NotAllowed, OverLimit
from bot.texts.form import OF_PICTURES
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import PROMPT, STARTER, Harness, until
from tests.marks import Translated, read_texts, unmarked
from worker.contract.discord_limits import CHOICE_NAME_MAX
from worker.contract.message.custom_ids import FormId, FormStep, from_easel
from worker.contract.message.languages import ENGLISH
from worker.contract.message.ratio import RATIOS
from worker.contract.store.jobs import AdmissionLimit, Refused
from worker.contract.types.cause import sampler_unfit, steps_over_model, width_unfit
from worker.contract.types.job import State
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Scheduler

CHANGE = "Change and try again"
LONG = "*a* `red` [apple](http://b)\n" + "x" * 972
GIVEN: dict[str, Any] = {
    "prompt": LONG, "negative_prompt": "y" * 1000, "model": "starter", "aspect_ratio": "16:9", "steps": 61,
    "guidance": 3.5, "scheduler": "ddim", "seed": 2**32 - 1, "count": 2,
}  # fmt: skip


async def refused(harness: Harness, person: str = "bea", **options: Any) -> Message:
    message = await harness.answer(await harness.imagine(person, **options))
    assert message.ephemeral
    assert await harness.all_jobs() == []
    return message


async def opened(harness: Harness, message: Message, person: str = "bea") -> Interaction:
    found = await harness.discord.press(message, CHANGE, person)
    assert found.answer_type == 9
    return found


def fields(shown: Interaction) -> dict[str, Any]:
    """What stands in the fields of a form."""
    assert shown.modal is not None
    parts = [row["component"] for row in shown.modal["components"]]
    return {each["custom_id"]: each.get("value", "") for each in parts}


async def test_everything_that_was_typed_comes_back_and_one_change_is_enough(harness: Harness):
    message = await refused(harness, **GIVEN)
    assert "at most 60 steps" in message.content
    shown = await opened(harness, message)
    line = f"--seed {2**32 - 1} --steps 61 --cfg 3.5 --model starter --sampler ddim"
    assert fields(shown) == {"prompt": LONG, "negative_prompt": "y" * 1000, "aspect_ratio": "", "count": "", LINE: line}
    asked = await harness.discord.submit(shown, {LINE: line.replace("61", "60")}, "bea")
    assert not (await harness.answer(asked)).ephemeral
    request = (await harness.job(asked.id)).request
    assert (request.prompt, request.negative_prompt, request.steps) == (LONG, "y" * 1000, 60)
    assert (request.scheduler, request.seed, request.count) == (Scheduler.DDIM, 2**32 - 1, 2)
    assert (request.guidance_scale, request.width > request.height) == (3.5, True)


async def test_a_form_works_for_a_bot_that_was_started_later(harness: Harness, start_bot):
    message = await refused(harness, steps=61)
    await harness.bot.close()
    await start_bot()
    shown = await opened(harness, message)
    asked = await harness.discord.submit(shown, {LINE: "--steps 6"}, "bea")
    assert (await harness.job(asked.id)).request.prompt == PROMPT


async def test_a_form_that_comes_too_late_is_said_to_with_all_that_was_typed(harness: Harness, monkeypatch):
    message = await refused(harness, steps=61)
    deferred = asyncio.Event()

    async def late(*_: object) -> None:
        await deferred.wait()

    monkeypatch.setattr(harness.bot.intake.policies, "soon", late)
    monkeypatch.setattr("bot.commands.change.FORM_LATEST", 0.05)
    shown = await harness.discord.press(message, CHANGE, "bea")
    assert (shown.answer_type, shown.modal) == (5, None)
    deferred.set()
    assert shown.message_id is not None
    said = await harness.discord.wait_edit(shown.message_id, lambda each: not each.thinking)
    assert (said.content, said.ephemeral) == (texts.queue_slow(ENGLISH), True)
    monkeypatch.undo()
    assert fields(await opened(harness, said))["prompt"] == PROMPT


async def test_what_is_wrong_again_comes_back_again(harness: Harness):
    shown = await opened(harness, await refused(harness, steps=61))
    for typed, said in (
        ("many", "`--steps` takes a whole number"),
        ("0", "1 or more"),
        ("151", "60 or less"),
        ("61", "60 steps"),
    ):
        asked = await harness.discord.submit(shown, {LINE: f"--steps {typed}", "prompt": "a pear"}, "bea")
        answer = await harness.answer(asked)
        assert said in answer.content
        shown = await opened(harness, answer)
        assert (fields(shown)[LINE], fields(shown)["prompt"]) == (f"--steps {typed}", "a pear")
    for bad in ("--cfg 5,5", "--stepz 5", "steps 5", "--steps", "--seed 1 --seed 2"):
        asked = await harness.discord.submit(shown, {LINE: bad}, "bea")
        shown = await opened(harness, await harness.answer(asked))
        assert fields(shown)[LINE] == bad
    asked = await harness.discord.submit(shown, {LINE: ""}, "bea")
    assert (await harness.job(asked.id)).request.steps == STARTER.steps  # an empty field is left out


async def test_the_option_at_fault_is_in_the_form_whichever_it_is(harness: Harness):
    shown = await opened(harness, await refused(harness, model="flux"))
    assert shown.modal is not None
    choice = shown.modal["components"][3]["component"]
    assert [(each["label"], each["value"]) for each in choice["options"]] == [("Starter", "starter")]
    asked = await harness.discord.submit(shown, {"model": ["starter"]}, "bea")
    assert (await harness.job(asked.id)).request.model == "starter"


async def test_a_reached_cap_costs_nobody_their_words(harness: Harness):
    running = [await harness.imagine("cem") for _ in range(3)]
    message = await harness.answer(await harness.imagine("cem", prompt="a poem of a prompt"))
    await harness.jobs.cancel(str(running[0].id))
    asked = await harness.discord.submit(await opened(harness, message, "cem"), {}, "cem")
    assert (await harness.job(asked.id)).request.prompt == "a poem of a prompt"


async def test_the_rules_of_the_command_hold_for_its_form(harness: Harness):
    shown = await opened(harness, await refused(harness, steps=61))
    await harness.discord.command_permissions("Studio", "imagine", deny=["bea"])
    answer = await harness.answer(await harness.discord.submit(shown, {LINE: "--steps 6"}, "bea"))
    assert "do not let you use `/imagine`" in answer.content
    assert await harness.all_jobs() == []


async def test_after_a_deferral_what_was_typed_is_for_one_person_alone(start_bot, sandbox, redis_async, valkey_url):
    harness = Harness(sandbox, await start_bot(defer_after=0.05), redis_async, valkey_url)
    await harness.jobs.heartbeat("w", [STARTER], 1)
    await redis_async.client_pause(1500, all=True)
    asked = await harness.imagine(steps=61, prompt="*mine*")
    assert asked.answer_type == 5
    public = await sandbox.wait_edit(asked.message_id, lambda shown: not shown.thinking)
    assert "at most 60 steps" in public.content
    assert (public.raw["embeds"], public.buttons) == ([], [])
    private = await sandbox.wait_message("gallery", lambda shown: shown.ephemeral)
    again = await sandbox.submit(await opened(harness, private), {LINE: "--steps 6"}, "bea")
    job = await until(lambda: harness.jobs.get(str(again.id)))  # that answer, too, may have been put off
    assert job is not None
    assert job.request.prompt == "*mine*"


async def test_a_prompt_of_nothing_to_see_leaves_an_empty_field(harness: Harness):
    shown = await opened(harness, await refused(harness, prompt="\u200b\u2060", seed=7))
    assert (fields(shown)["prompt"], fields(shown)[LINE]) == ("", "--seed 7")
    asked = await harness.discord.submit(shown, {"prompt": "a pear"}, "bea")
    assert await harness.state(str(asked.id)) is State.QUEUED


@pytest.mark.parametrize(
    ("error", "option"),
    [
        (errors.UnknownSampler("x"), "scheduler"),
        (errors.OverCap(Refused(AdmissionLimit.DAY_PICTURES, 5, 4)), "count"),
        (errors.OverCap(Refused(AdmissionLimit.PERSON, 5, 5)), ""),
        (errors.BadOption("scheduler"), "scheduler"),
        (errors.BadOption("seed"), ""),
        (errors.UnknownModel("x", []), "model"),
        (errors.NothingLive(), "model"),
        (errors.OnlySquares("x"), "aspect_ratio"),
        *(
            (OverLimit(name, 9, Value(1, SERVER)), option)
            for name, option in (
                ("pictures", "count"),
                ("megapixels", "aspect_ratio"),
                ("steps", ""),
                ("guidance_scale", ""),
            )
        ),  # steps and guidance stand in the line of flags
        (NotAllowed("models", "x", Value((), SERVER)), "model"),
        (NotAllowed("samplers", "x", Value((), SERVER)), "scheduler"),
        (errors.ModelObjects(width_unfit("x", 1, 2, 3, 8)), "aspect_ratio"),
        (errors.ModelObjects(steps_over_model("x", 2, 1)), ""),
        (errors.ModelObjects(sampler_unfit("ddim")), "scheduler"),
        (ZeroDivisionError(), ""),
    ],
)
def test_what_was_refused_has_a_field_or_stands_in_the_line_of_flags(error: Exception, option: str) -> None:
    _, (button,) = form.give_back({"prompt": "x"}, error, ENGLISH)
    found = FormId.parse(button["custom_id"])
    assert found is not None
    shown = form.form({"prompt": "x"}, found.option, [STARTER], ENGLISH)
    names = [row["component"]["custom_id"] for row in shown["components"]]
    assert (names[-1], option in names[2:4] or not option) == (LINE, True)


@pytest.mark.parametrize(
    ("model", "offered"),
    [("own", ["euler", "ddim"]), ("OWN MODEL", ["euler", "ddim"]), ("other", None), ("", None), ("none", None)],
)
def test_a_form_offers_the_samplers_that_suit_the_model(model: str, offered: list[str] | None) -> None:
    models = [
        ModelInfo(id="own", title="Own model", samplers=("ddim", "euler", "of a newer version")),
        ModelInfo(id="other", title="Other"),
        ModelInfo(id="none", title="None", samplers=()),
    ]
    shown = form.form({"prompt": "x", "model": model}, "scheduler", models, ENGLISH)
    values = [each["value"] for each in shown["components"][3]["component"]["options"]]
    assert sorted(values) == sorted(offered or [each.value for each in Scheduler])


@pytest.mark.parametrize("option", ["", *form.OPTIONS, "nonsense"])
def test_all_of_a_form_is_translated_and_within_discords_bounds(option: str) -> None:
    models = [ModelInfo(id=f"m{number}", title=f"M{number}") for number in range(30)]
    shown = form.form({"prompt": "x" * 2000, "model": "m3", "count": "2"}, option, models, Translated())
    said = [text for path, text in read_texts(shown) if not path.endswith("value")]
    for text in said:
        assert unmarked(text, ["M", *RATIOS, texts.form_default(LINE, ENGLISH)]) == []
    plain = form.form({}, option, models, ENGLISH)
    assert len(plain["components"]) == 5
    for row in plain["components"]:
        assert len(row["label"]) <= 45
        assert len(row["component"].get("options", ())) <= 25


OPTIONS = st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in form.OPTIONS})


@given(OPTIONS)
def test_no_words_in_a_form_are_more_than_refused(typed: dict[str, str]) -> None:
    with suppress(errors.Refusal):
        assert isinstance(form.asked_for(typed), Asked)


@pytest.mark.parametrize("ratio", ["9" * 400 + ":1", "1:" + "9" * 400, "5:1", "1:5", "0:1", "1:0", ":1", "²:1"])
def test_a_ratio_beyond_all_is_refused(ratio: str) -> None:
    with pytest.raises(errors.BadOption):
        form.asked_for({"prompt": "x", "aspect_ratio": ratio})


@pytest.mark.parametrize("length", [7, 100, 101, 900])
def test_a_form_opens_whatever_was_typed_for_a_ratio(length: int) -> None:
    ratio = "9" * (length - 2) + ":1"
    shown = form.form({"prompt": "x", "aspect_ratio": ratio}, "", [], ENGLISH)["components"][2]
    options = shown["component"]["options"]
    assert all(0 < len(each[part]) <= CHOICE_NAME_MAX for each in options for part in ("label", "value"))
    assert (ratio in {each["value"] for each in options}) is (length <= CHOICE_NAME_MAX)


@pytest.mark.parametrize("typed", ["nan", "inf", "-inf", "NaN", "1e999"])
def test_what_only_programs_take_for_a_number_is_told_its_bounds(typed: str) -> None:
    with pytest.raises(errors.BadOption) as caught:
        form.asked_for({"prompt": "x", "guidance": typed})
    assert (caught.value.least, caught.value.most) == (0, 30)
    for option in ("steps", "count", "seed"):
        with pytest.raises(errors.BadOption):
            form.asked_for({"prompt": "x", option: typed})


@pytest.mark.parametrize("digits", [1, 400])
def test_a_ratio_may_be_written_at_length(digits: int) -> None:
    long = "0" * (digits - 1)
    assert form.asked_for({"prompt": "x", "aspect_ratio": f"{long}4:{long}1"}).aspect_ratio == "4:1"


def test_the_line_of_flags_has_room_for_links_to_three_pictures() -> None:
    signed = "?ex=6ad0f1b2&is=6acfa032&hm=" + "a" * 64 + "&"
    link = f"https://cdn.discordapp.com/attachments/{'1' * 19}/{'2' * 19}/easel-{'3' * 19}-1.png{signed}"
    typed = dict.fromkeys(PICTURES, link) | {
        "steps": "61", "guidance": "7.5", "seed": str(2**32 - 1), "model": "a-model-with-a-long-id", "strength": "0.65",
        "scheduler": "dpmpp_2m_karras", "lora": "pixel:0.8, ink:0.5", "guide_by": "canny", "guide_weight": "0.8",
        "style_weight": "0.9", REPEAT: "2", DRAFT: "yes",
    }  # fmt: skip
    line = form.form(typed, "", [], ENGLISH)["components"][4]["component"]
    assert read_line(line["value"]).options == typed
    assert len(line["value"]) <= line["max_length"] <= 1024  # which a refusal can show


def test_the_line_of_flags_says_which_there_are() -> None:
    placeholder = texts.form_default(LINE, ENGLISH)
    assert len(placeholder) <= 100  # what Discord takes
    fields = {"aspect_ratio", "negative_prompt", *PICTURES, *OF_PICTURES}  # for these there is no room
    assert placeholder.split() == [f"--{each.names[0]}" for each in FLAGS if each.option not in fields]


def test_every_option_of_the_command_comes_back() -> None:
    assert {*form.OPTIONS, "image_link"} == {each.name for each in Imagine.imagine.parameters}  # a link is an `image`


@given(st.sampled_from(FormStep), st.sampled_from(["", *form.OPTIONS]))
def test_what_a_form_is_known_by_is_read_again(step: FormStep, option: str) -> None:
    assert FormId.parse(str(FormId(step, option))) == FormId(step, option)
    assert from_easel(str(FormId(step, option)))


def test_forms_of_a_message_without_words_are_empty() -> None:
    assert form.typed_in(None) == {}
    assert texts.form_title(ENGLISH) == CHANGE


def test_a_weight_of_midjourneys_is_answered_under_the_name_that_was_typed() -> None:
    typed = expanded({"prompt": "a cat --iw 2"}, form=False)
    with pytest.raises(errors.BadOption) as raised:
        form.asked_for(typed.options)
    raised.value.by_flags = typed.flags
    assert texts.refusal(raised.value, ENGLISH) == "`--iw` takes a number from 0 to 1, such as `0.6`."
