"""What the control API makes of values that cannot be: a refusal in Discord's shape, and a world that is as it was."""

import json
from typing import Any

import aiohttp
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.server import Sandbox
from deploy.sandbox.state.clock import LATEST

MANY_DIGITS = "9" * 5000  # more than Python turns into a number
ODD = [
    ("POST", "/clock", {"jump": "nan"}), ("POST", "/clock", {"jump": "inf"}), ("POST", "/clock", {"jump": 1e300}),
    ("POST", "/clock", {"scale": "nan"}),
    ("GET", "/messages?channel=gallery&limit=inf", None), ("GET", "/messages?channel=gallery&before=²", None),
    ("GET", "/channel?channel=²", None), ("GET", f"/channel?channel={MANY_DIGITS}", None),
    ("GET", "/messages/²", None), ("GET", f"/interactions/{MANY_DIGITS}", None), ("DELETE", "/faults/nan", None),
    ("POST", "/faults", {"delay": 1e999}), ("POST", "/gateway", {"action": "disconnect", "code": "x"}),
    ("POST", "/gateway", {"action": "disconnect", "code": 70_000}),
    ("POST", "/say", {"person": "Bea", "channel": "gallery", "content": "x", "files": 5}),
    ("POST", "/slash", {"person": "Bea", "channel": "gallery", "command": "/"}),
    ("POST", "/command-permissions", {"guild": "Studio", "permissions": [{"of": "Bea"}]}),
    ("POST", "/command-permissions", {"guild": "Studio", "permissions": ["Bea"]}),
    ("POST", "/member", {"guild": "Studio", "person": "Bea", "timeout": 1e300}),
    ("POST", "/channel", {"channel": "gallery", "slowmode": -1}),
]  # fmt: skip


def named(value: Any) -> str:
    return str(value)[:40]


@pytest.mark.parametrize(("method", "path", "body"), ODD, ids=named)
async def test_what_cannot_be_is_refused_in_words(box: Sandbox, method: str, path: str, body: Any) -> None:
    sent = None if body is None else json.dumps(body).replace("Infinity", "1e999")  # which is JSON, and infinite
    async with aiohttp.ClientSession() as http:
        async with http.request(method, f"{box.base_url}/sandbox{path}", data=sent) as answer:
            told = await answer.json()
            assert 400 <= answer.status < 500, told
            assert told["message"]
        async with http.get(f"{box.base_url}/sandbox/messages?channel=gallery&person=Bea") as answer:
            assert answer.status == 200


async def test_numbers_of_files_that_cannot_be_are_not_found(box: Sandbox) -> None:
    async with aiohttp.ClientSession() as http:
        for path in (f"emojis/{MANY_DIGITS}.png", f"attachments/1/{MANY_DIGITS}/a.png?ex=1&is=1&hm=1"):
            async with http.get(f"{box.info()['cdn']}/{path}") as answer:
                assert answer.status == 404


async def test_the_clock_leaves_room_for_ids(sandbox: SandboxClient, box: Sandbox) -> None:
    await sandbox.clock(jump=LATEST - box.clock.now() - 60)
    assert (await sandbox.say("gallery", "Bea", "late")).content == "late"
    with pytest.raises(SandboxError, match="beyond 2150"):
        await sandbox.clock(jump=3600)


async def test_a_kind_that_no_header_can_hold_is_left_out(sandbox: SandboxClient) -> None:
    odd = {"filename": "noname", "data": "AAAA", "content_type": "a/b\r\nSet-Cookie: x=1"}
    said = await sandbox.post("/say", person="Bea", channel="gallery", content="x", files=[odd])
    async with aiohttp.ClientSession() as http, http.get(said["attachments"][0]["url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "application/octet-stream")
        assert "Set-Cookie" not in answer.headers
