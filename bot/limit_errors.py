"""Why the bot says no where a limit stands against what was asked, as `errors.py` has all other reasons."""

from collections.abc import Mapping
from typing import Any

from .errors import Refusal
from .layers import Layer, Value


class Blocked(Refusal):
    """A person may not use Easel: in a server by its admins, or anywhere by the operator; `why` may be "".

    `whole_server`: the operator keeps all of the server out.
    """

    def __init__(self, layer: Layer, why: str, *, whole_server: bool = False) -> None:
        super().__init__(layer)
        self.layer = layer
        self.why = why
        self.whole_server = whole_server


class Paused(Refusal):
    """Nobody may ask for anything for a while: in a server, or anywhere; with the sentence of who paused it, or ""."""

    def __init__(self, layer: Layer, sentence: str) -> None:
        super().__init__(layer)
        self.layer = layer
        self.sentence = sentence


class SettingsChanging(Refusal):
    """A server's settings changed again and again while a request was looked at."""


class OverLimit(Refusal):
    """More was asked for in one request than may be. `name` as in `Limits`."""

    def __init__(self, name: str, asked: float, limit: Value[Any]) -> None:
        super().__init__(name, asked)
        self.name = name
        self.asked = asked
        self.limit = limit


class NotAllowed(Refusal):
    """A model or a sampler (`name` as in `Limits`) that may not be used here.

    `asked` is "" where nobody typed one, and none of those that may be used is running. `titles` are those of the
    models that are running, by id.
    """

    def __init__(
        self, name: str, asked: str, limit: Value[tuple[str, ...]], titles: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(name, asked)
        self.name = name
        self.asked = asked
        self.limit = limit
        self.titles = titles or {}

    def titled(self, titles: Mapping[str, str]) -> "NotAllowed":
        """The same with the titles that people know models by."""
        return NotAllowed(self.name, self.asked, self.limit, titles)
