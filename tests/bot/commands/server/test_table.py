"""One table makes panel, forms, subcommands and words: it fits the document, Discord's bounds and translators."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.server import answers, effects, forms, keys, pages, setting, shown, summary, table, values
from bot.commands.server.pages import View
from bot.commands.server.table import Kind
from bot.commands.server.values import Known
from bot.setting_errors import Wrong, WrongValue
from bot.texts.server import transfer
from bot.texts.server import values as words
from tests.marks import Translated, read_texts, unmarked
from worker.contract.discord_limits import CHOICES_MAX, CONTENT_MAX, CUSTOM_ID_MAX
from worker.contract.message.languages import ENGLISH, Language
from worker.contract.store.server_settings import Untold
from worker.contract.types.server_changes import changes_between, value_at, with_values
from worker.contract.types.server_settings import (
    Block,
    Change,
    ChannelSettings,
    Grant,
    Limits,
    ServerSettings,
    Together,
    UsedUp,
    Usual,
)
from worker.contract.types.telling import Telling

MODELS = {"starter": "Starter", "sdxl": "SDXL"}
CEILINGS: dict[str, Any] = {"each.at_once": 10, "each.steps": 100, "together.at_once": 20, "each.day_gpu_seconds": 7200}
KNOWN = Known(ENGLISH, MODELS, CEILINGS, {"each.at_once": 3})
WHOLE_KEYS = sorted(keys.typed_keys())
ROLE, CHANNEL, PERSON = 2**63 - 1, 2**63 - 2, 2**63 - 3  # as long as an id can be
SUBJECTS = ["", f"r{ROLE}", f"c{CHANNEL}"]
NAMES = [*MODELS.values(), *MODELS, "Studio", "Max", "Euler", "DDIM", "s", "min", "h", "M"]


GONE = frozenset({f"r{ROLE - 1}", f"c{CHANNEL - 1}"})


def full(language: Language = ENGLISH, many: int = 30) -> View:
    """A server in which everything is set that can be, for many roles, channels and people."""
    limits = Limits(
        at_once=9, day_pictures=500_000, day_gpu_seconds=3660, per_minute=7, pictures=4, steps=99, megapixels=1.25,
        upscale_megapixels=16.5, guidance_scale=9.5, models=("starter", "gone"), samplers=("euler", "ddim"),
    )  # fmt: skip
    usual = Usual(model="sdxl", pictures=2, steps=30, guidance_scale=7.5, sampler="ddim", width=1024, height=768)
    settings = ServerSettings(
        each=limits,
        together=Together(at_once=20, day_pictures=900_000, day_gpu_seconds=7200, per_minute=60),
        used_up=UsedUp.LAST,
        usual=usual,
        roles=dict.fromkeys(range(ROLE - many, ROLE), limits),
        channels=dict.fromkeys(
            range(CHANNEL - many, CHANNEL), ChannelSettings(limits=limits, usual=usual, results_to=5)
        ),
        results_to=CHANNEL,
        buttons={"upscale": "anyone", "rerun": "owner", "cancel": "nobody", "delete": "owner"},
        blocked=dict.fromkeys(range(PERSON - many, PERSON), Block(by=1, at=2, why="7" * 300)),
        grants=dict.fromkeys(range(PERSON - many, PERSON), Grant(pictures=50, until=2**42)),
        paused="8" * 300,
        log_channel=CHANNEL,
        tell=Telling.LATE,
    )
    last = Change(number=7, by=PERSON, by_name="Max", key="paused", old=None, new="8" * 300, at=1)
    nowhere: frozenset[int] = frozenset()
    known = Known(language, MODELS, CEILINGS, {"each.at_once": 3}, nowhere, nowhere)
    untold = Untold(CHANNEL, 2**42)
    return View(
        "Studio", 7, settings, known, 1_000_000, 5_000, 9_999, last, now=1, median=86_400.0, untold=untold, gone=GONE
    )


def every_page(view: View) -> list[dict[str, Any]]:
    subjects = [f"r{ROLE - 1}", f"c{CHANNEL - 1}", f"u{PERSON - 1}", f"u{PERSON}", f"r{ROLE}"]
    change = Change(number=7, by=PERSON, by_name="Max", key="paused", old="8" * 300, new="8" * 300, at=1, how="undo")
    return [
        pages.panel(view),
        shown.message(view),
        *(pages.page(name, view) for name in ("roles", "where", "people", "reset")),
        *(pages.subject(who, view, 3) for who in subjects),
        pages.changes([change.model_copy(update={"number": number}) for number in range(30, 10, -1)], view),
    ]


def inside(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All components, with those in others."""
    found = []
    for each in parts:
        more = [*each.get("components", ()), *([each["accessory"]] if "accessory" in each else [])]
        found += [each, *inside(more)]
    return found


