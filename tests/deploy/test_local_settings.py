"""`.env.example` explains every setting, with the default that it really has."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.settings import Settings as BotSettings
from deploy.defaults import defaults as machine_defaults
from deploy.local import LocalSettings
from worker.engine.settings import EngineSettings
from worker.settings import PosterSettings

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^# (DISCORD_TOKEN|EASEL_\w+)=(.*)$", re.MULTILINE)
ELSEWHERE = {
    "EASEL_WORKER",  # the host's name
    "EASEL_MODELS",  # written as people would write it, from the repository's root
    "EASEL_UPSCALER",
}


def explained() -> dict[str, str]:
    return dict(LINE.findall((ROOT / ".env.example").read_text()))


def defaults(settings: type[BaseSettings]) -> dict[str, str | None]:
    """Variable → default as text; None where there is none, or none that text can say."""
    found = {}
    for name, field in settings.model_fields.items():
        variable = str(field.validation_alias or f"EASEL_{name}").upper()
        value = None if field.is_required() or field.default_factory else field.default
        found[variable] = value.get_secret_value() if isinstance(value, SecretStr) else value
    return {name: None if value is None else str(value) for name, value in found.items()}


@pytest.mark.parametrize("settings", [BotSettings, PosterSettings, EngineSettings])
def test_every_setting_is_explained_with_its_default(settings: type[BaseSettings]) -> None:
    said = explained()
    for variable, default in defaults(settings).items():
        assert variable in said, f"{variable} is not in .env.example"
        if default is not None and variable not in ELSEWHERE:
            assert _same(said[variable], default), f"{variable} is {default} and not {said[variable]}"


def test_nothing_is_explained_that_does_not_exist() -> None:
    known = {variable for each in (BotSettings, PosterSettings, EngineSettings) for variable in defaults(each)}
    assert set(explained()) <= known


def test_local_reads_only_what_the_parts_read_too() -> None:
    assert set(defaults(LocalSettings)) <= set(explained())


def _same(said: str, default: str) -> bool:
    try:
        return float(said) == float(default)
    except ValueError:
        return said == default


def test_what_is_written_in_dotenv_goes_before_what_suits_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ours = machine_defaults(tmp_path)
    assert set(ours) == {"EASEL_THREADS", "EASEL_ENGINE_NICE", "EASEL_MEASURED"}
    assert Path(ours["EASEL_MEASURED"]).parent == tmp_path  # what is kept between runs
    (tmp_path / ".env").write_text("EASEL_THREADS=3\nEASEL_ENGINE_NICE=\n")
    assert set(machine_defaults(tmp_path)) == {"EASEL_ENGINE_NICE", "EASEL_MEASURED"}
