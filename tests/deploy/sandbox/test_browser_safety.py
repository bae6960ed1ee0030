"""What a page of somewhere else, open in the same browser, can do with a sandbox: nothing."""

import aiohttp
import pytest
import yarl

from deploy.sandbox.client import SandboxClient, file
from deploy.sandbox.server import Sandbox, build_app
from tests.deploy.sandbox.parts import RED, Api

FOREIGN = [
    "evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil.example:{port}", "10.0.0.1", "",
    "[::2]:{port}", "127.0.0.1:{port}@evil.example",
]  # fmt: skip
OURS = ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "[::1]:{port}", "localhost.:{port}", "127.0.0.1"]


def paths(box: Sandbox) -> list[tuple[str, str]]:
    """Every route with something for each of its parameters."""
    found = set()
    for route in build_app(box).router.routes():
        path = route.resource.canonical if route.resource is not None else "/"
        while "{" in path:
            path = path.partition("{")[0] + "5" + path.partition("}")[2]
        found.add((route.method, path))
    return sorted(found)


async def ask(box: Sandbox, method: str, path: str, host: str) -> tuple[int, str]:
    base = yarl.URL(box.base_url)
    async with aiohttp.ClientSession(headers={"Host": host.format(port=base.port)}) as http:
        json = {} if method in ("POST", "PUT", "PATCH") else None
        async with http.request(method, base.join(yarl.URL(path)), json=json) as answer:
            return answer.status, (await answer.read()).decode(errors="replace")


async def test_every_route_refuses_a_foreign_host_name(box: Sandbox) -> None:
    """A page whose name now leads to this machine (DNS rebinding) is of the same origin, for the browser."""
    found = paths(box)
    assert len(found) > 130
    open_to_it = []
    for method, path in found:
        status, words = await ask(box, method, path, "evil.example")
        if method != "HEAD" and (status != 421 or "127.0.0.1" not in words):
            open_to_it.append((method, path, status, words))
    assert open_to_it == []
    assert (await ask(box, "GET", "/nowhere", "evil.example"))[0] == 421


@pytest.mark.parametrize("host", FOREIGN)
async def test_names_that_are_not_ours(box: Sandbox, host: str) -> None:
    assert (await ask(box, "POST", "/sandbox/reset", host))[0] == 421 if host else 400


@pytest.mark.parametrize("host", OURS)
async def test_names_that_are_ours(box: Sandbox, host: str) -> None:
    assert (await ask(box, "GET", "/sandbox/info", host))[0] == 200


@pytest.mark.parametrize(
    "name", ["%00.js", "..%2Fserver.py", "%2Fetc%2Fpasswd", "base", "__init__.py", "a" * 5000 + ".js"]
)
async def test_no_name_leads_beyond_the_files_of_the_page(box: Sandbox, name: str) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(yarl.URL(f"{box.base_url}/page/{name}", encoded=True)) as answer:
            assert answer.status == 404
        async with http.get(f"{box.base_url}/page/base/ui.js") as answer:
            assert answer.content_type == "text/javascript"


async def test_the_gateway_is_not_for_foreign_pages_either(box: Sandbox) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/gateway", "/sandbox/events"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await http.ws_connect(box.base_url + path, headers={"Host": "evil.example"})
            assert caught.value.status == 421


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_picture_in_a_foreign_page_asks_in_vain(box: Sandbox, site: str) -> None:
    """An `<img>` sends no Origin; and another port of this machine is of the same site, but not the sandbox's page."""
    asked = [path for method, path in paths(box) if method == "GET" and path.startswith("/sandbox/")]
    assert len(asked) > 10
    async with aiohttp.ClientSession(headers={"Sec-Fetch-Site": site}) as http:
        for path in asked:
            async with http.get(box.base_url + path) as answer:
                assert answer.status == 403, path
    for ours in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": box.base_url, "Sec-Fetch-Site": site}):
        async with aiohttp.ClientSession(headers=ours) as http, http.get(f"{box.base_url}/sandbox/info") as answer:
            assert answer.status == 200


async def test_a_plain_link_moves_no_clock(box: Sandbox) -> None:
    """Browsers that do not tell whose request it is: what is only asked for changes nothing."""
    before = box.clock.now()
    link = f"{box.base_url}/sandbox/clock?jump=86400&scale=100"
    async with aiohttp.ClientSession() as http, http.get(link) as answer:
        assert (await answer.json())["scale"] == 1
    assert box.clock.now() - before < 86_400


PAGE = b"<!doctype html><script>fetch('/sandbox/reset', {method: 'POST'})</script>"
FILES = [
    ("a.html", PAGE, None, False), ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None, False),
    ("a.png", PAGE, "image/png", False), ("a.txt", b"hello", None, False), ("a.pdf", b"%PDF-1.4", None, False),
    ("noname", PAGE, "text/html", False), ("a.png", RED, None, True), ("a.html", RED, "text/html", True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "kind", "picture"), FILES)
async def test_what_people_sent_cannot_act_on_the_sandbox(
    sandbox: SandboxClient, name: str, content: bytes, kind: str | None, picture: bool
) -> None:
    said = await sandbox.say("gallery", "Bea", "look", files=[file(name, content, content_type=kind)])
    async with aiohttp.ClientSession() as http, http.get(said.attachments[0].url) as answer:
        assert await answer.read() == content
        disposition = answer.headers.get("Content-Disposition", "")
        assert disposition.startswith("inline" if picture else "attachment")
        assert (answer.content_type == "image/png") is (picture or name == "a.png")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert {"sandbox", "default-src 'none'"} <= {each.strip() for each in policy.split(";")}


async def test_a_name_with_quotes_and_lines_stays_a_name(sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Bea", "look", files=[file('a"; x=\r\nSet-Cookie: y.txt', b"hello")])
    async with aiohttp.ClientSession() as http, http.get(said.attachments[0].url) as answer:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a___x___Set-Cookie__y.txt"'


async def test_emojis_and_avatars_cannot_act_either(api: Api, sandbox: SandboxClient, box: Sandbox) -> None:
    me = sandbox.info.application_id
    data = "data:image/png;base64,PCFkb2N0eXBlIGh0bWw+"  # a page that is called a picture
    _, made = await api("POST", f"/applications/{me}/emojis", {"name": "apple", "image": data})
    async with aiohttp.ClientSession() as http:
        for path in (f"emojis/{made['id']}.png", "avatars/1/a.png"):
            async with http.get(f"{box.info()['cdn']}/{path}") as answer:
                assert answer.status == 200
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "sandbox" in answer.headers["Content-Security-Policy"]
