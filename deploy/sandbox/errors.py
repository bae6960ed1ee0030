"""Discord's JSON errors: every code and text that the sandbox can answer with stands here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .state.ids import snowflake


@dataclass(frozen=True, slots=True)
class Refusal:
    """One of Discord's documented refusals."""

    status: int
    code: int
    text: str


UNAUTHORIZED = Refusal(401, 0, "401: Unauthorized")
NOT_FOUND = Refusal(404, 0, "404: Not Found")
METHOD_NOT_ALLOWED = Refusal(405, 0, "405: Method Not Allowed")
SERVER_ERROR = Refusal(500, 0, "500: Internal Server Error")
UNKNOWN_APPLICATION = Refusal(404, 10002, "Unknown Application")
UNKNOWN_CHANNEL = Refusal(404, 10003, "Unknown Channel")
UNKNOWN_GUILD = Refusal(404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = Refusal(404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = Refusal(404, 10008, "Unknown Message")
UNKNOWN_OVERWRITE = Refusal(404, 10009, "Unknown Overwrite")
UNKNOWN_ROLE = Refusal(404, 10011, "Unknown Role")
UNKNOWN_USER = Refusal(404, 10013, "Unknown User")
UNKNOWN_EMOJI = Refusal(400, 10014, "Unknown Emoji")  # of a reaction
UNKNOWN_APP_EMOJI = Refusal(404, 10014, "Unknown Emoji")
UNKNOWN_WEBHOOK = Refusal(404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = Refusal(404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = Refusal(404, 10063, "Unknown application command")
UNKNOWN_COMMAND_PERMISSIONS = Refusal(404, 10066, "Unknown application command permissions")
NOT_FOR_BOTS = Refusal(403, 20001, "Bots cannot use this endpoint")
SLOW_MODE = Refusal(429, 20016, "This action cannot be performed due to slowmode rate limit.")
TOO_MANY_PINS = Refusal(400, 30003, "Maximum number of pins reached for the channel (250)")
TOO_MANY_EMOJIS = Refusal(400, 30008, "Maximum number of emojis reached (2000)")
TOO_MANY_REACTIONS = Refusal(400, 30010, "Maximum number of reactions reached (20)")
TOO_MANY_COMMANDS = Refusal(400, 30032, "Maximum number of application commands reached (100)")
TOO_MANY_COMMAND_CREATES = Refusal(400, 30034, "Max number of daily application command creates has been reached (200)")
TOO_MANY_OLD_EDITS = Refusal(
    429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later"
)
TOO_LARGE = Refusal(413, 40005, "Request entity too large")
ALREADY_ANSWERED = Refusal(400, 40060, "Interaction has already been acknowledged.")
TOO_MANY_FOLLOW_UPS = Refusal(400, 40094, "This interaction has hit the maximum number of follow up messages.")
MISSING_ACCESS = Refusal(403, 50001, "Missing Access")
NOT_ON_DM = Refusal(403, 50003, "Cannot execute action on a DM channel")
NOT_THE_AUTHOR = Refusal(403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = Refusal(400, 50006, "Cannot send an empty message")
CANNOT_DM = Refusal(403, 50007, "Cannot send messages to this user")
NOT_TEXT = Refusal(400, 50008, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = Refusal(403, 50013, "Missing Permissions")
TOO_FEW_OR_MANY = Refusal(
    400, 50016, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages "
    "to delete.",
)  # fmt: skip
SYSTEM_MESSAGE = Refusal(403, 50021, "Cannot execute action on a system message")
WRONG_CHANNEL_TYPE = Refusal(400, 50024, "Cannot execute action on this channel type")
TOO_OLD_TO_DELETE = Refusal(400, 50034, "You can only bulk delete messages that are under 14 days old.")
INVALID_TOKEN = Refusal(401, 50027, "Invalid Webhook Token")
INVALID_FORM = Refusal(400, 50035, "Invalid Form Body")
THREAD_ARCHIVED = Refusal(400, 50083, "Thread is archived")
SEND_TO_ARCHIVED = Refusal(403, 50083, "Thread is archived")
INVALID_JSON = Refusal(400, 50109, "The request body contains invalid JSON.")
NO_MUTUAL_SERVER = Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
NO_REPLY_WITHOUT_HISTORY = Refusal(403, 160002, "Cannot reply without permission to read message history")
HAS_THREAD_ALREADY = Refusal(400, 160004, "A thread has already been created for this message")
THREAD_LOCKED = Refusal(403, 160005, "Thread is locked")


class ApiError(Exception):
    """A refusal on its way to the caller.

    `errors` is Discord's nested description of a bad form, `retry_after` the seconds that a 429 asks to wait.
    """

    def __init__(
        self, refusal: Refusal, errors: dict[str, Any] | None = None, *, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{refusal.status} {refusal.code}: {refusal.text}")
        self.refusal = refusal
        self.errors = errors
        self.retry_after = retry_after

    def payload(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {"message": self.refusal.text, "code": self.refusal.code}
        if self.retry_after is not None:
            body |= {"retry_after": round(self.retry_after, 3), "global": False}
        if self.errors:
            body["errors"] = self.errors
        return body


class Form:
    """Collects what is wrong with a body, field by field, and refuses it once at the end."""

    def __init__(self) -> None:
        self.errors: dict[str, Any] = {}

    def add(self, path: str, code: str, text: str) -> None:
        """`path` is dotted (`data.components.0.label`); "" stands for the whole body."""
        node = self.errors
        for part in path.split(".") if path else ():
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": text})

    def text(self, path: str, value: object, low: int, high: int) -> bool:
        """Check a string's length; says so under `path` and returns False when it does not fit."""
        if not isinstance(value, str):
            self.add(path, "BASE_TYPE_STRING", "Could not interpret value as string.")
        elif low and not value.strip():
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif len(value) < low and high < 2**31:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        elif len(value) > high:
            self.add(path, *too_long(low, high))
        else:
            return True
        return False

    def url(self, path: str, value: object, most: int, schemes: tuple[str, ...]) -> bool:
        """Check a link's length and scheme."""
        if not self.text(path, value, 1, most):
            return False
        if str(value).partition(":")[0] in schemes:
            return True
        named = ", ".join(f"'{each}'" for each in schemes)
        self.add(path, "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of ({named}).")
        return False

    def number(self, path: str, value: object, low: float, high: float) -> bool:
        """Check a number's range, both ends included."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < low:
            self.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif value > high:
            self.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        else:
            return True
        return False

    def flag(self, path: str, value: object, default: bool) -> bool:
        """Check a boolean; null stands for the default."""
        if not isinstance(value, bool | None):
            self.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        return value if isinstance(value, bool) else default

    def whole(self, path: str, value: object, low: int, high: int) -> bool:
        """Check an integer."""
        if isinstance(value, float) and not value.is_integer():
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return False
        return self.number(path, value, low, high)

    def ids(self, path: str, value: object, high: int) -> list[int]:
        """Check a list of different snowflakes; returns those that are."""
        given = self.items(path, value, 0, high)
        found: list[int] = []
        for number, each in enumerate(given):
            one = snowflake(each)
            if one is None:
                self.add(f"{path}.{number}", "NUMBER_TYPE_COERCE", f'Value "{each}" is not snowflake.')
            elif one in found:
                self.add(path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
            else:
                found.append(one)
        return found

    def items(self, path: str, value: object, low: int, high: int) -> list[Any]:
        """Check a list's length; returns the list, empty when it is none."""
        if not isinstance(value, list):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if len(value) > high and low == 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif not low <= len(value) <= high:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        return value

    def things(self, path: str, value: object, low: int, high: int) -> list[dict[str, Any]]:
        """Check a list of objects; what is none counts as an empty one and is reported."""
        found = self.items(path, value, low, high)
        return [self.thing(f"{path}.{number}" if path else str(number), each) for number, each in enumerate(found)]

    def thing(self, path: str, value: object) -> dict[str, Any]:
        """Check that it is an object; an empty one stands for it when it is none."""
        if isinstance(value, dict):
            return value
        self.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}

    def choice(self, path: str, value: object, allowed: Iterable[object]) -> bool:
        """Check that it is one of a few values, of their very type; they are named in their order."""
        # Not `in` at once: what is sent may be unhashable, and true is no 1.
        known = list(allowed)
        if any(type(value) is type(each) and value == each for each in known):
            return True
        names = ", ".join(repr(each) for each in known)
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")
        return False

    def check(self) -> None:
        """Raise ApiError (50035) if anything was wrong."""
        if self.errors:
            raise ApiError(INVALID_FORM, _outermost(self.errors))


def _outermost(errors: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a thing as a whole hides what is wrong inside it."""
    if "_errors" in errors:
        return {"_errors": errors["_errors"]}
    return {key: _outermost(inner) for key, inner in errors.items()}


def too_long(low: int, high: int) -> tuple[str, str]:
    """The code and the words for a text or list beyond `high`; Discord words it otherwise where there is a minimum."""
    if low:
        return "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length."
    return "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length."


def bad_field(path: str, code: str, text: str) -> ApiError:
    """A form refused for one field."""
    form = Form()
    form.add(path, code, text)
    return ApiError(INVALID_FORM, form.errors)
