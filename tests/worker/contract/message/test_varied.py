"""Which pictures can be varied, by the buttons below them; and which picture a message says that it varies."""

import pytest

from tests.worker.contract.factories import HOW, RESULT, begun
from tests.worker.contract.message.test_job_message import THERE, job
from worker.contract.discord_limits import BUTTONS_PER_ROW, ROWS_MAX
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.types.destination import Destination
from worker.contract.types.job import State
from worker.contract.types.result import Picture, Result
from worker.contract.types.source_place import SourcePlace, SourcePlaces
from worker.contract.types.variation import STRENGTHS, Variation


def rows_of(count: int, varied: int, larger: int, *, beyond: bool = False, **fields: object) -> list[list[str]]:
    picture = Picture(seed=1, width=64, height=64, size=1)
    made = job(State.POSTED, result=Result(pictures=(picture,) * count), **fields)
    shown = card(made, ENGLISH, range(larger), varied=range(varied), beyond=beyond)["components"]
    return [[b.get("label") or b["emoji"]["name"] for b in row["components"]] for row in shown]


def test_which_pictures_can_be_varied_is_seen_below_them() -> None:
    assert rows_of(4, 4, 4) == [["U1", "U2", "U3", "U4", "🔁"], ["V1", "V2", "V3", "V4", "✏️"], ["⭐", "✉️", "More"]]
    assert rows_of(4, 0, 4) == [["U1", "U2", "U3", "U4", "🔁"], ["✏️", "⭐", "✉️", "More"]]
    assert rows_of(4, 4, 0) == [["V1", "V2", "V3", "V4", "🔁"], ["✏️", "⭐", "✉️", "More"]]
    assert rows_of(1, 1, 1) == [["Vary a little", "Vary a lot", "Edit"], ["Upscale", "🔁", "⭐", "✉️", "More"]]
    assert rows_of(1, 0, 0) == [["Edit"], ["🔁", "⭐", "✉️", "More"]]


def test_a_single_picture_can_go_on_beyond_its_edges_where_its_model_can() -> None:
    on, further = ["Zoom out", "Widen"], ["Zoom out ×2", "Heighten"]
    below = ["🔁", "⭐", "✉️", "More"]
    assert rows_of(1, 1, 1, beyond=True) == [["Vary a little", "Vary a lot", "Edit"], ["Upscale", *on], below]
    assert rows_of(1, 0, 0, beyond=True) == [["Edit"], on, below]
    alone = Destination(channel=1, installed=False)  # nothing under More can reach the message later
    assert rows_of(1, 0, 0, beyond=True, destination=alone) == [["Edit"], on, further, [*below, "❌"]]
    assert not {*on, *further} & {label for row in rows_of(4, 4, 4, beyond=True) for label in row}


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (768, 768, "Zoomed out ×1.5"), (1024, 1024, "Zoomed out ×2"), (768, 512, "Widened ×1.5"),
        (512, 768, "Heightened ×1.5"), (1016, 1024, "Zoomed out ×2"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("picture", [None, 1])
def test_what_a_picture_goes_on_from_is_said_with_a_link(
    width: int, height: int, words: str, picture: int | None
) -> None:
    place = {"left": (width - 512) // 2, "top": (height - 512) // 2, "width": 512, "height": 512}
    asked = begun(
        operation="outpaint", strength=0.5, width=width, height=height,
        outpaint=place | {"window_width": 512, "window_height": 512},
    )  # fmt: skip
    source = SourcePlaces(pictures=(THERE.pictures[0].model_copy(update={"picture": picture}),))
    shown = card(job(State.POSTED, request=asked, sources=source, result=RESULT), ENGLISH)["content"].splitlines()
    which = "[this picture]" if picture is None else "picture 2 of [these]"
    assert shown[1] == f"-# {words} from {which}(https://discord.com/channels/@me/77/88)"
    assert "strength" not in shown[2]
    assert "from" not in shown[2]
    larger = card(job(State.POSTED, request=asked.only(0).enlarged(HOW), sources=source, result=RESULT), ENGLISH)
    assert words not in larger["content"]
    nowhere = card(job(State.POSTED, request=asked, result=RESULT), ENGLISH)["content"]
    assert "from a picture" in nowhere


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("varied", [False, True])
@pytest.mark.parametrize("count", range(1, 11))
def test_buttons_of_any_number_of_pictures_fit_below_a_message(count: int, varied: bool, alone: bool) -> None:
    there = Destination(channel=1, installed=not alone)
    for larger in (0, count):
        shown = rows_of(count, count * varied, larger, destination=there)
        assert len(shown) <= ROWS_MAX
        assert max(map(len, shown)) <= BUTTONS_PER_ROW
        assert min(map(len, shown)) > 0


def varied(how: Variation, picture: int | None, **fields: object) -> str:
    place = THERE.pictures[0].model_copy(update={"picture": picture})
    asked = begun(strength=STRENGTHS[how])
    made = job(State.POSTED, request=asked, sources=SourcePlaces(pictures=(place,)), **fields)
    return card(made, ENGLISH)["content"]


@pytest.mark.parametrize("verb", ["varylittle", "rerun"])
def test_what_a_variation_is_of_is_said_with_a_link_however_it_was_asked_for(verb: str) -> None:
    link = "https://discord.com/channels/@me/77/88"
    for how, word in ((Variation.LITTLE, "subtle"), (Variation.LOT, "strong")):
        several, single = varied(how, 1, verb=verb), varied(how, None, verb=verb)
        assert several.splitlines()[1] == f"-# Variation ({word}) of picture 2 of [these]({link})"
        assert single.splitlines()[1] == f"-# Variation ({word}) of [this picture]({link})"
        assert "from" not in several


def test_what_begins_with_a_picture_of_nowhere_or_was_enlarged_since_is_called_no_variation() -> None:
    nowhere = SourcePlaces(pictures=(SourcePlace(attachment=3, link="https://cdn.example/"),))
    asked = begun(strength=STRENGTHS[Variation.LITTLE])
    for fields in ({"sources": nowhere}, {"request": asked.only(0).enlarged(HOW)}, {"request": begun(strength=0.33)}):
        made = job(State.POSTED, **{"request": asked, "sources": THERE, "result": RESULT} | fields)
        assert "Variation" not in card(made, ENGLISH)["content"]
