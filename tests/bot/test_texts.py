import gettext
import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot import errors, limit_errors, result_errors, setting_errors, source_errors, texts
from bot.commands.form import asked_for
from bot.commands.imagine import Imagine
from bot.flags.read import BadFlag, Trouble, read
from bot.flags.table import BY_OPTION, FLAGS_ALONE
from bot.texts import lesson
from bot.texts.server import answers as server_answers
from tests.bot.limit_refusals import LIMITS
from tests.marks import Translated, read_texts, unmarked
from tests.worker.engine.prompt_match.vocabularies import asked, shipped
from worker.contract.discord_limits import CONTENT_MAX, EMBED_DESCRIPTION_MAX
from worker.contract.message.languages import ENGLISH, Language
from worker.contract.message.verbs import Verb
from worker.contract.redis_check.unreached import NoConnectionError
from worker.contract.store.jobs import AdmissionLimit, Refused
from worker.contract.types.cause import picture_over_upscaler, source_of_other_format, thread_locked, width_unfit
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.server_settings import Change
from worker.contract.types.vocabulary_notice import Known

ALL_OPTIONS = [each.name for each in Imagine.imagine.parameters]
OPTIONS = set(inspect.signature(Imagine.imagine.callback).parameters)
PSEUDO = Translated()
AWAY, SLOW = texts.queue_away(ENGLISH), texts.queue_slow(ENGLISH)
REFUSES = texts.queue_refuses(ENGLISH)
CHANGE = Change(number=1, by=7, by_name="Max", key="each.steps", old=1, new=2, at=0)
REFUSALS = [
    (
        errors.MissingPermissions(["attach_files"], 5),
        ["**Attach Files**", "<#5>", "manage this channel", "permission "],
    ),
    (errors.MissingPermissions(["view_channel", "attach_files"], 5), ["**View Channel** and **Attach Files**"]),
    (
        errors.CommandDenied("imagine", 5, errors.Denied.PERSON),
        ["let you use `/imagine`", "Server settings → Integrations"],
    ),
    (
        errors.CommandDenied("imagine", 5, errors.Denied.CHANNEL),
        ["`/imagine` be used in <#5>", "→ Integrations → Easel"],
    ),
    (errors.CommandDenied("imagine", 5, errors.Denied.PERMISSION), ["in <#5>", "**Use Application Commands**"]),
    (result_errors.CannotReply(thread_locked()), ["thread was locked"]),
    (errors.EmptyPrompt(), ["empty", "for example"]),
    (errors.OnlyMentions(), ["only mentions", "for example"]),
    (errors.PromptTooLong("negative_prompt", 1234, 1000), ["negative prompt", "1,234", "1,000"]),
    (errors.BadOption("steps", most=150), ["`steps`", "it must be 150 or less."]),
    (errors.BadOption("guidance", 0, 30.0), ["`guidance`", "it must be a number from 0 to 30."]),
    (errors.BadOption("guidance_scale", least=0), ["`guidance_scale`", "it must be 0 or more."]),
    (errors.BadOption("model"), ["`model`", "another value"]),
    (errors.BadOption(""), ["These options", "other values"]),
    (
        errors.BadFlags([BadFlag(Trouble.UNKNOWN, "--stepz", "steps")]),
        ["does not know `--stepz`. Did you mean `--steps`?", "kept here", r"write `\--stepz`."],
    ),
    (errors.BadFlags([BadFlag(Trouble.UNKNOWN, "--xyz")]), ["does not know `--xyz`. Nothing is drawn"]),
    (errors.BadFlags([BadFlag(Trouble.MIDJOURNEYS, "--v")]), ["`--v` is Midjourney's"]),
    (
        errors.BadFlags([BadFlag(Trouble.MIDJOURNEYS, each) for each in ("--v", "--s", "--v")]),
        ["`--v`, `--s` are Midjourney's, and nothing here does the same. Please leave them out. Nothing is drawn yet"],
    ),
    (errors.BadFlags([BadFlag(Trouble.NO_VALUE, "--ar", "ar")]), ["Nothing comes after `--ar`. Give it"]),
    (
        errors.BadFlags([BadFlag(Trouble.TWICE, "--ar `1`", "ar", before="--ar 3:2")]),
        ["`--ar 3:2` and `--ar '1'` stand for the same option."],
    ),
    (errors.BadFlags([BadFlag(Trouble.NOT_HERE, "--repeat")]), ["`--repeat` needs Easel as a member"]),
    (errors.BadFlags([BadFlag(Trouble.STRAY, "*steps* 3")]), [r"“\*steps\* 3” is no flag"]),
    (errors.ModelObjects(width_unfit("Starter", 512, 64, 128, 8)), ["Starter draws widths from 64 to 128 pixels"]),
    (errors.UnknownModel("sd@everyone", ["Starter", "SDXL"]), ["sd@\u200beveryone", "**Starter**, **SDXL**"]),
    (errors.UnknownModel("x", [f"{'*' * 90} {number}" for number in range(99)]), ["and 89 more"]),
    (errors.NothingLive(), ["No worker", "in a minute or two"]),
    *((each, [said]) for each, said in LIMITS),
    (errors.OverCap(Refused(AdmissionLimit.MODEL)), ["No worker", "later"]),
    (errors.ChannelBusy(), ["more reactions", "in a minute"]),
    (errors.AlreadyAsked(), ["Already asked; it is in line."]),
    (errors.NotYours(Verb.DELETE, 7), ["<@7>", "moderator", "delete"]),
    (errors.NotYours(Verb.CANCEL, None), ["cancel"]),
    (errors.TooLate(), ["Too late"]),
    (errors.Forgotten(), ["no longer knows", "ask again"]),
    (errors.NoRecipe(), ["no longer knows", "/imagine"]),
    (result_errors.NotADraft(), ["with all steps already", "🔁 draws it again"]),
    (result_errors.ShowsMoments(), ["how a picture came about", "below the picture itself", "✏️ here"]),
    (result_errors.NotAResult(), ["This message is no result of Easel's", "/imagine"]),
    (errors.PictureUnread(), ["try again"]),
    (errors.NoUpscaler(), ["No worker that can upscale", "later"]),
    (
        errors.TooLarge(picture_over_upscaler(640, 480, 300, 4)),
        ["640 × 480 pixels", "about 300 × 300 can be upscaled ×4"],
    ),
    (result_errors.ClosedDms(), ["closed to Easel", "Privacy Settings"]),
    (result_errors.NotSeen(), ["no result of Easel's", "Copy Message Link"]),
    (result_errors.OnlyThere(5), ["<#5> is age-restricted", "in one of them"]),
    (result_errors.AlreadySent(), ["in your direct messages already"]),
    (result_errors.NothingToSend(large=False), ["no picture here to send", "🔁 draws it"]),
    (result_errors.NothingToSend(large=True), ["too large for a direct message", "save them"]),
    (errors.BadOption("strength", flag="iw"), ["`--iw` takes a number from 0 to 1, such as `0.6`"]),
    (errors.BadOption("style_weight", flag="sw"), ["`--sw` takes a number from 0 to 1000, such as `100`"]),
    (result_errors.CannotGoOn("*x*"), ["\\*x\\* can't draw beyond the edges", "✏️ lets you"]),
    (result_errors.CannotVary("*x*"), ["\\*x\\* can't draw from a picture", "🔁 draws all again"]),
    (result_errors.TooManyKept(200), ["You keep 200", "`/favourites` first"]),
    (errors.NoSuchPicture(3), ["no picture 3"]),
    (errors.NotYet(), ["not here yet", "when it is done"]),
    (errors.Upscaled(2, "https://discord.com/channels/1/2/3", done=True), ["Picture 2", "already: https://"]),
    (errors.Upscaled(2, "https://discord.com/channels/1/2/3", done=False), ["Picture 2 is being", "already: https://"]),
    (errors.Upscaled(2, "", done=True), ["Picture 2", "somewhere below."]),
    (errors.Upscaled(None, "https://discord.com/channels/1/2/3", done=True), ["This picture has", "https://"]),
    (errors.Upscaled(None, "https://discord.com/channels/1/2/3", done=False), ["This picture is being", "https://"]),
    (errors.Upscaled(None, "", done=True), ["This picture", "somewhere below."]),
    (errors.SourceGone(), ["gone", "deleted"]),
    (errors.UnknownControl(newer=True), ["newer Easel", "try again", "update"]),
    (setting_errors.NotAdmin(), ["permission **Manage Server**", "→ Integrations → Easel"]),
    (setting_errors.NotInServer(), ["Please use it in one"]),
    (setting_errors.ChangedMeanwhile(CHANGE), ["<@7> has changed this meanwhile", "try again"]),
    (setting_errors.ChangedMeanwhile(None), ["Others have changed this", "try again"]),
    (setting_errors.NothingToUndo(), ["can't be undone", "too long ago"]),
    (setting_errors.UnknownSetting("speed"), ["There is no setting “speed”", "pick one of those"]),
    (setting_errors.NotAPerson(), ["a bot", "choose a person"]),
    (setting_errors.BlocksThemselves(), ["That is you", "another person"]),
    (setting_errors.LastModel(), ["last model", "`/server pause`"]),
    (setting_errors.BadImport(newer=True), ["newer Easel"]),
    (setting_errors.BadImport(), ["no settings of Easel", "`/server export`"]),
    (errors.UnknownControl(newer=False), ["another version", "`/imagine`"]),
    (errors.UnknownModel("x", []), ["nor with any other model that may be used here."]),
    (errors.UnknownSampler("euler z"), ["There is no sampler “euler z”", "**Euler**", "**LCM**"]),
    (source_errors.PictureUnfit(source_of_other_format()), ["That picture can't be used.", "send it as one of these"]),
    (source_errors.LinkUnfit("guide", "x"), ["`guide`: “x” leads to no picture of Easel's", "Copy Message Link"]),
    (source_errors.WhichPicture("style", "<x>", [1, 3]), ["several pictures there", "`x#1`, `x#3`"]),
    (
        source_errors.FollowsNothing("style", "style_weight"),
        ["Attach one as `style`", "`--sref`"],
    ),
    (source_errors.CannotFollow("guide", "SDXL", "", []), ["SDXL can't follow a picture, and no"]),
    (source_errors.CannotFollow("guide", "SDXL", "", ["M"]), ["can't follow a picture. These can: **M**"]),
    (
        source_errors.CannotFollow("guide", "SDXL", "canny", []),
        ["a picture by canny, and no", "`guide_by`"],
    ),
    (source_errors.CannotFollow("guide", "SDXL", "canny", ["M"]), ["by canny. These can: **M**", "leave `guide` out"]),
    (
        source_errors.CannotFollow("style", "SDXL", "", []),
        ["style from a picture, and", "Leave `style`"],
    ),
    (source_errors.CannotFollow("style", "SDXL", "", ["M"]), ["style from a picture. These can: **M**"]),
    (
        source_errors.CannotFollow("style", "SDXL", "x", []),
        ["a picture by x, and no running", "Leave `style`"],
    ),
    (source_errors.CannotFollow("style", "SDXL", "x", ["M"]), ["a picture by x. These can: **M**", "leave `style`"]),
    (source_errors.StrengthAlone(), ["Attach one as `image`", "leave `strength` out"]),
    (source_errors.CannotBegin("Starter", ["SDXL"]), ["Starter can't draw from a picture", "These can: **SDXL**"]),
    (source_errors.CannotBegin("Starter", []), ["no running model that may be used here can", "Leave `image` out"]),
    (source_errors.BadLoras("x:*"), [r"“x\:\*”", "from -2 to 2", "`pixel:0.8, ink`"]),
    (source_errors.BeganWithNone(), ["from words alone", "🎞️ under More"]),
    (source_errors.BeginningGone(), ["is gone", "Attach it anew with `/imagine`", "draw without it"]),
    (source_errors.BeginningUnseen(), ["where you can't look from here", "isn't shown to you"]),
    (errors.OnlySquares("Starter"), ["Starter draws squares only, and no running model", "Leave `aspect_ratio` or"]),
    (errors.OnlySquares("Starter", ["SDXL"]), ["These draw other shapes: **SDXL**", "Choose one as `model`"]),
    (errors.OnlySquares("Starter", with_picture=True), ["With a picture", "from words alone", "Leave the picture out"]),
    (errors.OnlySquares("Starter", ["SDXL"], with_picture=True), ["Starter draws squares only", "from one: **SDXL**"]),
    (errors.BadOption("aspect_ratio"), ["such as `3:2`: from 4:1 to 1:4"]),
    (errors.BadOption("steps"), ["`steps` takes a whole number, such as `30`"]),
    (errors.BadOption("guidance"), ["`guidance` takes a number, such as `7`"]),
]


