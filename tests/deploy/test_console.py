"""Every command of `easel`: help, exit status, and errors in a line that a person can read."""

import io
import sys
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from deploy import command
from deploy.redis_environment import RedisEnvironment

NAMES = [*command.COMMANDS]
PARTS = [["models", "add"], ["models", "fetch"], ["operator", "set"], ["worker", "engine"], ["worker", "slot"]]
NO_DISCORD = ["top --once", "pause", "resume", "operator list", "backup a.gz", "forget 4"]
AWAY = "redis://127.0.0.1:9/0"


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without settings, and an environment without any of ours."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "EASEL_REDIS_URL", "EASEL_MODELS", "EASEL_ENGINE"):
        monkeypatch.delenv(name, raising=False)


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        status = command.main(words)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else -1
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return status, out, err


@pytest.mark.parametrize("words", [*([name] for name in NAMES), *PARTS], ids=" ".join)
def test_it_explains_itself(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run([*words, "--help"], capsys)
    assert (status, err) == (0, "")
    assert out.startswith("usage: easel")
    assert "python -m" not in out
    assert len(out.splitlines()) > 2


@pytest.mark.parametrize("words", [*([name] for name in NAMES), *PARTS], ids=" ".join)
def test_what_it_does_not_know_is_a_mistake(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run([*words, "--no-such-thing"], capsys)
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("easel")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("top --every soon", "easel top: error: argument --every: it must be 0.2 to 3600 seconds"),
        ("resume now", "easel: error: unrecognized arguments: now"),
        ("models add none", "none does not exist. Name a .safetensors file, a folder, or owner/name of the Hub."),
        (
            "models add a/none.safetensors",
            "a/none.safetensors does not exist. Name a .safetensors file, a folder, or ",
        ),
        ("restore none.gz", "none.gz: No such file or directory"),
    ],
)
def test_a_mistake_is_told_of_what_was_typed(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(words.split(), capsys)
    assert (status, out) == (1 if words.startswith("restore") else 2, "")
    assert said in err
    assert "from the hub" not in run(["models", "fetch", "--help"], capsys)[1]


@pytest.mark.parametrize("words", NO_DISCORD)
@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        (AWAY, 1, "Redis does not answer at 127.0.0.1:9. Start it, and see whether EASEL_REDIS_URL names it"),
        ("foo", 2, "EASEL_REDIS_URL is not usable"),
    ],
)
def test_a_redis_that_is_not_there_is_one_line(
    words: str, url: str, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EASEL_REDIS_URL", url)
    found, out, err = run(words.split(), capsys)
    assert (found, out) == (status, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("forget 4", ". Call this again, for a part may be left"),
        ("forget 4 --dry-run", "names it"),
        ("pause", ". Nothing was changed"),
        ("operator list", ". Nothing was changed"),
        ("top --once", "names it"),
        ("backup a.gz", "names it"),
    ],
)
def test_what_became_of_it_is_true_of_what_was_asked(
    words: str, ends: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EASEL_REDIS_URL", AWAY)
    assert run(words.split(), capsys)[2].rstrip("\n").endswith(ends)


@pytest.mark.parametrize("redis_url", [None, AWAY])
def test_who_named_no_redis_reads_so(redis_url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked: where a Redis usually is, this machine may have one."""
    if redis_url:
        monkeypatch.setenv("EASEL_REDIS_URL", redis_url)
    told = RedisEnvironment().away(RedisConnectionError("Error 111 connecting"))
    assert told.startswith(f"Redis does not answer at 127.0.0.1:{9 if redis_url else 6379}. ")
    assert ("EASEL_REDIS_URL is not set" in told) is (redis_url is None)
    assert ("`easel demo`" in told) is (redis_url is None)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"A=\xff\xfe", ".env is not UTF-8. Save it anew as such"),
        ("DISCORD_TOKEN=a\n".encode("utf-16"), ".env is not UTF-8. Save it anew as such"),
        (
            "DISCORD_TOKEN=a\n".encode("utf-8-sig"),
            ".env begins with a byte order mark, so its first line would not count",
        ),
    ],
    ids=["latin", "utf-16", "utf-8-sig"],
)
def test_a_dotenv_that_cannot_be_read_is_said(
    name: str, held: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Windows' editors save such a file."""
    Path(".env").write_bytes(held)
    status, out, err = run([name], capsys)
    assert (status, out) == (2, "")
    assert err.startswith(f"easel: {said}")
    assert err.count("\n") == 1


def test_a_terminal_that_does_not_know_every_sign_is_told_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="latin-1", write_through=True))
    assert command.main(["--help"]) == 0
    assert out.getvalue().startswith(b"usage: easel COMMAND ?")


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupt_shows_no_traceback(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as of a doctor that waits for a Redis which does not answer."""

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    module, function, *_ = command.COMMANDS[name]
    monkeypatch.setattr(f"{module}.{function}", interrupted)
    assert run([name], capsys) == (130, "", "")


@pytest.mark.parametrize("module", ["bot.__main__", "worker.__main__", "bot.operator.__main__", "deploy.local"])
def test_so_it_is_where_a_part_is_started_by_itself(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_bytes(b"A=\xff\xfe")
    found = __import__(module, fromlist=["_"])
    start = found.run if module.startswith("worker") else found.main
    assert start(["list"] if "operator" in module else []) == 2
    out, err = capsys.readouterr()
    assert ".env is not UTF-8" in out + err


def test_a_folder_of_that_name_is_no_mistake_but_for_who_would_write_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").mkdir()
    assert run(["models", "fetch", "--look"], capsys)[0] == 0
    status, _, err = run(["init"], capsys)
    assert (status, err) == (2, ".env is a folder here, so no settings can be written; run this in another one.\n")
