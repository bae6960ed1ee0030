"""What Discord refuses, route by route: what is wrong, and the status and code that it must be answered with.

Many rows follow from a route's path: ids that are none, or of nothing, or of something hidden. Those of `OWN` are about
one route: its body, its limits, its permissions.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from deploy.sandbox.permissions import Permission
from tests.deploy.sandbox.refusals_harness import (
    ADMINS,
    BEA,
    BODIES,
    CHANNEL,
    MESSAGE,
    MODERATORS,
    OPEN,
    REACTION,
    STRANGER,
    Stage,
)

COMMANDS = "/applications/{application}/commands"
OF_GUILD = "/applications/{application}/guilds/{guild}/commands"
CALLBACK = "/interactions/{interaction}/{token}/callback"
HOOK = "/webhooks/{application}/{token}"
MEMBER = "/guilds/{guild}/members/{user}"
OVERWRITE = f"{CHANNEL}/permissions/{{overwrite}}"
FORM = (400, 50035)
BOT = "Bot "


@dataclass(frozen=True)
class Row:
    route: str
    wrong: str
    status: int
    code: int
    at: str = ""  # where in `errors` the reason stands
    where: dict[str, str] = field(default_factory=dict)  # parameters of the path that differ from the good ones
    body: object = None  # instead of the good one
    raw: str | None = None  # a body that is no JSON
    files: tuple[int, ...] = ()  # sizes of files that come along
    query: str = ""
    method: str = ""
    token: str = BOT  # a prefix alone stands before the good token
    lacking: Permission | None = None
    before: Callable[[Stage], Awaitable[object]] | None = None


# By parameter: a value, what is wrong with it, status and code.
UNKNOWN = {
    "channel": [("1", "no such channel", 404, 10003), (str(ADMINS), "a channel that the bot does not see", 403, 50001)],
    "guild": [("1", "no such server", 404, 10004)],
    "message": [("1", "no such message", 404, 10008)],
    "user": [(str(STRANGER), "no such person", 404, 10013)],
    "role": [("1", "no such role", 404, 10011)],
    "application": [("1", "no such application", 404, 10002)],
    "command": [("1", "no such command", 404, 10063)],
    "emoji": [("1", "no such emoji", 404, 10014)],
    "interaction": [("1", "no such interaction", 404, 10062)],
    "token": [("nonsense", "not its token", 404, 10062)],
}  # fmt: skip
FREE_TEXT = {"token", "emoji"}


def from_path(route: str) -> Iterator[Row]:
    """Rows for a wrong token, and for each parameter of the path."""
    path = route.partition(" ")[2]
    if route != "GET /gateway" and not path.startswith(OPEN):
        for token, wrong in (("Bot x", "another token"), ("Bearer ", "the token of a person"), ("", "no token")):
            yield Row(route, wrong, 401, 0, token=token)
    for name, values in UNKNOWN.items():
        if f"{{{name}}}" not in path:
            continue
        for value, wrong, status, code in values:
            yield Row(route, wrong, *EXCEPT.get((path, name), (status, code)), where={name: value})
        if name not in FREE_TEXT:
            yield Row(route, f"the {name} is no snowflake", *FORM, at=f"{name}_id", where={name: "x"})
    if BODIES.get(route) is not None:
        yield Row(route, "no JSON", 400, 50109, raw='{"content"')


_HOOKED = (HOOK, f"{HOOK}/messages/{{message}}")
_REACTIONS = (REACTION, f"{REACTION}/@me", f"{REACTION}/{{user}}")
# Where the same mistake is answered otherwise: status and code by path and parameter.
EXCEPT: dict[tuple[str, str], tuple[int, int]] = {
    **{(path, name): (404, 10015) for path in _HOOKED for name in ("application", "token")},
    **{(path, "emoji"): (400, 10014) for path in _REACTIONS},
    (f"{OF_GUILD}/{{command}}/permissions", "command"): (404, 10063),
}


def own(route: str, *rows: tuple[Any, ...], **same: Any) -> list[Row]:
    """Rows of one route: what is wrong, status, code, and by name what makes it so."""
    return [Row(route, wrong, status, code, **same, **more) for wrong, status, code, more in rows]


def bodies(route: str, *rows: tuple[str, object, str]) -> list[Row]:
    """Bodies that are refused as forms: what is wrong, the body, and where the reason stands."""
    return [Row(route, wrong, *FORM, at=at, body=body) for wrong, body, at in rows]


def lacks(permission: Permission, *routes: str) -> list[Row]:
    return [Row(route, f"lacks {permission.name}", 403, 50013, lacking=permission) for route in routes]


BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}


def rows_of(*buttons: object) -> list[object]:
    return [{"type": 1, "components": list(buttons)}]


# What every message is held to, wherever it is sent or edited; `at` is where it stands in the request.
MESSAGES: list[tuple[str, dict[str, object], str]] = [
    ("too many characters", {"content": "x" * 2001}, "content"),
    ("content that is no text", {"content": ["x"]}, "content"),
    ("too many embeds", {"embeds": [{"title": "x"}] * 11}, "embeds"),
    ("embeds that are no list", {"embeds": {"title": "x"}}, "embeds"),
    ("too long a title", {"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ("a field without a value", {"embeds": [{"fields": [{"name": "x"}]}]}, "embeds.0.fields.0.value"),
    ("an embed's link of a strange kind", {"embeds": [{"url": "javascript:x"}]}, "embeds.0.url"),
    ("a colour that is none", {"embeds": [{"color": 2**24}]}, "embeds.0.color"),
    ("embeds of more than 6000 characters", {"embeds": [{"description": "x" * 4000}] * 2}, "embeds"),
    ("too many rows", {"components": rows_of(BUTTON) * 6}, "components"),
    ("too many buttons", {"components": rows_of(*[BUTTON] * 6)}, "components.0.components"),
    ("a button outside a row", {"components": [BUTTON]}, "components.0.type"),
    ("a button of no style", {"components": rows_of({**BUTTON, "style": 9})}, "components.0.components.0.style"),
    ("the same custom_id twice", {"components": rows_of(BUTTON, BUTTON)}, "components.0.components.1.custom_id"),
    ("too long a custom_id", {"components": rows_of({**BUTTON, "custom_id": "x" * 101})},
     "components.0.components.0.custom_id"),
    ("a button that says nothing", {"components": rows_of({**BUTTON, "label": None})}, "components.0.components.0"),
    ("an emoji that is none", {"components": rows_of({**BUTTON, "emoji": {"name": "apple"}})},
     "components.0.components.0.emoji.name"),
    ("a select without options", {"components": rows_of({"type": 3, "custom_id": "x", "options": []})},
     "components.0.components.0.options"),
    ("older fields beside newer components", {"flags": 1 << 15, "content": "x", "components": [
        {"type": 10, "content": "x"}]}, "content"),
    ("newer components without their flag", {"components": [{"type": 10, "content": "x"}]}, "components.0.type"),
    ("a description too long", {"content": "x", "attachments": [{"id": "0", "description": "x" * 1025}]},
     "attachments.0.description"),
    ("mentions allowed twice over", {"content": "x", "allowed_mentions": {"parse": ["users"], "users": [str(BEA)]}},
     "allowed_mentions"),
    ("mentions of a strange kind", {"content": "x", "allowed_mentions": {"parse": ["animals"]}},
     "allowed_mentions.parse.0"),
]  # fmt: skip


def messages(route: str, inside: str = "", **around: object) -> list[Row]:
    """The rows of `MESSAGES` for a route; `inside` is the key of the body that holds the message."""
    prefix = f"{inside}." if inside else ""
    return [
        Row(route, wrong, *FORM, at=prefix + at, body={**around, inside: body} if inside else body)
        for wrong, body, at in MESSAGES
    ]


async def _eli(stage: Stage) -> None:
    stage.values["channel"] = str(await stage.sandbox.open_dm("Eli"))


async def _said_by_bea(stage: Stage) -> None:
    stage.values["message"] = str((await stage.sandbox.say("gallery", "Bea", "mine")).id)


async def _answered(stage: Stage) -> None:
    await stage.call("POST", stage.path(f" {CALLBACK}"), {"type": 5})


async def _too_late(stage: Stage) -> None:
    await stage.sandbox.clock(jump=4)


async def _token_dead(stage: Stage) -> None:
    await stage.sandbox.clock(jump=15 * 60 + 1)


async def _archived(stage: Stage) -> None:
    await stage.call("PATCH", stage.path(f" {CHANNEL}"), {"archived": True})


async def _without_intents(stage: Stage) -> None:
    stage.box.world.privileged_intents = False


async def _thread_there(stage: Stage) -> None:
    await stage.call("POST", stage.path(f" {MESSAGE}/threads"), {"name": "x"})


async def _reacted_twenty_times(stage: Stage) -> None:
    for number in range(19):
        await stage.call("PUT", stage.path(f" {REACTION}/@me", emoji=chr(0x1F600 + number)))
    stage.values["emoji"] = "🎨"


async def _moderator(stage: Stage) -> None:
    stage.values["role"] = str(MODERATORS)
    stage.box.world.guilds[int(stage.values["guild"])].roles[MODERATORS].position = 99


OPTION = {"type": 3, "name": "x", "description": "y"}
COMMAND_FORMS: list[tuple[str, dict[str, object], str]] = [
    ("capitals in a name", {"name": "Draw"}, "name"),
    ("too long a name", {"name": "x" * 33}, "name"),
    ("too long a description", {"description": "x" * 101}, "description"),
    ("no description", {"description": ""}, "description"),
    ("an unknown kind of option", {"options": [{**OPTION, "type": 12}]}, "options.0.type"),
    ("two options of one name", {"options": [OPTION, OPTION]}, "options.1"),
    ("required behind optional", {"options": [OPTION, {**OPTION, "name": "z", "required": True}]}, "options.1"),
    ("too many options", {"options": [{**OPTION, "name": f"x{number}"} for number in range(26)]}, "options"),
    ("too many choices", {"options": [{**OPTION, "choices": [{"name": str(n), "value": str(n)} for n in range(26)]}]},
     "options.0.choices"),
    ("choices that complete themselves", {"options": [{**OPTION, "autocomplete": True, "choices": [
        {"name": "a", "value": "a"}]}]}, "options.0.autocomplete"),
    ("an unknown language", {"name_localizations": {"tlh": "x"}}, "name_localizations.tlh"),
    ("permissions that are no number", {"default_member_permissions": "all"}, "default_member_permissions"),
]  # fmt: skip


def commands(base: str) -> list[Row]:
    good: dict[str, object] = {"name": "draw", "description": "Draw something"}
    forms = [(wrong, {**good, **part}, at) for wrong, part, at in COMMAND_FORMS]
    return [
        *bodies(f"POST {base}", *forms, ("nothing", {}, "name"), ("no object", [], "")),
        *bodies(f"PUT {base}", *((wrong, [body], f"0.{at}") for wrong, body, at in forms),
                ("no list", {}, ""), ("the same twice", [good, good], "1")),
        *bodies(f"PATCH {base}/{{command}}", *((wrong, part, at) for wrong, part, at in COMMAND_FORMS)),
    ]  # fmt: skip


OWN: list[Row] = [
    *own("GET /gateway", ("another method", 405, 0, {"method": "POST"}), ("another method", 405, 0, {"method": "PUT"}),
         ("another method", 405, 0, {"method": "DELETE"})),
    *bodies("POST /users/@me/channels", ("nobody", {}, "recipient_id"), ("no snowflake", {"recipient_id": "bea"},
            "recipient_id")),
    *own("POST /users/@me/channels", ("a stranger", 404, 10013, {"body": {"recipient_id": str(STRANGER)}})),
    *bodies("POST /attachments/refresh-urls", ("none", {"attachment_urls": []}, "attachment_urls"),
            ("too many", {"attachment_urls": ["https://x.example"] * 51}, "attachment_urls"), ("nothing", {},
            "attachment_urls")),
    *commands(COMMANDS), *commands(OF_GUILD),
    *own(f"PUT {OF_GUILD}/{{command}}/permissions", ("not for bots", 403, 20001, {"body": {"permissions": []}})),
    *bodies("POST /applications/{application}/emojis", ("no name", {"image": "data:image/png;base64,AA=="}, "name"),
            ("too short a name", {"name": "x", "image": "data:image/png;base64,AA=="}, "name"),
            ("no picture", {"name": "apple", "image": "data:text/plain;base64,AA=="}, "image")),
    *bodies("PATCH /applications/{application}/emojis/{emoji}", ("no name", {"name": ""}, "name")),
    *bodies(f"PATCH {CHANNEL}", ("too long a name", {"name": "x" * 101}, "name"), ("no name", {"name": ""}, "name"),
            ("too long a topic", {"topic": "x" * 1025}, "topic"),
            ("too slow", {"rate_limit_per_user": 21601}, "rate_limit_per_user")),
    *messages(f"POST {CHANNEL}/messages"), *messages(f"PATCH {MESSAGE}"), *messages(f"POST {HOOK}"),
    *messages(f"PATCH {HOOK}/messages/{{message}}"), *messages(f"POST {CALLBACK}", "data", type=4),
    *own(f"POST {CHANNEL}/messages",
         ("nothing to send", 400, 50006, {"body": {}}), ("blanks", 400, 50006, {"body": {"content": "  "}}),
         ("someone who takes no messages", 403, 50007, {"before": _eli}),
         ("too large a file", 413, 40005, {"files": (10 * 1024 * 1024 + 1,)}),
         ("too much in all", 413, 40005, {"files": (9 * 1024 * 1024,) * 3}),
         ("too many files", *FORM, {"files": (1,) * 11, "at": "attachments"}),
         ("files where none may be", 403, 50013, {"files": (1,), "lacking": Permission.ATTACH_FILES}),
         ("a reply without history", 403, 160002, {"body": {"content": "x", "message_reference": {
             "message_id": "1"}}, "lacking": Permission.READ_MESSAGE_HISTORY})),
    *bodies(f"POST {CHANNEL}/messages", ("too long a nonce", {"content": "x", "nonce": "x" * 26}, "nonce"),
            ("a reply to nothing", {"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
            ("for one person alone", {"content": "x", "flags": 64}, "flags"), ("no object", [], "")),
    *own(f"PATCH {MESSAGE}", ("someone else's", 403, 50005, {"before": _said_by_bea}),
         ("nothing left", 400, 50006, {"body": {"content": ""}}),
         ("too large a file", 413, 40005, {"files": (10 * 1024 * 1024 + 1,)}),
         ("files where none may be", 403, 50013, {"files": (1,), "lacking": Permission.ATTACH_FILES})),
    *own(f"DELETE {MESSAGE}", ("someone else's", 403, 50013, {"before": _said_by_bea,
                                                               "lacking": Permission.MANAGE_MESSAGES})),
    *own(f"POST {CHANNEL}/messages/bulk-delete", ("one alone", 400, 50016, {"body": {"messages": ["1"]}}),
         ("too many", 400, 50016, {"body": {"messages": [str(number) for number in range(101)]}}),
         ("too old", 400, 50034, {"body": {"messages": ["1", "2"]}}),
         ("no snowflakes", *FORM, {"body": {"messages": ["x", "y"]}, "at": "messages.0"})),
    *own(f"GET {CHANNEL}/messages", ("none at all", *FORM, {"query": "?limit=0", "at": "limit"}),
         ("too many", *FORM, {"query": "?limit=101", "at": "limit"}),
         ("no number", *FORM, {"query": "?limit=x", "at": "limit"})),
    *bodies(f"POST {CHANNEL}/threads", ("no name", {"type": 11}, "name"), ("too long a name", {"type": 11,
            "name": "x" * 101}, "name"), ("no such type", {"type": 1, "name": "x"}, "type"),
            ("archived when it likes", {"type": 11, "name": "x", "auto_archive_duration": 61},
             "auto_archive_duration")),
    *bodies(f"POST {MESSAGE}/threads", ("no name", {}, "name"), ("too long a name", {"name": "x" * 101}, "name")),
    *own(f"POST {MESSAGE}/threads", ("there is one", 400, 160004, {"before": _thread_there})),
    *own(f"PUT {CHANNEL}/thread-members/@me", ("archived", 400, 50083, {"before": _archived})),
    *own(f"GET {CHANNEL}/thread-members", ("without the intent", 403, 50001, {"before": _without_intents})),
    *own("GET /guilds/{guild}/members", ("without the intent", 403, 50001, {"before": _without_intents}),
         ("too many", *FORM, {"query": "?limit=1001", "at": "limit"})),
    *own(f"PUT {REACTION}/@me", ("the twenty-first", 400, 30010, {"before": _reacted_twenty_times})),
    *own(f"GET {REACTION}", ("too many", *FORM, {"query": "?limit=101", "at": "limit"})),
    *bodies("PATCH /guilds/{guild}/members/@me", ("too long a nick", {"nick": "x" * 33}, "nick")),
    *bodies(f"PATCH {MEMBER}", ("too long a nick", {"nick": "x" * 33}, "nick"),
            ("no time", {"communication_disabled_until": "soon"}, "communication_disabled_until"),
            ("no list of roles", {"roles": "all"}, "roles")),
    *own(f"PUT {MEMBER}/roles/{{role}}", ("a higher role", 403, 50013, {"before": _moderator})),
    *own(f"DELETE {MEMBER}/roles/{{role}}", ("a higher role", 403, 50013, {"before": _moderator})),
    *own(f"POST {CALLBACK}", ("too late", 404, 10062, {"before": _too_late}),
         ("a second time", 400, 40060, {"before": _answered}),
         ("too large a file", 413, 40005, {"files": (10 * 1024 * 1024 + 1,)})),
    *bodies(f"POST {CALLBACK}", ("no type", {}, "type"), ("no such type", {"type": 99}, "type"),
            ("choices for a command", {"type": 8, "data": {"choices": []}}, "type"),
            ("an update of no message", {"type": 7, "data": {"content": "x"}}, "type"),
            ("a modal without a title", {"type": 9, "data": {"custom_id": "x", "components": rows_of(
                {"type": 4, "custom_id": "x", "label": "x", "style": 1})}}, "data.title"),
            ("a modal without anything", {"type": 9, "data": {"custom_id": "x", "title": "x"}}, "data.components")),
    *own(f"POST {HOOK}", ("too late", 401, 50027, {"before": _token_dead}), ("nothing", 400, 50006, {"body": {}})),
    *own(f"PATCH {HOOK}/messages/{{message}}", ("too late", 401, 50027, {"before": _token_dead})),
    *own(f"GET {HOOK}/messages/{{message}}", ("too late", 401, 50027, {"before": _token_dead})),
    *own(f"DELETE {HOOK}/messages/{{message}}", ("too late", 401, 50027, {"before": _token_dead})),
    *lacks(Permission.MANAGE_CHANNELS, f"PATCH {CHANNEL}", f"DELETE {CHANNEL}"),
    *lacks(Permission.SEND_MESSAGES, f"POST {CHANNEL}/messages", f"POST {CHANNEL}/typing"),
    *lacks(Permission.READ_MESSAGE_HISTORY, f"GET {MESSAGE}", f"POST {MESSAGE}/threads", f"PUT {REACTION}/@me"),
    *lacks(Permission.PIN_MESSAGES, *(f"{method} {CHANNEL}/{base}/{{message}}" for method in ("PUT", "DELETE")
                                      for base in ("pins", "messages/pins"))),
    *lacks(Permission.MANAGE_MESSAGES, f"POST {CHANNEL}/messages/bulk-delete", f"DELETE {REACTION}/{{user}}",
           f"DELETE {REACTION}", f"DELETE {MESSAGE}/reactions"),
    *lacks(Permission.CREATE_PUBLIC_THREADS, f"POST {CHANNEL}/threads", f"POST {MESSAGE}/threads"),
    *lacks(Permission.MANAGE_THREADS, f"DELETE {CHANNEL}/thread-members/{{user}}",
           f"GET {CHANNEL}/threads/archived/private"),
    *lacks(Permission.CHANGE_NICKNAME, "PATCH /guilds/{guild}/members/@me"),
    *lacks(Permission.MANAGE_NICKNAMES, f"PATCH {MEMBER}"),
    *lacks(Permission.MANAGE_ROLES, f"PUT {MEMBER}/roles/{{role}}", f"DELETE {MEMBER}/roles/{{role}}",
           f"PUT {OVERWRITE}", f"DELETE {OVERWRITE}"),
    *own(f"DELETE {OVERWRITE}", ("no such overwrite", 404, 10009, {"where": {"overwrite": "1"}})),
    *own(f"PUT {OVERWRITE}", ("nobody's", *FORM, {"where": {"overwrite": "1"}, "at": "overwrite"})),
    *bodies(f"PUT {OVERWRITE}", ("of no kind", {"type": 2}, "type"), ("no bits", {"type": 1, "allow": "x"}, "allow")),
]  # fmt: skip


def refusals(route: str) -> list[Row]:
    """Everything that the route has to refuse."""
    return [*from_path(route), *(each for each in OWN if each.route == route)]