@pytest.mark.parametrize("language", [ENGLISH, Translated()], ids=["en", "qps"])
@pytest.mark.parametrize("many", [0, 1, 30])
def test_the_panel_and_its_pages_fit_a_message(language: Language, many: int) -> None:
    for message in every_page(full(language, many)):
        found = inside(message["components"])
        assert len(found) <= 40
        assert sum(len(each.get("content", "")) for each in found) <= 4000
        ids = [each["custom_id"] for each in found if "custom_id" in each]
        assert len(ids) == len(set(ids))
        assert all(len(each) <= CUSTOM_ID_MAX for each in ids)
        assert all(0 < len(each["label"]) <= 80 for each in found if each["type"] == 2)


def test_all_of_a_page_is_translated() -> None:
    for message in every_page(full(Translated())):
        for _, text in read_texts(message):
            assert unmarked(text, [*NAMES, "gone", "t", "R", "D"]) == [], text


@pytest.mark.parametrize("language", [ENGLISH, Translated()], ids=["en", "qps"])
@pytest.mark.parametrize("subject", SUBJECTS, ids=["server", "role", "channel"])
def test_a_form_holds_five_fields_within_discords_bounds(language: Language, subject: str) -> None:
    view = full(language)
    for about in forms.FORMS:
        if not forms.keys(about, subject):
            continue
        body = forms.form(about, subject, 2**31, view.settings, view.known, {})
        assert 1 <= len(body["components"]) <= forms.FIELDS_MAX
        assert len(body["title"]) <= 45
        assert len(body["custom_id"]) <= CUSTOM_ID_MAX
        for row in body["components"]:
            field = row["component"]
            assert len(row["label"]) <= 45
            assert len(row.get("description", "x")) <= 100
            assert len(field["custom_id"]) <= CUSTOM_ID_MAX
            assert len(field.get("options", ())) <= (10 if field["type"] in {21, 22} else CHOICES_MAX)


def test_no_hint_has_to_be_cut_in_english() -> None:
    view = full()
    for subject in SUBJECTS:
        for about in forms.FORMS:
            for key in forms.keys(about, subject):
                for now in (None, value_at(view.settings, key)):
                    assert len(forms.hint(key, now, view.known)) <= 100, key


@pytest.mark.parametrize("before", ["usual.", f"channels.{CHANNEL}.usual."])
def test_what_is_usual_is_offered_up_to_what_a_request_may_have(before: str) -> None:
    known = Known(ENGLISH, MODELS, {"each.pictures": 4, "each.steps": 30})
    assert forms.hint(f"{before}pictures", None, known).startswith("1 to 4. ")
    assert forms.hint(f"{before}steps", None, known).startswith("1 to 30. ")
    assert forms.hint(f"{before}width", None, known).startswith("64 to ")


def test_no_model_has_a_number_of_pictures_of_its_own() -> None:
    assert forms.hint("usual.pictures", None, KNOWN).endswith("Empty: as whoever runs Easel says.")
    assert forms.hint("usual.steps", None, KNOWN).endswith("Empty: the model's own.")


@pytest.mark.parametrize(
    ("key", "ceilings", "told"),
    [
        ("each.steps", {"each.steps": 150}, "Empty: 150, as whoever runs Easel says."),
        ("each.steps", {"each.steps": 40}, "Empty: 40, as whoever runs Easel says."),
        ("each.steps", {}, "Empty: 150, the most that there is."),
        ("each.megapixels", {"each.megapixels": 4.0}, "Empty: 4, as whoever runs Easel says."),
        ("each.megapixels", {}, "Empty: 4, the most that there is."),
        ("each.pictures", {"each.pictures": 10}, "Empty: 10, as whoever runs Easel says."),
        ("each.pictures", {}, "Empty: 10, the most that there is."),
        ("each.guidance_scale", {}, "Empty: 30, the most that there is."),
        ("each.upscale_megapixels", {}, "Empty: as whoever runs Easel says."),
        ("each.upscale_megapixels", {"each.upscale_megapixels": 20}, "Empty: 20, as whoever runs Easel says."),
        ("each.day_pictures", {}, "Empty: no limit."),
        ("together.at_once", {"together.at_once": 100_000}, "Empty: 100,000, as whoever runs Easel says."),
        ("together.at_once", {}, "Empty: no limit."),
    ],
)
def test_an_empty_field_tells_what_holds_then(key: str, ceilings: dict[str, float], told: str) -> None:
    assert forms.hint(key, None, Known(ENGLISH, MODELS, ceilings)).endswith(told)


