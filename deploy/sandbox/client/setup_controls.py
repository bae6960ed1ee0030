"""The part of the client that sets up a scene: threads, groups, languages, installations, timeouts."""

from collections.abc import Sequence

from .entities import Json, Message, Name, id_of
from .fault_controls import FaultControls


class SetupControls(FaultControls):
    """What prepares a scene: threads, groups, languages, installations, timeouts, permissions of commands."""

    async def thread(
        self, person: Name, name: str, *, channel: Name | None = None, message: Message | int | None = None,
        private: bool = False, **more: object,
    ) -> int:  # fmt: skip
        """Start a thread from a message, or in a channel without one; in a forum with `content` and `files`.

        Returns its id.
        """
        source = None if message is None else id_of(message)
        body = {"person": person, "name": name, "channel": channel, "message": source, "private": private, **more}
        return int((await self.post("/thread", **body))["id"])

    async def change_thread(self, thread: Name, person: Name, **changes: object) -> Json:
        """`archived`, `locked`, `name`, `invitable`, `auto_archive_duration` (minutes)."""
        return dict(await self.post("/thread/change", thread=thread, person=person, **changes))

    async def join_thread(self, thread: Name, person: Name, who: Name | None = None) -> None:
        """Join, or bring `who` in; the bot is named "Easel"."""
        await self.post("/thread/join", thread=thread, person=person, who=who)

    async def leave_thread(self, thread: Name, person: Name, who: Name | None = None) -> None:
        """Leave, or as a moderator send `who` out."""
        await self.post("/thread/leave", thread=thread, person=person, who=who)

    async def group(self, people: Sequence[Name], name: str = "") -> int:
        """A group of direct messages, which no bot can be in. Returns its channel's id."""
        return int((await self.post("/group", people=list(people), name=name))["id"])

    async def change_person(self, person: Name, **changes: object) -> Json:
        """`locale` ("de"), `installed` (the application, for themselves), `dms_open`."""
        return dict(await self.post("/person", person=person, **changes))

    async def timeout(self, guild: Name, person: Name, seconds: float) -> None:
        """Silence a member for so long; 0 ends it."""
        await self.post("/member", guild=guild, person=person, timeout=seconds)

    async def command_permissions(
        self, guild: Name, command: str | None = None, *, allow: Sequence[Name] = (), deny: Sequence[Name] = ()
    ) -> None:
        """Who may use a command (all commands without a name): roles, people, "#channel", "#" for all channels."""
        rows = [{"of": each, "allow": True} for each in allow] + [{"of": each, "allow": False} for each in deny]
        await self.post("/command-permissions", guild=guild, command=command, permissions=rows)

    async def change_channel(self, channel: Name, **changes: object) -> None:
        """`nsfw`, `slowmode` (seconds between two messages of one person)."""
        await self.post("/channel", channel=channel, **changes)

    async def boost(self, guild: Name, tier: int) -> None:
        """Set a server's boost tier (0 to 3), on which its upload limit depends."""
        await self.post("/boost", guild=guild, tier=tier)

    async def pin(self, message: Message | int, person: Name, *, pinned: bool = True) -> None:
        """Pin a message as this person, or take the pin off."""
        await self.post("/pin", message=id_of(message), person=person, pinned=pinned)
