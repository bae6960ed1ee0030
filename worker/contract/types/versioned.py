"""How a format grows: fields and values that say since which version they exist.

What the bot writes and a worker must understand whole (a request, its destination, where its source lies) is made of
`VersionedModel`: unknown fields are refused, and the version says beforehand who need not try. Nobody sets a version;
it follows from what is set. So whatever says nothing new is written byte for byte as it always was, and an older
worker goes on reading it.

What workers say back (results, frames, what they can do) is made of plain models and may use `since` too: their
readers skip fields that they do not know.

README.md tells how a field is added.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

FIRST = 1
_KEY = "version"


@dataclass(frozen=True)
class Since:
    """When a field came, and what a text without it means for ever. Called with a value: may it be left out?"""

    version: int
    absent: Any

    def __post_init__(self) -> None:
        if self.version <= FIRST:
            raise ValueError(f"version {FIRST} is closed: its fields are always written")

    def __call__(self, value: Any) -> bool:
        return bool(value == self.absent)


def since(version: int, absent: Any, **bounds: Any) -> Any:
    """A field that older versions do not have; the only place that says when it came and what its absence means.

    Args:
        version: the first that knows it, at least 2.
        absent: its frozen default. It is never written, so texts that were stored years ago have it too: it cannot
            change. A default of the product that may change is filled in by the bot.
        bounds: as pydantic's `Field` takes them.
    """
    return Field(default=absent, exclude_if=Since(version, absent), validate_default=True, **bounds)


class VersionedEnum(StrEnum):
    """Words of which some came later: `LATER = "later", 3`. Others are of version 1."""

    since: int

    def __new__(cls, word: str, since: int = FIRST) -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.since = since
        return member


class VersionedModel(BaseModel):
    """What is read whole or not at all, and knows who can."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def version(self) -> int:
        """The oldest version that has all that is set here."""
        return max((FIRST, *self._versions()))

    @classmethod
    def newest(cls) -> int:
        """The newest version that any value of this class can have."""
        return max((FIRST, *cls._declared()))

    def _versions(self) -> Iterator[int]:
        """Of everything that is set. A class that widens a bound adds the version of values beyond the old one."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(field.exclude_if, Since) and not field.exclude_if(value):
                yield field.exclude_if.version
            yield from _said_by(value)

    @classmethod
    def _declared(cls) -> Iterator[int]:
        """Of everything that can be set; a class that adds to `_versions` adds here too."""
        for field in cls.model_fields.values():
            if isinstance(field.exclude_if, Since):
                yield field.exclude_if.version
            for kind in _kinds(field.annotation):
                if issubclass(kind, VersionedModel):
                    yield kind.newest()
                elif issubclass(kind, VersionedEnum):
                    yield from (word.since for word in kind)


class StampedModel(VersionedModel):
    """One that is also read on its own, so its text begins with its version.

    A text that claims another version than its fields have is refused: its writer and we do not mean the same.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _read_stamp(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, Mapping) or _KEY not in data:
            return handler(data)
        made = handler({name: value for name, value in data.items() if name != _KEY})
        if data[_KEY] != made.version:
            raise ValueError(f"it says version {data[_KEY]}, but what it sets is of version {made.version}")
        return made

    @model_serializer(mode="wrap")
    def _write_stamp(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {_KEY: self.version, **handler(self)}


def _said_by(value: Any) -> Iterator[int]:
    if isinstance(value, VersionedModel):
        yield value.version
    elif isinstance(value, VersionedEnum):
        yield value.since
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _said_by(each)
    elif isinstance(value, Mapping):
        yield from _said_by(list(value.values()))


def _kinds(annotation: Any) -> Iterator[type]:
    """The classes that stand in an annotation."""
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)
