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
        ("EASEL_SLOTS", "many", "unable to parse"),
        ("EASEL_SLOTS", "0", "greater than or equal to 1"),
        ("EASEL_REDIS_URL", "localhost:6379", "should look like redis://"),
        ("EASEL_REDIS_URL", "redis://host:port/0", "is not a whole address"),
        ("EASEL_ENGINE_SOCKET", "/x" * 80, "longer than the 100 bytes"),
        ("EASEL_LEASE", "-1", "greater than 0"),
    ],
)
def test_a_bad_value_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        load(Settings)
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert said.count("\n") == 1
    assert said.startswith(f"easel: {name}: ")
    assert words in said


@pytest.mark.parametrize("token", [None, "", "  "])
def test_the_poster_needs_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str | None
) -> None:
    if token is not None:
        monkeypatch.setenv("DISCORD_TOKEN", token)
    with pytest.raises(SystemExit):
        load(PosterSettings)
    assert capsys.readouterr().err.startswith("easel: DISCORD_TOKEN: is ")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    monkeypatch.setenv("EASEL_REDIS_URL", "redis://:hush@localhost/0")
    assert "hush" not in repr(load(PosterSettings))


def test_slots_and_engine_read_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    assert not hasattr(load(Settings), "discord_token")