@pytest.mark.parametrize(("refusal", "said"), LIMITS, ids=lambda each: type(each).__name__)
def test_a_limit_is_named_with_its_layer_and_what_is_left(refusal, said):
    assert texts.refusal(refusal, ENGLISH) == said


@pytest.mark.parametrize(("refusal", "said"), REFUSALS, ids=lambda each: type(each).__name__)
def test_a_refusal_says_what_is_wrong_and_what_to_do(refusal, said):
    text = texts.refusal(refusal, ENGLISH)
    for part in said:
        assert part in text
    assert len(text) <= CONTENT_MAX
    assert text[-1] in ".`”" or text.endswith(getattr(refusal, "link", None) or "?")


def test_the_name_of_an_admin_is_no_link_where_changes_are_told():
    said = server_answers.log_line(7, "[x](https://a.example)", ["steps, 1 → 2"], ENGLISH)
    assert said.startswith(r"<@7> (\[x\]\(https\:\/\/a.example\)) in Easel's settings.")


@pytest.mark.parametrize("refusal", [refusal for refusal, _ in REFUSALS], ids=lambda each: type(each).__name__)
def test_all_of_a_refusal_is_translated(refusal):
    names = [
        texts.EXAMPLE,
        *("--iw", "--sw"),
        "imagine",
        "negative_prompt",
        "steps",
        "guidance_scale",
        "model",
        "Starter",
        "SDXL",
        "sd@everyone",
        "x",
        *("stepz", "xyz", "ar", "repeat", "--v", "--s", "aspect_ratio", "guidance"),
        *("flux", "starter", "sdxl", "sd15", "ddim", "euler", "spam @here", "Fraud", "Unpaid", "Back at 8."),
        *("FLUX.1 [dev]", "SD 1.5", "gone", "euler z", "speed"),
        *("guide", "style", "style_weight", "--sref", "canny", "M"),
    ]
    assert unmarked(texts.refusal(refusal, PSEUDO), names) == []


