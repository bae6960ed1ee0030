"""`NAME_FILE` names the file of `NAME`, for every setting of every process."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings as BotSettings
from bot.settings import complaint
from deploy.local import LocalSettings
from deploy.redis_environment import RedisEnvironment
from worker.contract.setting_files import FiledSettings
from worker.contract.settings_errors import complaints
from worker.engine.settings import EngineSettings
from worker.environment import reduced
from worker.settings import PosterSettings, Settings

URL = "redis://:pass@valkey:6379/3"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("from.a.file\n")
    (tmp_path / "url").write_text(URL)
    return tmp_path


@pytest.mark.parametrize("kind", [BotSettings, PosterSettings, LocalSettings])
def test_the_token_may_lie_in_a_file(here: Path, monkeypatch: pytest.MonkeyPatch, kind: type[FiledSettings]) -> None:
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(here / "token"))
    monkeypatch.setenv("DISCORD_TOKEN", "")  # as a container engine leaves it where .env has none
    monkeypatch.setenv("EASEL_REDIS_URL_FILE", str(here / "url"))
    found = kind()
    assert found.discord_token.get_secret_value() == "from.a.file"  # type: ignore[attr-defined]
    assert found.redis_url.get_secret_value() == URL  # type: ignore[attr-defined]


def test_every_kind_of_setting_may(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"slots": " 5\n", "renew": "2.5", "worker": "two\n", "threads": "3"}.items():
        (here / name).write_text(text)
        monkeypatch.setenv(f"EASEL_{name.upper()}_FILE", str(here / name))
    found = Settings()
    assert (found.slots, found.renew, found.worker) == (5, 2.5, "two")
    assert EngineSettings().threads == 3


def test_what_is_nearer_goes_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".env").write_text("DISCORD_TOKEN_FILE=token\n")
    assert BotSettings().discord_token.get_secret_value() == "from.a.file"
    (here / ".env").write_text("DISCORD_TOKEN=line\nDISCORD_TOKEN_FILE=token\n")
    assert BotSettings().discord_token.get_secret_value() == "line"
    monkeypatch.setenv("DISCORD_TOKEN_FILE", "token")
    assert BotSettings().discord_token.get_secret_value() == "from.a.file"
    monkeypatch.setenv("DISCORD_TOKEN", "variable")
    assert BotSettings().discord_token.get_secret_value() == "variable"


def test_a_file_that_cannot_be_read_is_named_and_nothing_of_it_is_shown(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(here / "nowhere"))
    with pytest.raises(ValidationError) as raised:
        BotSettings()
    words = f"DISCORD_TOKEN_FILE is not usable: {here / 'nowhere'} cannot be read: No such file or directory"
    assert complaint(raised.value) == words
    (here / "token").write_bytes(b"\xff\xfe secret")
    monkeypatch.setenv("EASEL_REDIS_URL_FILE", str(here / "token"))
    with pytest.raises(ValidationError) as raised:
        RedisEnvironment()
    (said,) = complaints(RedisEnvironment, raised.value)
    assert said.endswith("token cannot be read: it is not text")


def test_a_value_from_a_file_is_held_to_the_same_bounds(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "slots").write_text("many")
    monkeypatch.setenv("EASEL_SLOTS_FILE", str(here / "slots"))
    with pytest.raises(ValidationError) as raised:
        Settings()
    assert complaints(Settings, raised.value) == [
        'EASEL_SLOTS is not usable: it must be a whole number from 1 to 64; now "many"'
    ]


def test_a_process_hears_of_files_of_its_own_settings_alone() -> None:
    given = {"DISCORD_TOKEN_FILE": "a", "EASEL_REDIS_URL_FILE": "b", "EASEL_THREADS_FILE": "c"}
    assert reduced(given, PosterSettings) == {"DISCORD_TOKEN_FILE": "a", "EASEL_REDIS_URL_FILE": "b"}
    assert reduced(given, Settings) == {"EASEL_REDIS_URL_FILE": "b"}
    assert reduced(given, EngineSettings) == {"EASEL_THREADS_FILE": "c"}
