"""Misbehaviour on request, and rate limits."""

import json

import aiohttp
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError, file
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import RED, Api, form

V2 = 1 << 15
TEXT = [{"type": 10, "content": "x"}]


async def gallery(sandbox: SandboxClient) -> str:
    return f"/channels/{(await sandbox.get('/channel', channel='gallery'))['id']}/messages"


async def test_a_status_as_often_as_asked(api: Api, sandbox: SandboxClient) -> None:
    where = await gallery(sandbox)
    await sandbox.fault("POST", "/channels/*/messages", status=503, times=2, skip=1)
    found = [(await api("POST", where, {"content": "x"}))[0] for _ in range(4)]
    assert found == [200, 503, 503, 200]
    assert len(await sandbox.messages("gallery")) == 2
    assert await sandbox.faults() == []
    log = await sandbox.exchanges("POST /channels")
    assert [each["status"] for each in log] == found
    assert (await sandbox.counts())["POST /channels/{channel}/messages"] == 4
    assert await sandbox.statuses() == {200: 2, 503: 2}


@pytest.mark.parametrize("via", [True, False])
async def test_a_429_with_and_without_via(api: Api, sandbox: SandboxClient, via: bool) -> None:
    await sandbox.fault("GET", "/users/@me", status=429, retry_after=2.5, via=via)
    answer = await api.raw("GET", "/users/@me")
    body = await answer.json()
    assert (answer.status, body["retry_after"], body["global"]) == (429, 2.5, False)
    assert ("Via" in answer.headers) is via
    assert answer.headers["X-RateLimit-Scope"] == "user"


@pytest.mark.parametrize(("drop", "arrived"), [("before", 0), ("after", 1)])
async def test_a_connection_dropped_before_or_after_the_change(
    api: Api, sandbox: SandboxClient, drop: str, arrived: int
) -> None:
    where = await gallery(sandbox)
    await sandbox.fault("POST", "/channels/*", drop=drop)
    with pytest.raises(aiohttp.ClientError):
        await api("POST", where, {"content": "x"})
    assert len(await sandbox.messages("gallery")) == arrived


async def test_a_truncated_answer(api: Api, sandbox: SandboxClient) -> None:
    await sandbox.fault("GET", "/users/@me", truncate=True)
    with pytest.raises(aiohttp.ClientPayloadError):
        await api("GET", "/users/@me")


async def test_originals_can_be_named(api: Api, sandbox: SandboxClient) -> None:
    await sandbox.fault("PATCH", "*/messages/@original", status=500)
    path = f"/webhooks/{sandbox.info.application_id}/token/messages/%40original"
    assert (await api("PATCH", path, {}))[0] == 500


async def test_faults_are_checked_listed_and_cleared(sandbox: SandboxClient) -> None:
    wrongs = (
        {"drop": "sometimes"}, {"status": 199}, {"status": 600}, {"colour": "red"}, {"only": "poetry"}, {"body": 5},
        {"headers": "none"}, {"headers": {"X-Number": 5}}, {"headers": {"X-Lines": "a\r\nb"}}, {"content_type": 1},
        {"content_type": "text/html\r\n"}, {"scope": "mine"}, {"status": "500"}, {"times": -1},
        {"html": 1}, {"path": 3}, {"delay": None}, {"hits": 3},
    )  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(SandboxError) as caught:
            await sandbox.fault(**wrong)
        assert list(caught.value.errors) == list(wrong)
    await sandbox.fault("GET", times=None, status=500)
    assert [each["times"] for each in await sandbox.faults()] == [None]
    await sandbox.clear_faults()
    assert await sandbox.faults() == []


@pytest.mark.parametrize(("status", "html"), [(502, True), (520, True), (429, True), (503, False)])
async def test_pages_of_the_proxy_in_front(api: Api, sandbox: SandboxClient, status: int, html: bool) -> None:
    await sandbox.fault("GET", "/users/@me", status=status, html=html, via=False, retry_after=3)
    answer = await api.raw("GET", "/users/@me")
    assert answer.status == status
    assert answer.content_type == ("text/html" if html else "application/json")
    assert "Via" not in answer.headers
    assert ("cloudflare" in answer.headers["Server"]) is html
    assert answer.headers.get("Retry-After") == ("3" if status == 429 else None)


