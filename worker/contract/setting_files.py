"""Settings whose value stands in a file, as secrets of container engines do: `NAME_FILE` names the file of `NAME`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

END = "_FILE"


class FiledSettings(BaseSettings):
    """Settings of which each may be given by a file.

    A variable of the environment goes before a file that the environment names, that before a line of `.env`, and that
    before a file that `.env` names.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """As pydantic-settings asks for them, the first goes before the others."""
        del file_secret_settings  # whole folders, of which nobody says which file is meant
        return (
            init_settings,
            env_settings,
            _Files(settings_cls, env_settings),
            dotenv_settings,
            _Files(settings_cls, dotenv_settings),
        )


class _Files(PydanticBaseSettingsSource):
    """What lies in the files that another source names."""

    def __init__(self, settings_cls: type[BaseSettings], named: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        names: Mapping[str, str | None] = named.env_vars if isinstance(named, EnvSettingsSource) else {}
        self._names = {name.upper(): value for name, value in names.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The text of its file without the line's end; None where none is named. Raises ValidationError."""
        key = str(field.validation_alias or field_name)
        prefix = "" if field.validation_alias else self.config.get("env_prefix", "")
        variable = f"{prefix}{key}".upper() + END
        path = self._names.get(variable)
        return (_read(variable, path) if path else None), key, False

    def __call__(self) -> dict[str, Any]:
        """Fields by the names under which pydantic takes them."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: value for value, key, _ in found if value}


def _read(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        complaint = PydanticCustomError("value_error", "{path} cannot be read: {why}", {"path": path, "why": why})
        line: InitErrorDetails = {"type": complaint, "loc": (variable,), "input": path}
        raise ValidationError.from_exception_data("Settings", [line]) from None