def test_so_is_everything_else():
    known = Known(things=("cat",), styles=("3D",), backgrounds=("Blue",))
    named = ModelInfo(id="m1", title="M1", description="Few", licence="MIT", example="Apple", knows=known)
    embeds = [texts.models([named] * 12, PSEUDO, {"m1"}), *texts.about_model(named, PSEUDO)]
    more = {"operations": ("img2img",), "loras": (LoraInfo(id="ink", title="Ink", triggers=("inked",)),) * 12}
    embeds += texts.about_model(named.model_copy(update={"draws": "odd", "knows": None, **more}), PSEUDO)
    said = [text for _, text in read_texts({"embeds": embeds})]
    said += [
        say(PSEUDO)
        for say in (texts.help_page, texts.queue_away, texts.queue_unreached, texts.queue_slow, texts.discord_away)
    ]
    said += [say(PSEUDO) for say in (texts.deleted, texts.upscale_again, texts.draw_without)]
    said += [texts.command_changed(PSEUDO), texts.unknown("0a1b", PSEUDO)]
    said += [texts.reacted(texts.forgotten(PSEUDO), "https://discord.com/channels/1/2/3", PSEUDO)]
    names = [
        *["m1", "M1", "Few", "MIT", "Apple", "cat", "3D", "Blue", "odd", "0a1b", "ink", "Ink", "inked"],
        texts.EXAMPLE,
        texts.EXAMPLE_FLAGS,
        *OPTIONS,
    ]
    for text in said:
        assert unmarked(text, names) == []