# What Discord and the proxy in front of it have been seen to answer beside the documented refusals.
ANSWERS: dict[str, tuple[dict[str, object], int, str, str | dict[str, object], dict[str, str | None]]] = {
    "a page of the proxy that blocks": (
        {"status": 403, "html": True}, 403, "text/html", "Forbidden", {"Via": None, "Server": "cloudflare"}),
    "a block in JSON": (
        {"status": 403, "body": {"message": "internal network error", "code": 40333}}, 403, "application/json",
        {"message": "internal network error", "code": 40333}, {"Via": "1.1 sandbox"}),
    "overload": (
        {"status": 400, "body": {"message": "API resource is currently overloaded.", "code": 130000}}, 400,
        "application/json", {"message": "API resource is currently overloaded.", "code": 130000}, {}),
    "a bare 404": (
        {"status": 404, "body": {"message": "404: Not Found", "code": 0}}, 404, "application/json",
        {"message": "404: Not Found", "code": 0}, {}),
    "a limit of the proxy for one route": (
        {"status": 429, "via": False, "retry_after": 3600, "body": "error code: 1015"}, 429, "text/plain",
        "error code: 1015", {"Via": None, "Retry-After": "3600", "X-RateLimit-Scope": None}),
    "a page where JSON should be": (
        {"status": 200, "body": "<html>hello</html>", "content_type": "text/html"}, 200, "text/html",
        "<html>hello</html>", {}),
    "an empty body": ({"status": 502, "body": "", "via": False}, 502, "text/plain", "", {"Via": None}),
    "a header of one's own": (
        {"status": 503, "body": [], "headers": {"Retry-After": "120", "Server": "test"}}, 503, "application/json", "[]",
        {"Retry-After": "120", "Server": "test"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/@me"), ("POST", "/channels/5/messages"), ("PATCH", "/channels/5/messages/6"),
        ("PATCH", "/webhooks/7/token/messages/@original"), ("POST", "/interactions/8/token/callback"),
        ("GET", "/cdn/attachments/1/2/a.png"),
    ],
)  # fmt: skip
async def test_any_answer_on_any_route(api: Api, sandbox: SandboxClient, kind: str, method: str, path: str) -> None:
    how, status, content_type, body, headers = ANSWERS[kind]
    await sandbox.fault(method, path, **how)
    base = sandbox.info.page.rstrip("/") if path.startswith("/cdn") else sandbox.info.api
    async with (
        aiohttp.ClientSession() as http,
        http.request(
            method,
            base + path,
            json={} if method != "GET" else None,
            headers={"Authorization": f"Bot {sandbox.info.token}"},
        ) as answer,
    ):
        assert (answer.status, answer.content_type) == (status, content_type)
        text = await answer.text()
        if isinstance(body, dict):
            assert json.loads(text) == body
        else:
            assert text == body or (how.get("html") and body in text)
        assert {name: answer.headers.get(name) for name in headers} == headers


@pytest.mark.parametrize(
    ("old", "new", "files", "met"),
    [
        (V2, {}, 1, True), (V2, {}, 0, False), (0, {}, 1, False),
        (0, {"flags": V2, "components": TEXT, "content": ""}, 1, True),
    ],
)  # fmt: skip
async def test_an_edit_that_brings_files_into_a_v2_message_can_be_refused(
    api: Api, sandbox: SandboxClient, old: int, new: dict[str, object], files: int, met: bool
) -> None:
    """Other calls pass, and do not use the fault up."""
    where = await gallery(sandbox)
    first: dict[str, object] = {"flags": V2, "components": TEXT} if old else {"content": "x"}
    await sandbox.fault("PATCH", "*/messages/*", only="files_into_v2", status=400, code=50035)
    _, sent = await api("POST", where, data=form(first, RED))
    edit = form({"allowed_mentions": {}, **new}, *[RED] * files)
    status, answer = await api("PATCH", f"{where}/{sent['id']}", data=edit)
    assert (status, answer.get("code")) == ((400, 50035) if met else (200, None))
    assert len((await sandbox.message(int(sent["id"]))).files) == 1 + (0 if met else files)
    assert len(await sandbox.faults()) == (0 if met else 1)


async def test_an_answer_that_brings_files_into_a_v2_message_can_be_refused(api: Api, sandbox: SandboxClient) -> None:
    me = sandbox.info.application_id
    await api("POST", f"/applications/{me}/commands", {"name": "hold", "description": "x"})
    asked = await sandbox.slash("gallery", "Bea", "hold", wait=False)
    await sandbox.fault(only="files_into_v2", status=400, times=None)
    data = {"flags": V2, "components": TEXT}
    hook = f"/interactions/{asked.id}/{asked.token}/callback"
    assert (await api("POST", hook, data=form({"type": 4, "data": data}, RED)))[0] == 204  # a new message is no edit
    path = f"/webhooks/{me}/{asked.token}/messages/@original"
    assert (await api("PATCH", path, data=form({}, RED)))[0] == 400
    again = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Again", "custom_id": "again"}]}]
    assert (await api("PATCH", path, {"components": again}))[0] == 200
    answered = await sandbox.message((await sandbox.interaction(asked)).message_id or 0)
    pressed = await sandbox.press(answered, "Again", "Bea", wait=False)
    hook = f"/interactions/{pressed.id}/{pressed.token}/callback"
    assert (await api("POST", hook, data=form({"type": 7, "data": {}}, RED)))[0] == 400  # the message of the button


async def test_a_fault_for_calls_with_files_alone(api: Api, sandbox: SandboxClient) -> None:
    where = await gallery(sandbox)
    await sandbox.fault("POST", only="files", status=500)
    assert (await api("POST", where, {"content": "x"}))[0] == 200
    assert (await api("POST", where, data=form({"content": "x"}, RED)))[0] == 500
    assert (await api("POST", where, data=form({"content": "x"}, RED)))[0] == 200


async def test_a_change_that_is_made_and_then_denied(api: Api, sandbox: SandboxClient) -> None:
    where = await gallery(sandbox)
    await sandbox.fault("POST", "/channels/*", status=500, applied=True)
    assert (await api("POST", where, {"content": "x"}))[0] == 500
    assert [each.content for each in await sandbox.messages("gallery")] == ["x"]


@pytest.mark.parametrize("how", [{"drop": "before"}, {"drop": "after"}, {"truncate": True}])
async def test_a_cdn_whose_connections_end(sandbox: SandboxClient, how: dict[str, object]) -> None:
    said = await sandbox.say("gallery", "Bea", "look", files=[file("a.png", RED)])
    await sandbox.fault("GET", "/cdn/*", **how, times=None)  # aiohttp tries a dropped GET again by itself
    with pytest.raises(aiohttp.ClientError):
        await sandbox.download(said.attachments[0])
    await sandbox.clear_faults()
    assert await sandbox.download(said.attachments[0]) == RED


async def test_a_broken_cdn(api: Api, sandbox: SandboxClient) -> None:
    await sandbox.fault("GET", "/cdn/*", status=502)
    with pytest.raises(SandboxError, match="502"):
        await sandbox.fetch(sandbox.info.cdn + "/attachments/1/2/a.png")


async def test_buckets_say_when_they_are_empty(api: Api, sandbox: SandboxClient, box: Sandbox) -> None:
    where = await gallery(sandbox)
    box.enforce_limits(True)
    answers = [await api.raw("POST", where, json={"content": "x"}) for _ in range(6)]
    assert [each.status for each in answers] == [200] * 5 + [429]
    assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["4", "3", "2", "1", "0", "0"]
    assert len({each.headers["X-RateLimit-Bucket"] for each in answers}) == 1
    last = answers[-1]
    body = await last.json()
    assert 0 < body["retry_after"] <= 5
    assert "Via" in last.headers
    await sandbox.clock(jump=5)
    assert (await api.raw("POST", where, json={"content": "x"})).status == 200


async def test_reactions_share_a_bucket_that_is_the_channels(api: Api, sandbox: SandboxClient, box: Sandbox) -> None:
    said = await sandbox.say("gallery", "Bea", "look")
    box.enforce_limits(True)
    box.clock.set_scale(0.01)
    path = f"/channels/{said.channel_id}/messages/{said.id}/reactions/%F0%9F%94%81"
    first = await api.raw("PUT", f"{path}/@me")
    second = await api.raw("DELETE", f"{path}/@me")
    assert (first.status, second.status) == (204, 429)
    assert first.headers["X-RateLimit-Bucket"] == second.headers["X-RateLimit-Bucket"]
    assert second.headers["X-RateLimit-Scope"] == "shared"
    assert (await second.json())["message"] == "The resource is being rate limited."
    assert (await sandbox.rate_limits())["refused"] == 0  # not the caller's fault


async def test_too_many_refusals_ban(api: Api, sandbox: SandboxClient) -> None:
    await sandbox.rate_limits(ban_after=3)
    assert [(await api("GET", "/users/@me", token=False))[0] for _ in range(2)] == [401, 401]
    assert (await sandbox.rate_limits())["refused"] == 2
    await sandbox.fault("GET", status=403)
    assert (await api("GET", "/users/@me"))[0] == 403
    refused = await api.raw("GET", "/users/@me")
    assert (refused.status, await refused.text()) == (429, "error code: 1015")
    assert "Via" not in refused.headers
    assert 0 < int(refused.headers["Retry-After"]) <= 601
    assert (await sandbox.rate_limits())["banned_for"] > 500
    await sandbox.clock(jump=600)
    assert (await api("GET", "/users/@me"))[0] == 200


async def test_old_refusals_are_forgotten(api: Api, sandbox: SandboxClient) -> None:
    await sandbox.rate_limits(ban_after=2)
    for _ in range(3):
        assert (await api("GET", "/users/@me", token=False))[0] == 401
        assert (await sandbox.rate_limits())["banned_for"] == 0
        await sandbox.clock(jump=601)
    assert (await sandbox.rate_limits())["refused"] == 0


async def test_fifty_a_second_with_the_bots_token_but_not_for_interactions(api: Api, box: Sandbox) -> None:
    box.enforce_limits(True)
    box.clock.set_scale(0.01)  # a second long enough for a slow machine
    found = [await api.raw("GET", f"/guilds/{number}") for number in range(51)]
    assert [each.status for each in found] == [404] * 50 + [429]
    assert found[-1].headers["X-RateLimit-Global"] == "true"
    assert (await found[-1].json())["global"] is True
    free = [await api.raw("POST", f"/interactions/{number}/x/callback", json={"type": 5}) for number in range(60)]
    assert {each.status for each in free} == {404}
