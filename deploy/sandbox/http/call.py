"""One call of the HTTP API, as its handler sees it, and the table row that describes a route."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.errors import INVALID_JSON, ApiError, Form, bad_field
from deploy.sandbox.faults.ratelimit import Limit
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import Json

from .bodies import Body

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox


@dataclass(slots=True)
class Call:
    """One call: `params` are parts of the path, `query` the query string, `body` what was sent."""

    box: "Sandbox"
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    locale: str = ""  # of `X-Discord-Locale`, in which commands are read

    def id(self, name: str) -> int:
        """A snowflake from the path."""
        value = self.params[name]
        found = snowflake(value)
        if found is None:
            raise bad_field(f"{name}_id", "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return found

    @property
    def payload(self) -> Json:
        """The body as a JSON object. Refuses 50109 where there is none and 50035 for another JSON value."""
        if self.body.payload is None:
            raise ApiError(INVALID_JSON)
        if not isinstance(self.body.payload, dict):
            raise bad_field("", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return self.body.payload

    def snowflakes(self, name: str) -> list[int]:
        """A list of ids from the body."""
        form, given = Form(), self.payload.get(name)
        found = form.ids(name, [] if given is None else given, 2**31)
        form.check()
        return found

    def flag(self, name: str) -> bool:
        """A boolean from the query string."""
        return self.query.get(name, "").lower() in ("1", "true")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A number from the query string."""
        value = self.query.get(name)
        if value is None:
            return default
        found = snowflake(value)
        if found is None or not low <= found <= high:
            raise bad_field(name, "NUMBER_TYPE_MAX", f"int value should be between {low} and {high}.")
        return found


Answer = object  # JSON to send with 200; `Created` sends 201, None 204
Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Created:
    """An answer with status 201: what the call has created."""

    body: Json


USUAL = Limit(50, 1.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route. `major` names the path parameters that split its rate-limit bucket; some routes have none."""

    method: str
    path: str
    handler: Handler
    limit: Limit | None = USUAL
    major: tuple[str, ...] = ()
    needs_token: bool = True

    @property
    def name(self) -> str:
        """The route as it is counted and logged."""
        return f"{self.method} {self.path}"
