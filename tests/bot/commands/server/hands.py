"""What tests do as the admins of a server."""

import json
from typing import Any

from deploy.sandbox.client import Attachment, Interaction, Message, file
from tests.bot.harness import Harness, until
from worker.contract.message.custom_ids import ServerId
from worker.contract.store.server_settings import ServerSettingsStore, Versioned

CHANNEL = "gallery"


class Admins:
    """Opens the panel, presses, fills in; knows what Redis holds of the server Studio."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.discord = harness.discord
        self.store = ServerSettingsStore(harness.redis)

    async def studio(self) -> dict[str, Any]:
        world = await self.discord.world()
        found: dict[str, Any] = next(each for each in world["guilds"] if each["name"] == "Studio")
        return found

    async def server(self) -> int:
        return int((await self.studio())["id"])

    async def role(self, name: str) -> str:
        return next(each["id"] for each in (await self.studio())["roles"] if each["name"] == name)

    async def channel(self, name: str) -> str:
        return next(each["id"] for each in (await self.studio())["channels"] if each["name"] == name)

    async def person(self, name: str) -> str:
        return next(each["id"] for each in (await self.discord.world())["people"] if each["username"] == name)

    async def held(self) -> Versioned:
        return await self.store.read(await self.server())

    async def type(self, command: str, by: str = "ada", /, **options: object) -> Message:
        """Type a subcommand; the answer is for this person alone."""
        asked = await self.discord.slash(CHANNEL, by, f"server {command}", options)
        message = await self.harness.answer(asked)
        assert message.ephemeral
        return message

    async def panel(self, person: str = "ada") -> Message:
        return await self.type("settings", person)

    async def press(self, message: Message, part: str, person: str = "ada") -> Interaction:
        """Press the button with this in its custom_id, or with this label."""
        shown = await self.discord.message(message)
        button = next(each for each in shown.buttons if part in each["custom_id"] or part == each.get("label"))
        return await self.discord.press(shown, button["custom_id"], person)

    async def open(self, message: Message, part: str, person: str = "ada") -> Interaction:
        found = await self.press(message, part, person)
        assert found.answer_type == 9, await self.newest(person)
        return found

    async def fill(self, form: Interaction, by: str = "ada", /, **values: Any) -> Message:
        """Send a form; keys have `__` for dots. Returns the newest message for this person."""
        assert form.modal is not None
        known = ServerId.parse(form.modal["custom_id"])
        assert known is not None
        await self.discord.submit(form, {key.replace("__", "."): value for key, value in values.items()}, by)
        return await self.newest(by)

    async def newest(self, person: str = "ada") -> Message:
        return (await self.discord.messages(CHANNEL, person))[-1]

    async def said_last(self, part: str, person: str = "ada") -> Message:
        """The newest message, once it says this: what follows an answer comes a moment later."""
        return await until(lambda: self.newest(person), lambda found: part in said(found))

    @staticmethod
    def upload(name: str, data: bytes) -> dict[str, Any]:
        """A file as somebody attaches it to a command."""
        return file(name, data, content_type="application/json")

    async def settings_in(self, attachment: Attachment) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self.discord.download(attachment))
        return found


def said(message: Message) -> str:
    """All that a message says, in its content or in its components."""
    texts = [each["content"] for each in _walk(message.raw.get("components") or []) if each["type"] == 10]
    return "\n".join([message.content, *texts])


def _walk(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for each in parts:
        found += [each, *_walk(each.get("components") or [])]
    return found


def fields(form: Interaction) -> dict[str, Any]:
    """What stands in the fields of a form, by key."""
    assert form.modal is not None
    return {row["component"]["custom_id"]: row["component"] for row in form.modal["components"]}


def hints(form: Interaction) -> dict[str, str]:
    """What stands below the labels of a form."""
    assert form.modal is not None
    return {row["component"]["custom_id"]: row.get("description", "") for row in form.modal["components"]}