def test_every_refusal_has_a_sentence_of_its_own():
    modules = (errors, limit_errors, result_errors, setting_errors, source_errors)
    classes = [each for module in modules for _, each in inspect.getmembers(module, inspect.isclass)]
    kinds = {each for each in classes if issubclass(each, errors.Refusal)}
    assert {type(refusal) for refusal, _ in REFUSALS} == kinds - {errors.Refusal}
    sentences = {texts.refusal(refusal, ENGLISH) for refusal, _ in REFUSALS}
    assert len(sentences) == len(REFUSALS)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RedisConnectionError(), AWAY),
        (NoConnectionError(), texts.queue_unreached(ENGLISH)),
        (BusyLoadingError(), AWAY),
        (OutOfMemoryError(), AWAY),
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), AWAY),
        (ResponseError("Command # 1 (HSET a b c) of pipeline caused error: MISCONF Errors writing"), AWAY),
        (ResponseError("Error running script (call to f_0): @user_script:7: @user_script: 7: -OOM command"), AWAY),
        (MasterDownError("Link with MASTER is down"), AWAY),
        (ClusterDownError("The cluster is down"), AWAY),
        (RedisTimeoutError(), SLOW),
        (ResponseError(), None),
        (NoPermissionError("No permissions to access a key"), REFUSES),
        (AuthenticationError("invalid username-password pair"), REFUSES),
    ],
)
def test_redis_not_serving_is_told_apart_from_our_own_mistakes(error, said):
    assert texts.queue_trouble(error, ENGLISH) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "5 seconds"), (42, "40 seconds"), (100, "2 minutes"), (3500, "58 minutes"), (7200, "2 hours")],
)
def test_when_to_try_again_is_said_roughly(seconds, said):
    refused = Refused(AdmissionLimit.PERSON, 3, 3, seconds)
    assert texts.refusal(errors.OverCap(refused), ENGLISH).endswith(f"Please try again in about {said}.")


