"""Fetching the picture to upscale: from Discord's CDN only, within its cap, and again when it stumbles."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from worker.contract.types.cause import picture_away
from worker.slot import source
from worker.slot.source import SourceAwayError, SourceGoneError, address, fetch

DISCORD = "https://cdn.discordapp.com"
PATH = "/attachments/1/2/a.png"


@pytest.mark.parametrize(
    ("link", "good"),
    [
        (f"{DISCORD}{PATH}?ex=1&hm=2", True),
        (f"{DISCORD}/ephemeral-attachments/1/2/a.png", True),
        (f"HTTPS://CDN.discordapp.com{PATH}", True),
        (f"http://cdn.discordapp.com{PATH}", False),
        (f"{DISCORD}:8443{PATH}", False),
        (f"{DISCORD}:x{PATH}", False),
        (f"{DISCORD}.evil.example{PATH}", False),
        (f"https://cdn.discordapp.com@evil.example{PATH}", False),
        (f"https://me:you@cdn.discordapp.com{PATH}", False),
        (f"{DISCORD}:443{PATH}", True),
        (f"{DISCORD}/attachments/../avatars/1.png", False),
        (f"{DISCORD}/attachments/%2e%2e/avatars/1.png", False),
        (f"{DISCORD}/attachments/..%2favatars/1.png", False),
        (f"https://cdn.discordapp.com\\@evil.example{PATH}", False),
        (f"{DISCORD}/avatars/1.png", False),
        (f"https://cdn.discordapp.com。evil.example{PATH}", False),
        (f"https://cdn.discordapp.com%2eevil.example{PATH}", False),
        (f"https://cdn.discordapp.com#@evil.example{PATH}", False),
        (f"https://cdn.discordapp.com?@evil.example{PATH}", False),
        (f"https://cdn.discordapp.com.{PATH}", False),
        (f"https://ⅽdn.discordapp.com.evil{PATH}", False),
        (f"//cdn.discordapp.com{PATH}", False),
        (f"https:/cdn.discordapp.com{PATH}", False),
        (f"https://[::1]{PATH}", False),
        (f"https://127.0.0.1{PATH}", False),
        (f"https://169.254.169.254{PATH}", False),
        (f"ftp://cdn.discordapp.com{PATH}", False),
        (f"{DISCORD}/attachments", False),
        (f"{DISCORD}/Attachments/1/2/a.png", False),
        (f"{DISCORD}/./attachments/../avatars/1.png", False),
        ("data:image/png;base64,AAAA", False),
        ("javascript:alert(1)", False),
        ("file:///attachments/etc/passwd", False),
        ("", False),
    ],
)
def test_only_attachments_of_that_cdn_are_fetched(link: str, good: bool) -> None:
    assert (address(link, DISCORD) is not None) is good


def test_a_cdn_may_lie_within_a_folder() -> None:
    box = "http://127.0.0.1:8420"
    assert address(f"{box}/cdn{PATH}?hm=a%2Bb", f"{box}/cdn/") == URL(f"{box}/cdn{PATH}?hm=a%2Bb")
    assert address(f"{box}/sandbox{PATH}", f"{box}/cdn") is None
    assert address(box + PATH, f"{box}/cdn") is None


Script = Callable[[int], web.Response]


class Cdn:
    """Answers the n-th call as the script says."""

    def __init__(self) -> None:
        self.script: Script = lambda _call: web.Response(body=b"picture")
        self.calls = 0
        self.silent = False

    async def answer(self, _: web.Request) -> web.Response:
        self.calls += 1
        if self.silent:
            await asyncio.Event().wait()
        return self.script(self.calls)

    def says(self, *statuses: int) -> None:
        """These statuses one after the other, the last for ever; 200 is the picture."""

        def script(call: int) -> web.Response:
            status = statuses[min(call, len(statuses)) - 1]
            return web.Response(status=status, body=b"picture", headers={"Location": "http://127.0.0.1:1/"})

        self.script = script


@pytest.fixture
def cdn(monkeypatch: pytest.MonkeyPatch) -> Cdn:
    monkeypatch.setattr(source, "_PAUSES", (0.0, 0.0))
    return Cdn()


@pytest.fixture
async def base(cdn: Cdn) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/attachments/{path:.+}", cdn.answer)
    async with TestServer(app, handler_cancellation=True) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize("statuses", [(200,), (503, 200), (429, 500, 200)])
async def test_it_comes_though_not_at_once(cdn: Cdn, base: str, statuses: tuple[int, ...]) -> None:
    cdn.says(*statuses)
    assert await fetch(base + PATH, base) == b"picture"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_what_is_gone_is_asked_for_once(cdn: Cdn, base: str, status: int) -> None:
    cdn.says(status)
    with pytest.raises(SourceGoneError, match="It is gone; its message was deleted"):
        await fetch(base + PATH, base)
    assert cdn.calls == 1


@pytest.mark.parametrize("status", [500, 429, 302])
async def test_what_does_not_come_is_given_up_for_now(cdn: Cdn, base: str, status: int) -> None:
    cdn.says(status)
    with pytest.raises(SourceAwayError, match=str(status)) as caught:
        await fetch(base + PATH, base)
    assert caught.value.cause == picture_away()
    assert cdn.calls == 3


async def test_a_cdn_that_keeps_silent_holds_the_engine_up_for_a_bounded_time(
    cdn: Cdn, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_PATIENCE", 0.2)
    cdn.silent = True
    with pytest.raises(SourceAwayError, match="did not come within"):
        await fetch(base + PATH, base)


@pytest.mark.usefixtures("cdn")
async def test_nobody_behind_the_address() -> None:
    with pytest.raises(SourceAwayError):
        await fetch("http://127.0.0.1:1" + PATH, "http://127.0.0.1:1")


async def test_a_file_beyond_the_cap_is_not_read_on(cdn: Cdn, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = iter(range(256))

    async def pieces() -> AsyncIterator[bytes]:
        for _ in left:
            yield b"x" * (1 << 18)

    monkeypatch.setattr(source, "SOURCE_MAX", 1 << 20)
    cdn.script = lambda _call: web.Response(body=pieces())
    with pytest.raises(SourceGoneError, match="larger than 1 MiB"):
        await fetch(base + PATH, base)
    assert next(left, None) is not None


async def test_other_addresses_are_not_even_asked(cdn: Cdn, base: str) -> None:
    with pytest.raises(SourceGoneError, match="does not lead to Discord"):
        await fetch(base + PATH, DISCORD)
    assert cdn.calls == 0
