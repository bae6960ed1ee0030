"""Somewhere that every route of the sandbox can be called rightly: what the parameters of a path may be, and bodies."""

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.permissions import ALL, Permission
from deploy.sandbox.server import Sandbox
from deploy.sandbox.state.ids import fixed
from deploy.sandbox.state.model import Json
from tests.deploy.sandbox.parts import RED, Api

GUILD, GALLERY, ADMINS, ADA, MAX, BEA, ELI = (fixed(number) for number in (100, 111, 112, 11, 12, 13, 16))
BOT_ROLE, MODERATORS, HELPERS = fixed(103), fixed(102), fixed(190)
STRANGER = fixed(99)  # is in no server
CHANNEL, MESSAGE = "/channels/{channel}", "/channels/{channel}/messages/{message}"
REACTION = f"{MESSAGE}/reactions/{{emoji}}"
PICTURE = "data:image/png;base64," + base64.b64encode(RED).decode()
COMMAND: Json = {"name": "draw", "description": "Draw something"}
BODIES: dict[str, object] = {
    "POST /users/@me/channels": {"recipient_id": str(BEA)},
    "POST /attachments/refresh-urls": {"attachment_urls": ["https://example.com/a.png"]},
    "POST /applications/{application}/commands": COMMAND,
    "PUT /applications/{application}/commands": [COMMAND],
    "PATCH /applications/{application}/commands/{command}": {"description": "Draw anything"},
    "POST /applications/{application}/guilds/{guild}/commands": COMMAND,
    "PUT /applications/{application}/guilds/{guild}/commands": [COMMAND],
    "PATCH /applications/{application}/guilds/{guild}/commands/{command}": {"description": "Draw anything"},
    "POST /applications/{application}/emojis": {"name": "apple", "image": PICTURE},
    "PATCH /applications/{application}/emojis/{emoji}": {"name": "pear"},
    f"PATCH {CHANNEL}": {"topic": "Pictures"},
    f"POST {CHANNEL}/messages": {"content": "hello"},
    f"PATCH {MESSAGE}": {"content": "hello again"},
    f"POST {CHANNEL}/threads": {"name": "below", "type": 11},
    f"POST {MESSAGE}/threads": {"name": "below"},
    "POST /interactions/{interaction}/{token}/callback": {"type": 4, "data": {"content": "hello"}},
    "POST /webhooks/{application}/{token}": {"content": "more"},
    "PATCH /webhooks/{application}/{token}/messages/{message}": {"content": "hello again"},
    f"PUT {CHANNEL}/permissions/{{overwrite}}": {"type": 1, "allow": str(int(Permission.SEND_MESSAGES))},
    "PATCH /guilds/{guild}/members/@me": {"nick": "Painter"},
    "PATCH /guilds/{guild}/members/{user}": {"nick": "Bee"},
}  # fmt: skip
QUERIES = {"GET /guilds/{guild}/members/search": "?query=b"}
OPEN = ("/interactions/", "/webhooks/")  # their own token is enough


@dataclass
class Stage:
    """One sandbox in which the bot may do everything; `restrict` takes that back."""

    box: Sandbox
    sandbox: SandboxClient
    api: Api
    values: dict[str, str] = field(default_factory=dict)

    async def prepare(self, route: str) -> None:
        """Fill in every parameter of the route with something that is there."""
        self.box.world.privileged_intents = True
        self.allow_everything()
        self.values = {"guild": str(GUILD), "channel": str(GALLERY), "user": str(BEA), "role": str(HELPERS),
                       "overwrite": str(BEA), "application": self.sandbox.info.application_id}  # fmt: skip
        if "{command}" in route or "{token}" in route:
            await self._command("/guilds/{guild}" if "/guilds/" in route else "")
        if route.endswith("{command}/permissions"):
            await self.sandbox.command_permissions("Studio", "imagine", deny=["Bea"])
        if route.startswith("DELETE") and "{overwrite}" in route:
            await self.sandbox.overwrite("gallery", "Bea", allow=["SEND_MESSAGES"])
        if "{message}" in route or route.endswith("bulk-delete"):
            await self._message(route)
        if "thread-members" in route:
            await self._thread()
        if "{emoji}" in route:
            await self._emoji(route)
        if "{token}" in route:
            await self._interaction(answered=route.partition(" ")[2].startswith("/webhooks"))

    def allow_everything(self) -> None:
        guild = self.box.world.guilds[GUILD]
        role = guild.roles[BOT_ROLE]
        role.permissions, role.position = ALL & ~int(Permission.ADMINISTRATOR), 50
        guild.roles.setdefault(HELPERS, type(role)(HELPERS, "Helper", 0, 1))

    def restrict(self, *lacking: Permission) -> None:
        """Take permissions from the bot everywhere in the server, whoever else gives them."""
        guild = self.box.world.guilds[GUILD]
        for role in (guild.roles[BOT_ROLE], guild.roles[GUILD]):
            for each in lacking:
                role.permissions &= ~int(each)

    def body(self, route: str) -> object:
        if route == f"POST {CHANNEL}/messages/bulk-delete":
            return {"messages": [self.values["message"], self.values["other"]]}
        return BODIES.get(route)

    def path(self, route: str, **other: str) -> str:
        """The route's path with its parameters filled in; `other` are those that differ."""
        path = route.partition(" ")[2]
        for name, value in (self.values | other).items():
            path = path.replace(f"{{{name}}}", quote(value, safe=":"))
        return path

    async def call(self, method: str, path: str, body: object = None) -> Any:
        status, answer = await self.api(method, path, body)
        assert status < 300, (method, path, answer)
        return answer

    async def _command(self, where: str) -> None:
        body = {"name": "imagine", "description": "Draw something"}
        path = self.path(f" /applications/{{application}}{where}/commands")
        self.values["command"] = (await self.call("POST", path, body))["id"]

    async def _message(self, route: str) -> None:
        path = f"/channels/{GALLERY}/messages"
        self.values["message"], self.values["other"] = [
            (await self.call("POST", path, {"content": text}))["id"] for text in ("one", "two")
        ]
        if "/webhooks/" in route:
            self.values["message"] = "@original"

    async def _thread(self) -> None:
        thread = await self.call("POST", f"/channels/{GALLERY}/threads", {"name": "below", "type": 11})
        self.values["channel"] = thread["id"]
        await self.call("PUT", f"/channels/{thread['id']}/thread-members/{BEA}")

    async def _emoji(self, route: str) -> None:
        if "reactions" not in route:
            made = await self.call("POST", self.path(" /applications/{application}/emojis"),
                                   {"name": "plum", "image": PICTURE})  # fmt: skip
            self.values["emoji"] = made["id"]
            return
        self.values["emoji"] = "🔁"
        await self.sandbox.react(int(self.values["message"]), "🔁", "Bea")
        await self.call("PUT", self.path(f" {REACTION}/@me"))

    async def _interaction(self, *, answered: bool) -> None:
        """A person's command. Time nearly stands still, so that it does not run out."""
        await self.sandbox.clock(scale=0.01)
        made = await self.sandbox.slash("gallery", "Bea", "imagine", wait=False)
        self.values |= {"interaction": str(made.id), "token": made.token}
        if answered:
            await self.call("POST", f"/interactions/{made.id}/{made.token}/callback",
                            {"type": 4, "data": {"content": "hello"}})  # fmt: skip
