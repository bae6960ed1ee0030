"""The option `image`, as text that comes back from a message."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.commands.picture import Attached, shown, uploaded
from bot.errors import BadOption
from bot.source_errors import PictureUnfit
from worker.contract.discord_limits import REQUEST_MAX

LINK = "https://cdn.discordapp.com/ephemeral-attachments/11/22/photo.png?ex=1&is=2&hm=3"


def attached(**changes: Any) -> Any:
    about = {"filename": "photo.png", "url": LINK, "size": 9, "content_type": "image/png", "width": 640, "height": 480}
    return SimpleNamespace(**about | changes)


@pytest.mark.parametrize("name", ["photo.png", "a[b](c).png", "]](", "·", ""])
def test_it_comes_back_as_it_was(name: str):
    assert Attached.read(shown(attached(filename=name))) == Attached(22, LINK, 640, 480)


def test_what_lies_there_is_told_apart_from_what_it_is():
    found = Attached.read(shown(attached()))
    assert (found.place.attachment, found.place.message, found.place.link) == (22, None, LINK)
    assert (found.source().width, found.source().height) == (640, 480)
    assert "22" not in found.source().model_dump_json()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content_type": "text/plain"}, "source_of_other_format"), ({"content_type": None}, "source_of_other_format"),
        ({"content_type": "image/svg+xml"}, "source_of_other_format"), ({"width": None}, "source_of_other_format"),
        ({"content_type": "video/mp4"}, "source_of_other_format"), ({"height": 0}, "source_of_other_format"),
        ({"size": REQUEST_MAX + 1}, "picture_file_too_large"), ({"width": 104_167}, "picture_over_pixels"),
    ],
)  # fmt: skip
def test_what_nothing_is_drawn_from_is_refused_at_once(changes: dict[str, Any], code: str):
    with pytest.raises(PictureUnfit) as refused:
        shown(attached(**changes))
    assert refused.value.cause.code == code


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/WebP", "image/gif; charset=binary"])
def test_pictures_are_taken(kind: str):
    assert shown(attached(content_type=kind, size=REQUEST_MAX))


@pytest.mark.parametrize(
    "text",
    [
        "", "photo", LINK, f"[a]({LINK})", f"[a]({LINK}) · 0 × 480", f"[a]({LINK}) · 65536 × 1",
        "[a](https://cdn.discordapp.com/avatars/1/2/a.png) · 1 × 1", f"[a]({LINK}) · 1 × 1 [b]({LINK}) · 1 × 1",
        "[a](https://[) · 1 × 1", f"[a]({LINK}{'x' * 2000}) · 1 × 1", f"[a]({LINK}) · ² × 1",
    ],
)  # fmt: skip
def test_what_is_no_such_text_is_refused(text: str):
    with pytest.raises(BadOption, match="image"):
        Attached.read(text)


def test_a_form_brings_its_files_besides():
    raw = {"filename": "a.png", "url": LINK, "size": 9, "content_type": "image/png", "width": 640, "height": 480}
    fields = [{"component": {"custom_id": name, "values": ["22"]}} for name in ("guide", "count")]
    found = uploaded({"components": fields, "resolved": {"attachments": {"22": raw | {"id": "22"}}}})
    assert [*found] == ["guide"]
    assert Attached.read(shown(found["guide"])).id == 22
    for empty in ({}, {"resolved": {}}, {"components": fields, "resolved": {}}):
        assert uploaded(empty) == {}