def test_no_number_of_a_request_that_has_an_end_is_told_to_have_none() -> None:
    for key in forms.keys("request", ""):
        assert not forms.hint(key, None, Known(ENGLISH, MODELS)).endswith("no limit."), key


def test_the_panel_tells_what_holds_where_nothing_is_set() -> None:
    known = Known(ENGLISH, MODELS, {"each.pictures": 4, "each.steps": 150, "each.megapixels": 4.0})
    held = keys.Held(ServerSettings())
    line = "up to 4 pictures · 150 steps · 4 megapixels · guidance up to 30"
    assert summary.each_request(held, known) == [line, ""]


def test_every_value_of_the_document_has_a_row() -> None:
    assert table.LIMITS.keys() == Limits.model_fields.keys()
    assert table.TOGETHER.keys() == Together.model_fields.keys()
    assert table.USUAL.keys() == Usual.model_fields.keys()
    tables = {"each", "together", "usual", "roles", "channels", "buttons", "blocked", "grants"}
    assert table.SINGLE.keys() == ServerSettings.model_fields.keys() - tables


def test_every_setting_stands_in_a_form() -> None:
    assert {key for about in forms.FORMS for key in forms.keys(about, "")} == set(WHOLE_KEYS)
    of_role = {name for about in forms.FORMS for name in forms.keys(about, "r5")}
    assert of_role == {f"roles.5.{name}" for name in Limits.model_fields}


def test_what_can_be_typed_is_what_can_be_set() -> None:
    for subject in ("", "r", "c"):
        for name in setting.names(subject, ENGLISH):
            key = setting.key_of(subject if not subject else f"{subject}5", name, ENGLISH)
            assert keys.place(key) is not None


numbers = [key for key in WHOLE_KEYS if keys.row_of(key).kind in {Kind.WHOLE, Kind.REAL, Kind.SPAN}]


@pytest.mark.parametrize("key", numbers)
def test_bounds_of_the_table_are_those_of_the_document(key: str) -> None:
    row, free = keys.row_of(key), Known(ENGLISH, MODELS)
    for edge in (row.least, row.most):
        with_values(ServerSettings(), {key: values.read(key, [values.typed(key, edge, free)], free)})
    for beyond, why in ((row.least - row.step, Wrong.LOW), (row.most + row.step, Wrong.HIGH)):
        with pytest.raises(WrongValue) as wrong:
            values.read(key, [f"{beyond:g}" if beyond < 0 else f"{beyond:f}".rstrip("0").rstrip(".")], free)
        assert wrong.value.why in {why, Wrong.SPAN}


