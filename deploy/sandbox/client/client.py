"""A typed client of the control API: play people, watch what happens, arm faults.

    async with SandboxClient.connect("http://127.0.0.1:8099") as sandbox:
        asked = await sandbox.slash("gallery", "Bea", "imagine", {"prompt": "a red apple"})
        done = await sandbox.wait_message("gallery", lambda message: len(message.attachments) == 4)

People, channels and servers are given by name or id: "Bea", "gallery" (in Studio), "Atelier/gallery", "dm:Bea".
Waiting follows the event stream, so nothing polls; every wait has a deadline and raises TimeoutError.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp

from .connection import Event
from .entities import Attachment, Info, Interaction, Json, Message, Name, Revision, id_of
from .setup_controls import SetupControls

DEADLINE = 10.0


class SandboxClient(SetupControls):
    """One connection to a running sandbox. Make it with `connect`."""

    info: Info

    @classmethod
    @asynccontextmanager
    async def connect(cls, base_url: str) -> AsyncIterator["SandboxClient"]:
        """A client of the sandbox at this address (`http://127.0.0.1:8099`), open until the block ends."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
            client = cls(base_url, http)
            client.info = Info(**await client.get("/info"))
            async with client.following():
                yield client

    # Acting as a person

    async def slash(
        self, channel: Name, person: Name, command: str, options: Mapping[str, object] | None = None, *,
        wait: bool = True, timeout: float = DEADLINE,
    ) -> Interaction:  # fmt: skip
        """Send a slash command ("imagine", "server limits"). Files are `file(...)` values.

        With `wait` it returns once the command was answered or failed, else at once.
        """
        return await self._act("/slash", wait, timeout, channel=channel, person=person, command=command,
                               options=dict(options or {}))  # fmt: skip

    async def autocomplete(
        self, channel: Name, person: Name, command: str, focused: str, typed: object = "",
        options: Mapping[str, object] | None = None, *, timeout: float = DEADLINE,
    ) -> list[Json]:  # fmt: skip
        """Type into an option that completes itself; returns the choices ({"name", "value"})."""
        done = await self._act("/autocomplete", True, timeout, channel=channel, person=person, command=command,
                               focused=focused, value=typed, options=dict(options or {}))  # fmt: skip
        return done.choices

    async def context_menu(
        self, person: Name, command: str, *, message: int | None = None, user: Name | None = None,
        channel: Name | None = None, wait: bool = True, timeout: float = DEADLINE,
    ) -> Interaction:  # fmt: skip
        """Use a message command on `message`, or a user command on `user` in `channel`."""
        return await self._act("/context-menu", wait, timeout, person=person, command=command, message=message,
                               user=user, channel=channel)  # fmt: skip

    async def press(
        self, message: Message | int, button: str, person: Name, *, wait: bool = True, timeout: float = DEADLINE
    ) -> Interaction:
        """Press a button by its custom_id or the start of it, its label or its emoji."""
        shown = message if isinstance(message, Message) else await self.message(message)
        custom_id = shown.button(button)["custom_id"]
        return await self._act("/press", wait, timeout, message=shown.id, custom_id=custom_id, person=person)

    async def select(
        self, message: Message | int, custom_id: str, values: Sequence[str], person: Name, *,
        wait: bool = True, timeout: float = DEADLINE,
    ) -> Interaction:  # fmt: skip
        """Pick `values` in a select: values of options, or ids of people, roles and channels."""
        return await self._act("/select", wait, timeout, message=id_of(message), custom_id=custom_id,
                               values=list(values), person=person)  # fmt: skip

    async def submit(
        self, opened: Interaction, fields: Mapping[str, object], person: Name, *, wait: bool = True,
        timeout: float = DEADLINE,
    ) -> Interaction:  # fmt: skip
        """Submit the modal that `opened` was answered with; what is left out keeps its preset value."""
        return await self._act("/submit", wait, timeout, interaction=opened.id, fields=dict(fields), person=person)

    async def react(self, message: Message | int, emoji: str, person: Name) -> None:
        """Add a reaction; `emoji` is the emoji itself, or `name:id` of a custom one."""
        await self.post("/react", message=id_of(message), emoji=emoji, person=person)

    async def unreact(self, message: Message | int, emoji: str, person: Name) -> None:
        """Take this person's reaction off again."""
        await self.post("/unreact", message=id_of(message), emoji=emoji, person=person)

    async def say(
        self, channel: Name, person: Name, content: str, *, files: Sequence[Json] = (), reply_to: int | None = None
    ) -> Message:
        """Send a message as this person. `files` are `file(...)` values, `reply_to` is the id of a message."""
        body = {"files": list(files)} if files else {}
        return Message(
            await self.post("/say", channel=channel, person=person, content=content, reply_to=reply_to, **body)
        )

    async def delete(self, message: Message | int, person: Name) -> None:
        """Delete as this person: one's own message, or as a moderator anyone's."""
        await self.post("/delete", message=id_of(message), person=person)

    async def open_dm(self, person: Name, with_: Name | None = None) -> int:
        """The channel id of the direct messages between this person and the bot, or someone else."""
        return int((await self.post("/open-dm", **{"person": person, "with": with_}))["id"])

    # Reading

    async def world(self) -> Json:
        """Servers with their channels, roles and members, people, and open direct messages (see `views.world`)."""
        found: Json = await self.get("/world")
        return found

    async def messages(self, channel: Name, person: Name | None = None, limit: int = 100) -> list[Message]:
        """Oldest first. With `person` only what that person sees, else ephemeral ones of everyone too."""
        return [Message(each) for each in await self.get("/messages", channel=channel, person=person, limit=limit)]

    async def message(self, message_id: Message | int) -> Message:
        """One message with its history, even when it was deleted."""
        raw = await self.get(f"/messages/{id_of(message_id)}")
        history = tuple(
            Revision(each["at"], each["content"], tuple(each["attachments"]), each["flags"])
            for each in raw.pop("history")
        )
        return Message(raw, history)

    async def interaction(self, interaction: Interaction | int) -> Interaction:
        """How an interaction stands now."""
        return Interaction(await self.get(f"/interactions/{id_of(interaction)}"))

    async def interactions(self, limit: int = 500) -> list[Interaction]:
        """The newest interactions, oldest first."""
        return [Interaction(each) for each in await self.get("/interactions", limit=limit)]

    async def commands(self) -> list[Json]:
        """The registered application commands, in Discord's shape."""
        return list((await self.get("/commands"))["commands"])

    async def command_syncs(self) -> int:
        """How often all commands were overwritten."""
        return int((await self.get("/commands"))["syncs"])

    async def exchanges(self, route: str = "", limit: int = 200) -> list[Json]:
        """The newest calls of the HTTP API whose "METHOD /route/{template}" contains `route`."""
        return list(await self.get("/exchanges", route=route, limit=limit))

    async def trace(self, message: Message | int) -> list[Json]:
        """The calls and gateway events that touched a message, oldest first; `kind` is "http" or "gateway"."""
        return list(await self.get("/exchanges", message=id_of(message)))

    async def log(self, after: int = 0) -> list[Json]:
        """All calls and gateway events with a larger `number` that the sandbox still has, oldest first."""
        return list(await self.get("/exchanges", after=after))

    async def counts(self) -> dict[str, int]:
        """How often each route ("METHOD /route/{template}") of the HTTP API was called."""
        return dict(await self.get("/counts"))

    async def statuses(self) -> dict[int, int]:
        """How often the HTTP API answered with each status."""
        return {int(status): count for status, count in (await self.get("/counts", by="status")).items()}

    async def sessions(self) -> list[Json]:
        """The gateway's sessions: shard, intents, sequence number, whether connected."""
        return list((await self.get("/gateway"))["sessions"])

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of a file. Raises SandboxError once its link has expired."""
        return await self.fetch(attachment.url)

    # Waiting

    async def wait_message(
        self, channel: Name, wanted: Callable[[Message], bool] = bool, timeout: float = DEADLINE
    ) -> Message:
        """The newest message of the channel that is as wanted, now or as soon as there is one."""
        with self.listen() as queue:
            held = await self.messages(channel)
            for message in reversed(held):
                if wanted(message):
                    return message
            channel_id = held[-1].channel_id if held else await self._channel_id(channel)
            return await self._first_message(
                queue, lambda message: message.channel_id == channel_id and wanted(message), timeout, channel
            )

    async def wait_edit(
        self, message: Message | int, wanted: Callable[[Message], bool], timeout: float = DEADLINE
    ) -> Message:
        """This one message as soon as it is as wanted; deletion counts as a change too."""
        message_id = id_of(message)
        with self.listen() as queue:
            now = await self.message(message_id)
            if wanted(now):
                return now
            return await self._first_message(queue, lambda m: m.id == message_id and wanted(m), timeout, message_id)

    async def wait_interaction(
        self, interaction: Interaction | int, wanted: Callable[[Interaction], bool] | None = None,
        timeout: float = DEADLINE,
    ) -> Interaction:  # fmt: skip
        """The interaction once it was answered or failed (or is as wanted)."""
        number = id_of(interaction)
        good = wanted or (lambda found: found.state != "pending")
        with self.listen() as queue:
            now = await self.interaction(number)
            if good(now):
                return now
            return Interaction((await self.next_event(queue, timeout, f"interaction {number}", lambda event: (
                event["event"] == "interaction" and int(event["interaction"]["id"]) == number
                and good(Interaction(event["interaction"]))
            )))["interaction"])  # fmt: skip

    async def wait_bot(self, shards: int = 1, timeout: float = 30.0) -> None:
        """Wait until the bot is connected with all its shards."""
        with self.listen() as queue:
            while sum(each["connected"] for each in await self.sessions()) < shards:
                await self.next_event(queue, timeout, "the bot", lambda event: event["event"] == "gateway")

    async def wait_commands(self, timeout: float = 30.0) -> list[Json]:
        """Wait until the bot has registered commands."""
        with self.listen() as queue:
            while not (found := await self.commands()):
                await self.next_event(queue, timeout, "commands", lambda event: event["event"] == "commands")
            return found

    async def _act(self, path: str, wait: bool, timeout: float, **body: object) -> Interaction:
        made = Interaction(await self.post(path, **body))
        return await self.wait_interaction(made, timeout=timeout) if wait else made

    async def _channel_id(self, channel: Name) -> int:
        return int((await self.get("/channel", channel=channel))["id"])

    async def _first_message(
        self, queue: asyncio.Queue[Event | None], wanted: Callable[[Message], bool], timeout: float, what: Name
    ) -> Message:
        def good(event: Event) -> bool:
            return event["event"] == "message" and wanted(Message(event["message"]))

        return Message((await self.next_event(queue, timeout, f"a message in {what}", good))["message"])


def file(name: str, content: bytes, *, content_type: str | None = None, description: str | None = None) -> Json:
    """A file for an attachment option or for `say`."""
    body: Json = {"filename": name, "data": base64.b64encode(content).decode()}
    return body | {k: v for k, v in (("content_type", content_type), ("description", description)) if v}
