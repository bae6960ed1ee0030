"""`.env` and the settings, as every process of Easel would read them here."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.policy.limits_file import LimitsFileError, tiers_in
from bot.settings import Settings as BotSettings
from worker.contract.private_files import ENV_FILE, env_file_warning
from worker.contract.setting_files import FiledSettings
from worker.contract.setting_names import unknown
from worker.contract.settings_errors import complaints
from worker.engine.settings import EngineSettings
from worker.settings import PosterSettings

from .finding import Finding, warning, well, wrong

_HOW = "Correct it in .env or in the environment; .env.example explains every setting"
_READERS: tuple[type[BaseSettings], ...] = (BotSettings, PosterSettings, EngineSettings)
_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a variable; `account` says more about it


class Limits(FiledSettings):
    """Where the file of limits is, whatever else is wrong or missing."""

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore")

    limits: str = ""


def look(path: Path = ENV_FILE) -> list[Finding]:
    """Both; a setting that several processes read is told once."""
    found = [_file(path)]
    said = dict.fromkeys(
        line for reader in _READERS for line in _complaints(reader) if not line.startswith(f"{_TOKEN} ")
    )
    found += [unusable(line) for line in said]
    found += [_misspelt(name, near) for name, near in unknown(path).items()]
    if why := _limits():
        found.append(wrong("settings", f"EASEL_LIMITS is not usable: {why}", "Correct it, or the bot does not start"))
    return found if len(found) > 1 else [*found, well("settings", "every setting can be used")]


def unusable(line: str) -> Finding:
    """A setting that no process can use. `line`: what is wrong with it."""
    return wrong("settings", line.rstrip("."), _HOW)


def _misspelt(name: str, near: str) -> Finding:
    return warning(
        "settings",
        f"nothing in Easel reads {name}",
        f"Did you mean {near}?" if near else "Take it out; .env.example explains every setting",
    )


def _file(path: Path) -> Finding:
    if said := env_file_warning(path):
        what, _, how = said.partition(": ")
        return warning(".env", what, f"{how[:1].upper()}{how[1:]}")
    if path.is_file():
        return well(".env", f"{path.absolute()} is read")
    return well(".env", f"there is none in {Path.cwd()}; settings come from the environment alone")


def _limits() -> str:
    """What is wrong with the file of limits, which the bot reads at its start; empty: nothing, or none is set."""
    try:
        if path := Limits().limits:
            tiers_in(path)
    except LimitsFileError as error:
        return str(error).rstrip(".")
    except ValidationError:  # a file that a setting is in cannot be read, which is told
        pass
    return ""


def _complaints(reader: type[BaseSettings]) -> list[str]:
    try:
        reader()
    except ValidationError as error:
        return complaints(reader, error)
    return []