@pytest.mark.parametrize("key", WHOLE_KEYS)
def test_what_is_shown_to_be_typed_is_read_again(key: str) -> None:
    row = keys.row_of(key)
    samples: dict[Kind, list[Any]] = {
        Kind.WHOLE: [max(row.least, row.step), row.most], Kind.REAL: [0.5, row.most], Kind.SPAN: [59, 60, 3600, 3661],
        Kind.CHOICE: list(row.choices or ()), Kind.MODEL: ["sdxl"], Kind.MODELS: [["starter", "sdxl"]],
        Kind.SAMPLER: ["ddim"], Kind.SAMPLERS: [["euler", "lcm"]], Kind.CHANNEL: [5], Kind.SENTENCE: ["Back soon"],
    }  # fmt: skip
    free = Known(ENGLISH, MODELS)
    for value in samples[row.kind]:
        assert values.read(key, [values.typed(key, value, free)], free) == value
        assert value_at(with_values(ServerSettings(), {key: value}), key) == value
        assert values.show(key, value, free)
    for nothing in ("", " ", *(() if row.kind is Kind.SENTENCE else ("-", "none"))):
        assert values.read(key, [nothing], free) is None


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("each.day_pictures", "1,000", 1000), ("each.day_pictures", "1.000", 1000),
        ("each.day_pictures", "1 000", 1000),
        ("each.day_gpu_seconds", "0.125 h", 450), ("each.guidance_scale", "-0", 0.0),
        ("each.models", "starter, Starter", ["starter"]), ("each.models", ", ,", None), ("each.samplers", ",", None),
        ("each.megapixels", "0,5", 0.5), ("each.day_gpu_seconds", "1.5h", 5400),
        ("each.day_gpu_seconds", "10 MIN", 600),
        ("each.models", "sdxl, Starter", ["sdxl", "starter"]), ("usual.model", "SDXL", "sdxl"),
        ("buttons.delete", "Nobody", "nobody"), ("results_to", "<#5>", 5), ("paused", "  Back\n soon ", "Back soon"),
        ("paused", "-", "-"), ("paused", " None ", "None"),
    ],
)  # fmt: skip
def test_people_type_as_they_are_used_to(key: str, typed: str, value: object) -> None:
    assert values.read(key, [typed], KNOWN) == value


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("each.at_once", "12", "Requests at once: 12 is more than the 10 that whoever runs Easel allows."),
        ("each.at_once", "many", "Requests at once: “many” is not a number."),
        ("each.day_pictures", "0.125", "Pictures a day: “0.125” is not a whole number."),
        ("each.at_once", "2.5", "Requests at once: “2.5” is not a whole number."),
        ("each.at_once", "0", "Requests at once: 0 is less than 1, the least there can be."),
        ("roles.5.at_once", "11", "Requests at once: 11 is more than the 10 that whoever runs Easel allows."),
        ("channels.5.limits.steps", "101", "Steps: 101 is more than the 100 that whoever runs Easel allows."),
        ("each.day_gpu_seconds", "3 h", "GPU time a day: 3 h is more than the 2 h that whoever runs Easel allows."),
        ("each.day_gpu_seconds", "soon", "GPU time a day: “soon” is no time. Write it like 90 s, 10 min or 2 h."),
        ("each.pictures", "11", "Pictures in one request: 11 is more than 10, the most there can be."),
        ("usual.width", "770", "The usual width: 770 is not a multiple of 8."),
        ("usual.model", "flux", "The usual model: “flux” is none of these: Starter and SDXL."),
        ("results_to", "#general", r"Channel for all results: “\#general” is no channel of this server where Easel"),
        ("paused", "x" * 301, "What people are told while it is paused: that is more than 300 characters."),
    ],
)
def test_what_is_wrong_is_said_and_what_would_be_right(key: str, typed: str, said: str) -> None:
    with pytest.raises(WrongValue) as wrong:
        values.read(key, [typed], KNOWN)
    assert words.complaint(wrong.value, ENGLISH).startswith(said)
    assert unmarked(words.complaint(wrong.value, Translated()), [typed, *NAMES, "x"]) == []


@given(st.sampled_from(WHOLE_KEYS), st.text(max_size=40))
def test_whatever_is_typed_is_a_value_or_a_complaint(key: str, text: str) -> None:
    try:
        value = values.read(key, [text], KNOWN)
    except WrongValue as error:
        told = words.complaint(error, ENGLISH)
    else:
        told = "set"
        assert value is None or value_at(with_values(ServerSettings(), {key: value}), key) == value
    assert told


def test_what_was_typed_stands_in_the_form_again() -> None:
    typed = {"each.at_once": ["12"], "each.day_pictures": [], "used_up": ["last"]}
    body = forms.form("person", "", 1, full().settings, KNOWN, typed)
    fields = {row["component"]["custom_id"]: row["component"] for row in body["components"]}
    assert fields["each.at_once"]["value"] == "12"
    assert "value" not in fields["each.day_pictures"]
    assert [each["value"] for each in fields["used_up"]["options"] if each.get("default")] == ["last"]
    assert fields["each.per_minute"]["value"] == "7"


def test_a_role_may_have_what_everybody_may_have_at_most() -> None:
    for key in ("each.at_once", "roles.5.at_once", "channels.5.limits.at_once"):
        assert KNOWN.ceiling(key) == 10
    assert KNOWN.ceiling("together.at_once") == 20
    assert KNOWN.ceiling("usual.steps") is None


def test_answers_fit_a_message_however_much_was_changed() -> None:
    view = full()
    lines = changes_between(ServerSettings(), view.settings, by=1, by_name="Max", at=0)
    assert len(lines) > 500
    told = [summary.changed(each, view.known) for each in lines]
    assert len(answers.changed(lines, view.known)["content"]) <= CONTENT_MAX
    names = ["@" + "*" * 90] * 50, ["#" + "_" * 90] * 50
    more = effects.warnings(lines, view.settings, view.known, None)
    assert len(transfer.would_change(told, *names, more, ENGLISH)) <= CONTENT_MAX
    typed = {key: ["7" * 300] for key in forms.keys("models", "")}
    assert all(len(each["value"]) <= 1024 for each in answers.typed_fields(typed, view.known))
