"""Files that an embed or a component shows: where Discord lists them, and what edits do to them."""

from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.parts import RED, Api, form, started

V2 = 1 << 15
LINKS = [f"attachment://{number}.bin" for number in range(4)]
GALLERY = {"type": 12, "items": [{"media": {"url": LINKS[0]}}]}
THUMBNAIL = {"type": 9, "components": [{"type": 10, "content": "beside"}],
             "accessory": {"type": 11, "media": {"url": LINKS[1]}}}  # fmt: skip
FILE = {"type": 13, "file": {"url": LINKS[2]}}
WORDS = {"type": 10, "content": "only words"}


async def place(sandbox: SandboxClient) -> str:
    return f"/channels/{(await sandbox.get('/channel', channel='gallery'))['id']}/messages"


def listed(message: dict[str, Any]) -> list[str]:
    return [each["filename"] for each in message["attachments"]]


async def test_files_that_components_show_are_listed_in_their_media_items_alone(
    api: Api, sandbox: SandboxClient
) -> None:
    where = await place(sandbox)
    container = {"type": 17, "components": [GALLERY, THUMBNAIL, FILE]}
    _, sent = await api("POST", where, data=form({"flags": V2, "components": [container]}, *[RED] * 4))
    assert listed(sent) == ["3.bin"]
    files = (await sandbox.message(int(sent["id"]))).files
    assert [each.filename for each in files] == ["0.bin", "1.bin", "2.bin", "3.bin"]
    gallery, section, file = sent["components"][0]["components"]
    media = [gallery["items"][0]["media"], section["accessory"]["media"], file["file"]]
    assert [each["attachment_id"] for each in media] == [str(each.id) for each in files[:3]]
    assert (file["name"], file["size"]) == ("2.bin", len(RED))
    for each in media:
        assert await sandbox.fetch(each["url"]) == RED
    assert listed((await api("GET", f"{where}/{sent['id']}"))[1]) == ["3.bin"]


async def test_a_file_that_no_component_shows_any_more_is_listed_again(api: Api, sandbox: SandboxClient) -> None:
    where = await place(sandbox)
    _, sent = await api("POST", where, data=form({"flags": V2, "components": [GALLERY]}, RED))
    path = f"{where}/{sent['id']}"
    assert listed(sent) == []
    assert listed((await api("PATCH", path, {"allowed_mentions": {}}))[1]) == []  # the components stay as they are
    assert listed((await api("PATCH", path, {"components": [WORDS]}))[1]) == ["0.bin"]
    assert listed((await api("PATCH", path, {"components": [GALLERY]}))[1]) == []  # and it can be shown again
    _, gone = await api("PATCH", path, {"components": [WORDS], "attachments": []})
    assert (listed(gone), (await sandbox.message(int(sent["id"]))).files) == ([], [])


async def test_an_edit_keeps_a_shown_file_by_its_id(api: Api, sandbox: SandboxClient) -> None:
    where = await place(sandbox)
    _, sent = await api("POST", where, data=form({"flags": V2, "components": [GALLERY]}, RED))
    kept = sent["components"][0]["items"][0]["media"]["attachment_id"]
    body = {"components": [WORDS], "attachments": [{"id": kept}]}
    assert listed((await api("PATCH", f"{where}/{sent['id']}", body))[1]) == ["0.bin"]


@pytest.mark.parametrize(
    "embed",
    [
        {"image": {"url": LINKS[0]}}, {"thumbnail": {"url": LINKS[0]}},
        {"footer": {"text": "x", "icon_url": LINKS[0]}}, {"author": {"name": "x", "icon_url": LINKS[0]}},
    ],
)  # fmt: skip
async def test_files_that_an_embed_shows_are_listed_there_alone(
    api: Api, sandbox: SandboxClient, embed: dict[str, Any]
) -> None:
    where = await place(sandbox)
    _, sent = await api("POST", where, data=form({"embeds": [embed | {"title": "Here"}]}, RED, RED))
    path = f"{where}/{sent['id']}"
    assert listed(sent) == ["1.bin"]
    assert listed((await api("PATCH", path, {"content": "and words"}))[1]) == ["1.bin"]
    _, linked = await api("PATCH", path, {"embeds": sent["embeds"]})  # now by its address, which is no attachment://
    assert listed(linked) == ["0.bin", "1.bin"]
    assert listed((await api("PATCH", path, {"embeds": [embed | {"title": "Here"}]}))[1]) == ["1.bin"]


async def test_a_file_whose_embed_may_not_be_shown_is_listed(api: Api, sandbox: SandboxClient) -> None:
    await sandbox.overwrite("gallery", "Easel", deny=["EMBED_LINKS"])
    body = {"content": "x", "embeds": [{"title": "Here", "image": {"url": LINKS[0]}}]}
    _, sent = await api("POST", await place(sandbox), data=form(body, RED))
    assert (sent["embeds"], listed(sent)) == ([], ["0.bin"])


async def test_ten_files_are_the_most_shown_ones_counted(api: Api, sandbox: SandboxClient) -> None:
    where = await place(sandbox)
    _, sent = await api("POST", where, data=form({"flags": V2, "components": [GALLERY]}, *[RED] * 9))
    status, answer = await api("PATCH", f"{where}/{sent['id']}", data=form({}, RED, RED))
    assert (status, list(answer["errors"])) == (400, ["attachments"])


async def test_a_restart_keeps_files_that_are_shown(tmp_path: Path) -> None:
    async with started(tmp_path) as (sandbox, api):
        body = {"flags": V2, "components": [GALLERY]}
        _, sent = await api("POST", await place(sandbox), data=form(body, RED, RED))
        await sandbox.clock(jump=86_400)  # links end and are made anew for the port of the next sandbox
    async with started(tmp_path) as (sandbox, api):
        kept = await sandbox.message(int(sent["id"]))
        assert [each.filename for each in kept.attachments] == ["1.bin"]
        for each in kept.files:
            assert await sandbox.download(each) == RED
        _, edited = await api("PATCH", f"{await place(sandbox)}/{sent['id']}", {"components": [WORDS]})
        assert listed(edited) == ["0.bin", "1.bin"]
