"""A misspelt setting is told, and no name that something reads."""

import re
import subprocess
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from bot.settings import Settings as BotSettings
from worker.contract.private_files import ENV_FILE_CHECKED
from worker.contract.setting_names import _KNOWN, SETTINGS, unknown, unknown_warning
from worker.engine.settings import EngineSettings
from worker.environment import variables
from worker.settings import PosterSettings

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_settings_are_known_and_no_others() -> None:
    readers: tuple[type[BaseSettings], ...] = (BotSettings, PosterSettings, EngineSettings)
    read = set[str]().union(*map(variables, readers))
    assert {each for each in read if not each.endswith("_FILE")} == SETTINGS
    assert unknown(Path("none"), dict.fromkeys(read, "1")) == {}


def test_every_name_of_ours_in_recipes_and_compose_is_known() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    files = [ROOT / name for name in listed if name.startswith((".ci/", "deploy/", "compose", "Makefile", ".env"))]
    text = "".join(each.read_text(errors="replace") for each in files)
    named = {each for each in re.findall(r"\bEASEL_[A-Z_]+\b", text) if not each.endswith("_")}
    assert named <= _KNOWN


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("EASEL_LIMTIS", "EASEL_LIMITS"),
        ("EASEL_LIMIT", "EASEL_LIMITS"),
        ("easel_limtis", "EASEL_LIMITS"),
        ("EASEL_CAPPERSON", "EASEL_CAP_PERSON"),
        ("EASEL_MAX_STEPS", "EASEL_STEPS_MAX"),
        ("EASEL_MAX_COUNT", "EASEL_COUNT_MAX"),
        ("EASEL_REDIS", "EASEL_REDIS_URL"),
        ("EASEL_REDISURL_FILE", "EASEL_REDIS_URL_FILE"),
        ("EASEL_DISCORD_TOKEN", "DISCORD_TOKEN"),
        ("EASEL_BANANA", ""),
        ("EASEL_", ""),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest(here: Path, name: str, meant: str) -> None:
    assert unknown(Path("none"), {name: "3", "PATH": "/bin"}) == {name: meant}
    (here / ".env").write_text(f"# EASEL_COMMENT=1\n{name}=3\nEASEL_SLOTS=2\nVALKEY_PASSWORD=x\n")
    assert unknown(environment={}) == {name: meant}


@pytest.mark.parametrize("name", ["EASLE_LIMITS", "DISCORD_TOEKN", "EASELLIMITS"])
def test_of_dotenv_alone_what_is_nearly_ours_counts_too(here: Path, name: str) -> None:
    (here / ".env").write_text(f"{name}=3\n")
    assert list(unknown(environment={})) == [name]
    assert unknown(Path("none"), {name: "3"}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "EASEL_DISCORD_OPENAPI", "EASEL_SUPERVISOR", "EASEL_LIMITS_FILE", "easel_slots", "EASEL_BOT_SERVICE_HOST",
        "EASEL_WORKER_SERVICE_PORT_METRICS", "EASEL_BOT_PORT", "EASEL_BOT_PORT_9464_TCP_ADDR", "HF_TOKEN",
        "DISCORD_TOKEN_FILE",
    ],
)  # fmt: skip
def test_what_something_reads_or_others_set_is_not_told(here: Path, name: str) -> None:
    (here / ".env").write_text(f"{name}=3\n")
    assert unknown(environment={name: "3"}) == {}


def test_the_line_names_all_shows_no_value_and_is_said_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_warning() is None
    (here / ".env").write_text("EASEL_LIMTIS=hush\nEASEL_BANANA=hush\n")
    said = unknown_warning() or ""
    assert "EASEL_LIMTIS (did you mean EASEL_LIMITS?), EASEL_BANANA;" in said
    assert "hush" not in said
    monkeypatch.setenv(ENV_FILE_CHECKED, "1")
    assert unknown_warning() is None


def test_a_dotenv_that_is_no_text_is_the_settings_to_tell(here: Path) -> None:
    (here / ".env").write_bytes(b"\xff")
    assert unknown(environment={}) == {}
