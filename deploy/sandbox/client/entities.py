"""What the client hands out: messages, interactions and their parts, read from the control API's JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Name = str | int  # of a person, server, channel or role, or its id

BUTTON = 2
SELECTS = {3, 5, 6, 7, 8}


class SandboxError(Exception):
    """The sandbox refused. `code` and `errors` are Discord's."""

    def __init__(self, status: int, payload: Json) -> None:
        self.status = status
        self.code = int(payload.get("code", 0))
        self.errors: Json = payload.get("errors", {})
        super().__init__(f"{status} {self.code}: {payload.get('message')} {self.errors or ''}".strip())


@dataclass(frozen=True, slots=True)
class Info:
    """Where the sandbox listens: `api`, `gateway` and `cdn` are what a bot is configured with."""

    token: str
    application_id: str
    api: str
    gateway: str
    cdn: str
    page: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. `size` is in bytes; `width` and `height` (pixels) only where it is a picture."""

    id: int
    filename: str
    size: int
    url: str
    content_type: str | None
    description: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message, and the ids of the people who reacted with it."""

    emoji: str
    count: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One state that a message had; the last one is the present."""

    at: float
    content: str
    attachments: tuple[str, ...]
    flags: int


@dataclass(frozen=True)
class Message:
    """A message as the sandbox knows it; `raw` is all of it in Discord's shape, plus `raw["sandbox"]`."""

    raw: Json = field(repr=False)
    history: tuple[Revision, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.content!r} files={[a.filename for a in self.attachments]}>"

    @property
    def id(self) -> int:
        """Its snowflake."""
        return int(self.raw["id"])

    @property
    def channel_id(self) -> int:
        """The channel, thread or direct messages that it is in."""
        return int(self.raw["channel_id"])

    @property
    def author_id(self) -> int:
        """The person or bot that sent it."""
        return int(self.raw["author"]["id"])

    @property
    def from_bot(self) -> bool:
        """Whether a bot sent it."""
        return bool(self.raw["author"]["bot"])

    @property
    def content(self) -> str:
        """Its text; empty for Components V2."""
        return str(self.raw["content"])

    @property
    def embeds(self) -> list[Json]:
        """Its embeds, in Discord's shape."""
        return list(self.raw["embeds"])

    @property
    def flags(self) -> int:
        """Discord's message flags (64 ephemeral, 128 loading, 32768 Components V2 …)."""
        return int(self.raw["flags"])

    @property
    def thinking(self) -> bool:
        """Whether it is a deferral that has not been answered."""
        return bool(self.raw["sandbox"]["thinking"])

    @property
    def deleted(self) -> bool:
        """Whether it is gone; the sandbox still tells its history."""
        return bool(self.raw["sandbox"]["deleted"])

    @property
    def ephemeral_to(self) -> int | None:
        """The only person who sees it, or None when it is public."""
        return _number(self.raw["sandbox"]["ephemeral_to"])

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.ephemeral_to is not None

    @property
    def revisions(self) -> int:
        """How many states it has had; 1 means never edited."""
        return int(self.raw["sandbox"]["revisions"])

    @property
    def interaction_id(self) -> int | None:
        """The interaction that it answers, if any."""
        return _number(self.raw["sandbox"]["interaction_id"])

    @property
    def reply_to(self) -> int | None:
        """The message that it replies to, if any."""
        return _number((self.raw.get("message_reference") or {}).get("message_id"))

    @property
    def attachments(self) -> list[Attachment]:
        """Its files in their order; those that an embed or a component shows are not among them: see `files`."""
        return [_attachment(each) for each in self.raw["attachments"]]

    @property
    def files(self) -> list[Attachment]:
        """All files that belong to it, wherever they are shown. Only the sandbox knows them together."""
        return [_attachment(each) for each in self.raw["sandbox"]["files"]]

    @property
    def reactions(self) -> dict[str, Reaction]:
        """By emoji, with the people who reacted."""
        return {
            emoji: Reaction(emoji, len(people), tuple(int(each) for each in people))
            for emoji, people in self.raw["sandbox"]["reactions"].items()
        }

    @property
    def components(self) -> list[Json]:
        """Its components, nested as in Discord's shape."""
        return list(self.raw["components"])

    @property
    def buttons(self) -> list[Json]:
        """All buttons, wherever they stand in the components."""
        return [each for each in _walk(self.components) if each["type"] == BUTTON]

    @property
    def selects(self) -> list[Json]:
        """All selects, wherever they stand in the components."""
        return [each for each in _walk(self.components) if each["type"] in SELECTS]

    def button(self, wanted: str) -> Json:
        """The button whose custom_id is `wanted` or starts with it, or whose label or emoji is `wanted`."""
        for each in self.buttons:
            emoji = (each.get("emoji") or {}).get("name")
            if wanted in (each.get("custom_id"), each.get("label"), emoji):
                return each
        for each in self.buttons:
            if str(each.get("custom_id") or "").startswith(wanted):
                return each
        known = [each.get("custom_id") or each.get("label") for each in self.buttons]
        raise LookupError(f"no button {wanted!r} on message {self.id}; it has {known}")


@dataclass(frozen=True)
class Interaction:
    """Something a person did. `state` is pending, answered or failed (nothing came within 3 s)."""

    raw: Json = field(repr=False)

    def __repr__(self) -> str:
        return f"<Interaction {self.id} {self.name} {self.state}>"

    @property
    def id(self) -> int:
        """Its snowflake."""
        return int(self.raw["id"])

    @property
    def name(self) -> str:
        """The full name of a command ("server limits"), or the custom_id of a component or modal."""
        return str(self.raw["name"])

    @property
    def state(self) -> str:
        """One of "pending", "answered" and "failed"."""
        return str(self.raw["state"])

    @property
    def answered(self) -> bool:
        """Whether the bot answered in time."""
        return self.state == "answered"

    @property
    def failed(self) -> bool:
        """Whether three seconds went by without an answer."""
        return self.state == "failed"

    @property
    def answer_type(self) -> int | None:
        """4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal."""
        return _number(self.raw["answer_type"])

    @property
    def first_answer_ms(self) -> float | None:
        """Milliseconds (of the sandbox's clock) until the first answer; None before it."""
        value = self.raw["first_answer_ms"]
        return None if value is None else float(value)

    @property
    def message_id(self) -> int | None:
        """The message that @original means."""
        return _number(self.raw["message_id"])

    @property
    def token(self) -> str:
        """What its webhook routes are called with, for 15 minutes."""
        return str(self.raw["token"])

    @property
    def modal(self) -> Json | None:
        """The modal that it was answered with, in Discord's shape."""
        shown: Json | None = self.raw["modal"]
        return shown

    @property
    def choices(self) -> list[Json]:
        """The choices that an autocomplete was answered with."""
        return list(self.raw["choices"] or ())


def _walk(components: list[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _walk(each.get("components") or [])
        if isinstance(each.get("accessory"), dict):
            yield each["accessory"]


def _attachment(raw: Json) -> Attachment:
    return Attachment(
        int(raw["id"]), raw["filename"], raw["size"], raw["url"], raw.get("content_type"), raw.get("description"),
        raw.get("width"), raw.get("height"),
    )  # fmt: skip


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def id_of(thing: Message | Interaction | int) -> int:
    """The id of a message or interaction that may be given as its id already."""
    return thing if isinstance(thing, int) else thing.id