class Wordy(Language):
    """Takes so many times as many words as English."""

    def __init__(self, times: float):
        super().__init__("en", gettext.NullTranslations())
        self.times = times

    def _fill(self, found, source, data):
        said = super()._fill(found, source, data)
        return said + "w" * int(len(said) * (self.times - 1))


IDS = dict.fromkeys(("imagine", "help", "models", "queue", "quota", "server", "favourites"), 10**19)


@pytest.mark.parametrize("language", [ENGLISH, PSEUDO, Wordy(1.5)])
def test_the_help_is_one_embed_with_room_for_more(language):
    (page,) = texts.in_pages(texts.help_page(language, IDS, manages=True))
    assert len(page) <= EMBED_DESCRIPTION_MAX * 0.85


@given(st.floats(1, 9))
def test_the_help_is_never_too_long_nor_loses_a_line_in_any_language(times):
    whole = texts.help_page(Wordy(times), IDS, manages=True)
    pages = texts.in_pages(whole)
    assert max(map(len, pages)) <= EMBED_DESCRIPTION_MAX
    assert "\n".join(pages) == whole


def test_the_help_names_every_option():
    (line,) = (each for each in texts.help_page(ENGLISH).splitlines() if "aspect_ratio" in each)
    named = line.removeprefix("-# ").split(" · ")
    assert named == [each for each in ALL_OPTIONS if each in named]
    taught = {*re.findall(r"`([a-z_]+)`", lesson.prompt("x", few=False, language=ENGLISH))}
    assert {*ALL_OPTIONS} == {"prompt", *named, *(taught & {*ALL_OPTIONS})}


def test_what_the_help_shows_as_flags_is_drawn_by_the_starter_as_well():
    flags = read(f"{texts.EXAMPLE} {texts.EXAMPLE_FLAGS.strip('`')}")
    assert flags.bad == ()
    assert "aspect_ratio" not in flags.options  # it draws squares
    drawn = shipped().read(asked(flags.words, flags.options.get("negative_prompt", "")))
    assert (drawn.declined, drawn.notice) == ((), None)


