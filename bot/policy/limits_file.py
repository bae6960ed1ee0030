"""The operator's limits: from the settings, and from a file `limits.toml` that says more, and of tiers of servers.

```toml
everywhere = 10          # requests of one person at once, over all servers

[each]                   # of one person in one server, at most; admins set less, or the same
at_once = 10
day_pictures = 500
steps = 80

[together]               # of all people of one server
day_gpu_seconds = 7200

[unset]                  # of one person where admins set nothing
at_once = 3
day_pictures = 100

[tier.gold.each]         # what differs in servers that are put into this tier
day_pictures = 5000
```

Names and bounds are those of `Limits` and `Together` in `worker/contract/types/server_settings.py`.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.settings import Settings
from worker.contract.types.operator_settings import TierName
from worker.contract.types.server_settings import AT_ONCE_MAX, Limits, Together, Usual

from .ceilings import Bounds, Ceilings

Table = TypeVar("Table", bound=BaseModel)

_TABLES: Mapping[str, type[Limits] | type[Together]] = {"each": Limits, "together": Together, "unset": Limits}
_ALONE = ("everywhere",)


class LimitsFileError(Exception):
    """The file cannot be used: which, where in it (a line from 1; 0 unknown), and what is wrong, for a person."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        self.line = line


def ceilings_of(settings: Settings) -> Ceilings:
    """What the operator allows. Raises LimitsFileError."""
    base = Bounds(
        each=Limits(
            at_once=settings.everywhere,
            day_pictures=settings.day_person or None,
            per_minute=settings.rate_person or None,
            pictures=settings.count_max,
            steps=settings.steps_max,
            megapixels=settings.megapixels_max,
        ),
        together=Together(
            at_once=settings.cap_server,
            day_pictures=settings.day_server or None,
            per_minute=settings.rate_server or None,
        ),
        unset=Limits(at_once=settings.cap_person),
    )
    own = _File(settings.limits) if settings.limits else None
    return Ceilings(
        bounds=own.bounds().over(base) if own else base,
        tiers=own.tiers() if own else {},
        usual=Usual(pictures=settings.count),
        model=settings.model,
        everywhere=own.everywhere(settings.everywhere) if own else settings.everywhere,
        per_minute=settings.rate_person,
        total=settings.cap_total,
    )


def tiers_in(path: str) -> set[str]:
    """The tiers that a file has, when all of it can be used. Raises LimitsFileError."""
    file = _File(path)
    file.bounds()
    file.everywhere(1)
    return set(file.tiers())


class _File:
    """One file, read whole at once; what it says wrong is found when its part is asked for."""

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._text = Path(path).read_text(encoding="utf-8-sig")  # Windows begins it with a mark
            self._told = tomllib.loads(self._text)
        except UnicodeDecodeError:
            raise LimitsFileError(path, 0, "it cannot be read: it must be saved as UTF-8") from None
        except OSError as error:
            raise LimitsFileError(path, 0, f"it cannot be read ({type(error).__name__})") from None
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            what = str(error).partition(" (at ")[0]
            raise LimitsFileError(path, int(found[1]) if found else 0, f"it is no TOML: {what}") from None
        except (ValueError, RecursionError):  # a number of thousands of digits, or tables in tables in tables
            raise LimitsFileError(path, 0, "it is no TOML that can be read: a number or a nesting has no end") from None
        self._known((), self._told, {*_TABLES, *_ALONE, "tier"})

    def bounds(self) -> Bounds:
        return self._bounds((), {name: each for name, each in self._told.items() if name in _TABLES})

    def tiers(self) -> dict[str, Bounds]:
        tiers = self._table(("tier",), self._told.get("tier", {}))
        for name in tiers:
            try:
                TypeAdapter(TierName).validate_python(name)
            except ValidationError:
                raise self._error(("tier", name), "a tier's name is of small letters, digits, - and _") from None
            self._known(("tier", name), self._table(("tier", name), tiers[name]), set(_TABLES))
        return {name: self._bounds(("tier", name), each) for name, each in tiers.items()}

    def everywhere(self, otherwise: int) -> int:
        found = self._told.get("everywhere", otherwise)
        if type(found) is not int or not 1 <= found <= AT_ONCE_MAX:
            raise self._error(("everywhere",), f"it must be a whole number from 1 to {AT_ONCE_MAX}")
        return found

    def _bounds(self, path: tuple[str, ...], told: Mapping[str, Any]) -> Bounds:
        return Bounds(
            each=self._read(Limits, (*path, "each"), told),
            together=self._read(Together, (*path, "together"), told),
            unset=self._read(Limits, (*path, "unset"), told),
        )

    def _read(self, kind: type[Table], path: tuple[str, ...], told: Mapping[str, Any]) -> Table:
        table = self._table(path, told.get(path[-1], {}))
        self._known(path, table, set(kind.model_fields))
        try:
            # Strict: else `true` would be 1.
            plain = {name: tuple(each) if isinstance(each, list) else each for name, each in table.items()}
            return kind.model_validate(plain, strict=True)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = str(first["loc"][0])
            raise self._error((*path, name), first["msg"].replace("Input should be", "it must be")) from None

    def _table(self, path: tuple[str, ...], found: Any) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise self._error(path, "it must be a table, as [each] is one")
        return found

    def _known(self, path: tuple[str, ...], table: Mapping[str, Any], names: set[str]) -> None:
        for name in table:
            if name not in names:
                raise self._error((*path, name), f"there is no such name; known are {', '.join(sorted(names))}")

    def _error(self, path: tuple[str, ...], what: str) -> LimitsFileError:
        return LimitsFileError(self._path, _line(self._text, path), f"{'.'.join(path)}: {what}")


def _line(text: str, path: tuple[str, ...]) -> int:
    """The line in which a name stands, as far as it is written plainly; 0 where it is not."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
        if header:
            table = tuple(part.strip(" \"'") for part in header[1].split("."))
            if table[: len(path)] == path:
                return number
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        if key and (*table, *key[1].split("."))[: len(path)] == path:
            return number
    return 0
