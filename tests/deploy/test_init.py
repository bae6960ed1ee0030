"""`easel init`: a token that Discord knows comes into `.env`, and nothing else changes."""

import asyncio
import errno
import io
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy import init
from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve


@pytest.fixture
async def token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[str]:
    """A sandbox in Discord's place, which knows this token; the current folder is empty."""
    monkeypatch.chdir(tmp_path)
    async with serve(Sandbox()) as box, SandboxClient.connect(box.base_url) as client:
        monkeypatch.setenv("EASEL_DISCORD_API", client.info.api)
        yield client.info.token


ENV = Path(".env")


def env() -> str:
    return ENV.read_text()


def put(text: str) -> None:
    ENV.write_text(text)


def mode() -> int:
    return stat.S_IMODE(ENV.stat().st_mode)


def files() -> list[str]:
    return [path.name for path in Path().iterdir()]


async def run(answer: str, *arguments: str) -> int:
    return await asyncio.to_thread(init.main, arguments, ask=lambda _: answer)


async def test_a_token_is_checked_and_written_for_us_alone(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(f" {token}\n") == 0
    assert env().splitlines()[-1] == f"DISCORD_TOKEN={token}"
    assert mode() == 0o600
    said = capsys.readouterr().out
    assert "https://discord.com/oauth2/authorize?client_id=" in said
    assert token not in said


async def test_what_else_stands_there_stays(token: str) -> None:
    put("# mine\nEASEL_SLOTS=3\nDISCORD_TOKEN=\nEASEL_CAP_PERSON=2")
    assert await run(token) == 0
    assert env() == f"# mine\nEASEL_SLOTS=3\nEASEL_CAP_PERSON=2\nDISCORD_TOKEN={token}\n"
    assert mode() == 0o600


@pytest.mark.parametrize("fails", ["os.fsync", "pathlib.Path.replace"])
async def test_a_full_disk_is_told_and_leaves_no_token_behind(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fails: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    put("EASEL_SLOTS=3\n")
    monkeypatch.setattr(fails, full)
    assert await run(token) == 1
    assert capsys.readouterr().err == ".env cannot be written: No space left on device.\nNothing was written.\n"
    assert (files(), env()) == ([".env"], "EASEL_SLOTS=3\n")


async def test_a_token_is_replaced_only_if_that_is_asked_for(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    put("DISCORD_TOKEN='old'\n")
    assert await run(token) == 2
    assert "`easel init --again` asks for another" in capsys.readouterr().out
    assert env() == "DISCORD_TOKEN='old'\n"
    assert await run(token, "--again") == 0
    assert env() == f"DISCORD_TOKEN={token}\n"


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "DISCORD_TOKEN_FILE"])
async def test_a_variable_that_goes_before_it_is_named(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert await run(token) == 0
    assert "goes before .env" not in capsys.readouterr().out
    monkeypatch.setenv(name, "old")
    assert await run(token, "--again") == 0
    assert capsys.readouterr().out.endswith(
        f"{name} is set in this terminal as well, and goes before .env: unset {name}\n"
    )


async def test_a_proxy_that_is_not_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EASEL_DISCORD_API", "http://127.0.0.1:9/api/v10")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert await run(good := "a" * 24 + ".bbbbbb." + "c" * 30) == 1
    assert "Is the network up?" in capsys.readouterr().err
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert await run(good) == 1
    assert "Easel goes through no proxy, and one is set here" in capsys.readouterr().err


@pytest.mark.parametrize(
    "pasted",
    [
        "Bot {}", "bot {}\n", '"{}"', "'{}'", "`{}`", "“{}”", "  {}\t\r\n", "\ufeff{}", "\u200b{}\u200b", "<{}>",
        "DISCORD_TOKEN={}", "DISCORD_TOKEN = '{}'", 'export DISCORD_TOKEN="{}"', "DISCORD_TOKEN: {}", "token:{}",
        "Authorization: Bot {}", "{},", "{};", "\x1b[200~{}\x1b[201~", "{} {}",
    ],
)  # fmt: skip
async def test_what_was_copied_with_a_token_is_left_out(token: str, pasted: str) -> None:
    assert await run(pasted.replace("{}", token)) == 0
    assert env().splitlines()[-1] == f"DISCORD_TOKEN={token}"


@pytest.mark.parametrize("at", [4, 5, 8, 30, -20])
@pytest.mark.parametrize("between", ["\n", "\r\n", " ", "\n   "])
@pytest.mark.parametrize("around", ["{}", "Bot {}", '"{}"', "DISCORD_TOKEN={}"])
def test_a_token_that_a_narrow_window_broke_is_put_together(at: int, between: str, around: str) -> None:
    whole = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.bbbbbb." + "c" * 38
    assert init.taken_from(around.replace("{}", whole[:at] + between + whole[at:])) == whole


def test_of_two_tokens_none_is_taken() -> None:
    one, other = ("a" * 24 + ".bbbbbb." + each * 38 for each in "cd")
    assert init.taken_from(f" {one} {other}\n") == f"{one} {other}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "is not a bot's token: three parts"),
        ("hunter2", "is not a bot's token: three parts"),
        ("a" * 24 + ".bbbbbb." + "c" * 30, "Discord does not accept DISCORD_TOKEN"),
    ],
)
async def test_a_bad_token_writes_nothing(
    token: str, answer: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(answer) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "Nothing was written." in said
    assert files() == []


async def test_a_token_may_come_through_a_pipe(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{token}\n"))
    assert await asyncio.to_thread(init.main, []) == 0
    assert env().endswith(f"DISCORD_TOKEN={token}\n")


@pytest.mark.usefixtures("token")
async def test_a_pipe_without_one_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert await asyncio.to_thread(init.main, []) == 1
    assert capsys.readouterr().err == "\nNothing was written.\n"
    assert files() == []


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("left", [EOFError, KeyboardInterrupt])
async def test_whoever_leaves_writes_nothing(left: type[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    def ask(_: str) -> str:
        raise left

    assert init.main([], ask=ask) == 1
    assert "Nothing was written." in capsys.readouterr().err
    assert files() == []


@pytest.mark.parametrize("after", ["", "/"])
async def test_whom_to_ask_may_stand_in_the_file_too(token: str, monkeypatch: pytest.MonkeyPatch, after: str) -> None:
    put(f"EASEL_DISCORD_API={os.environ['EASEL_DISCORD_API']}{after}\n")
    monkeypatch.delenv("EASEL_DISCORD_API")
    assert await run(token) == 0


async def test_an_address_that_is_none_is_told_before_anything_is_asked(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EASEL_DISCORD_API", "discord.com")
    assert await run(token) == 2
    assert "EASEL_DISCORD_API is not usable: it must be a whole address" in capsys.readouterr().err
    assert files() == []