@pytest.mark.parametrize("option", ["aspect_ratio", "steps", "seed", "count", "repeat", "guidance", "strength"])
def test_an_option_that_cannot_be_read_comes_with_an_example_of_what_can(option):
    with pytest.raises(errors.BadOption) as raised:
        asked_for({"prompt": "x", option: "many"})
    _, example = re.findall(r"`([^`]+)`", texts.refusal(raised.value, ENGLISH))
    assert asked_for({"prompt": "x", option: example}) != asked_for({"prompt": "x"})


def test_those_who_manage_a_server_read_how():
    assert "</server settings:5>" in texts.help_page(ENGLISH, {"server": 5}, manages=True)
    assert "`/server settings`" in texts.help_page(ENGLISH, manages=True)
    assert "/server" not in texts.help_page(ENGLISH)
    names = ["imagine", *OPTIONS, texts.EXAMPLE, texts.EXAMPLE_FLAGS]
    assert unmarked(texts.help_page(PSEUDO, manages=True), names) == []


def test_commands_in_the_help_are_typed_where_discord_has_not_told_their_ids():
    assert "</imagine:5>" in texts.help_page(ENGLISH, {"imagine": 5})
    assert "`/models`" in texts.help_page(ENGLISH, {"imagine": 5})


def test_the_example_is_nothing_that_the_starter_has_to_leave_out():
    reading = shipped().read(asked(texts.EXAMPLE))
    assert (reading.declined, reading.notice) == ((), None)


def test_a_long_list_of_what_a_model_knows_goes_over_several_messages():
    things = tuple(f"thing *number* {number}" for number in range(1500))
    model = ModelInfo(id="few", title="Few", knows=Known(things=things), description="*" * 300, licence="_" * 100)
    embeds = list(texts.about_model(model, ENGLISH))
    text = ", ".join(embed["description"].rpartition("\n")[2].rstrip(",") for embed in embeds)
    assert text == ", ".join(thing.replace("*", r"\*") for thing in things)
    assert len(embeds) > 5
    for embed in embeds:
        assert len(embed["description"]) <= EMBED_DESCRIPTION_MAX


def test_models_are_listed_within_one_message():
    many = [ModelInfo(id=f"m{number}", title="[*]" * 30, description="_" * 300) for number in range(30)]
    listed = texts.models(many, ENGLISH)["description"]
    assert len(listed) <= EMBED_DESCRIPTION_MAX
    assert "and 20 more" in listed


def test_a_model_tells_whether_it_draws_from_pictures_and_with_which_loras():
    lora = LoraInfo(id="pixel", title="*Pixel* art", triggers=("pixels", "8 bit"))
    able = ModelInfo(id="m", title="M", operations=("img2img",), loras=(lora,))
    (page,) = texts.about_model(able, ENGLISH)
    assert [(each["name"], each["value"]) for each in page["fields"]] == [
        ("Pictures to begin with", "It draws from a picture, too: `image` and `strength` of `/imagine`."),
        ("LoRAs", "`pixel` · \\*Pixel\\* art · say pixels, 8 bit"),
    ]
    (page,) = texts.about_model(ModelInfo(id="m", title="M"), ENGLISH)
    assert "fields" not in page
    longest = LoraInfo(id="l" * 64, title="*" * 100, triggers=("*" * 60,))
    (page,) = texts.about_model(able.model_copy(update={"loras": (longest,) * 40}), ENGLISH)
    assert max(len(each["value"]) for each in page["fields"]) <= 1024


def test_what_comes_with_a_picture_is_named_as_it_can_be_typed() -> None:
    lacks = {"image": {}, "style": {"style_by": "plus", "style_weight": "0.5"}}
    said = texts.more("/imagine prompt:x", [1], ENGLISH, lacks=lacks)
    assert "Attach them anew: `image`, `style` `--style-by plus` `style_weight:0.5`." in said
    assert BY_OPTION.keys() - set(ALL_OPTIONS) == FLAGS_ALONE
