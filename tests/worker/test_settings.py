"""Settings: what they read, and the one line that a bad one gets."""

import pytest

from worker.settings import PosterSettings, Settings, load


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No variable and no .env of this machine."""
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))
    for name in ("EASEL_REDIS_URL", "EASEL_SLOTS", "EASEL_LEASE", "EASEL_ENGINE_SOCKET", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_need_nothing() -> None:
    settings = load(Settings)
    assert settings.slots == 2
    assert settings.timings.lease == 10


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EASEL_SLOTS", "EASEL_WORKER", "EASEL_REDIS_URL"):
        monkeypatch.setenv(name, "")
    assert load(Settings).slots == 2


def test_durations_reach_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_LEASE", "3.5")
    monkeypatch.setenv("EASEL_KEEP_DAYS", "2")
    monkeypatch.setenv("EASEL_UNPOSTED_MAX_MIB", "1")
    timings = load(Settings).timings
    assert (timings.lease, timings.keep, timings.unposted_max) == (3.5, 2 * 86400, 1024 * 1024)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("EASEL_SLOTS", "many", 'it must be a whole number from 1 to 64; now "many"'),
        ("EASEL_SLOTS", "0", 'it must be a whole number from 1 to 64; now "0"'),
        ("EASEL_UNPOSTED_MAX_MIB", "1.5", 'it must be a whole number, 1 or more; now "1.5"'),
        ("EASEL_LEASE", "-1", 'it must be a number above 0, at most 31536000; now "-1"'),
        ("EASEL_LEASE", "inf", 'at most 31536000; now "inf"'),
        ("EASEL_WAIT_MAX", "nan", 'at most 31536000; now "nan"'),
        ("EASEL_KEEP_DAYS", "1e300", 'it must be a number above 0, at most 36500; now "1e300"'),
        ("EASEL_LOG_LEVEL", "LOUD", 'it must be DEBUG, INFO, WARNING or ERROR; now "LOUD"'),
        ("EASEL_WORKER", "my host", "letters, digits, dots, dashes or underscores; now"),
        ("EASEL_ENGINE_SOCKET", "/x" * 80, "longer than the 100 bytes"),
        ("EASEL_REDIS_URL", "hush:6379", "it must look like redis://"),
        ("EASEL_REDIS_URL", "redis://hush:port/0", "it is not a whole address"),
        ("EASEL_LANGUAGE", "tlh", 'it must be one of: en; now "tlh"'),
        ("EASEL_DISCORD_API", "junk", "it must be a whole address such as https://discord.com/api/v10"),
        ("EASEL_DISCORD_API", "http://a:b/", "it must be a whole address such as https://discord.com/api/v10"),
    ],
)
def test_a_bad_value_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, words: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        load(PosterSettings)
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert said.count("\n") == 1
    assert said.startswith(f"easel: {name} is not usable: it ")
    assert words in said
    assert "hush" not in said


@pytest.mark.parametrize("token", [None, "", "  "])
def test_the_poster_needs_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str | None
) -> None:
    if token is not None:
        monkeypatch.setenv("DISCORD_TOKEN", token)
    with pytest.raises(SystemExit):
        load(PosterSettings)
    assert capsys.readouterr().err.startswith("easel: DISCORD_TOKEN is not ")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    monkeypatch.setenv("EASEL_REDIS_URL", "redis://:hush@localhost/0")
    assert "hush" not in repr(load(PosterSettings))


def test_slots_and_engine_read_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    assert not hasattr(load(Settings), "discord_token")
