"""What people do: commands, buttons, reactions, messages. Discord's own client would check them the same way."""

from collections.abc import Mapping, Sequence

from deploy.sandbox import rules
from deploy.sandbox.errors import SLOW_MODE, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, ApiError, Form, bad_field
from deploy.sandbox.permissions import Permission
from deploy.sandbox.serialise import created_at
from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.files import Files, Upload
from deploy.sandbox.state.ids import Snowflakes
from deploy.sandbox.state.model import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    DM,
    GROUP,
    MODAL,
    PRIVATE,
    Channel,
    InteractionRecord,
    Json,
    MessageRecord,
    User,
)
from deploy.sandbox.state.world import World
from deploy.sandbox.validate import commands, components, filled, messages, options

from . import command_visibility, resolve
from .announce import Announcer
from .interactions import Interactions, NewInteraction
from .messages import SYSTEM, Messages, SendContext
from .reactions import Reactions
from .resolve import Resolved

_NOT_SLOWED = Permission.MANAGE_MESSAGES | Permission.MANAGE_CHANNELS | Permission.BYPASS_SLOWMODE


class PersonActions:
    """One method for each thing that a person can do in Discord's client."""

    def __init__(
        self, world: World, clock: Clock, ids: Snowflakes, files: Files, messages: Messages,
        reactions: Reactions, interactions: Interactions, announce: Announcer,
    ) -> None:  # fmt: skip
        self._world = world
        self._clock = clock
        self._ids = ids
        self._files = files
        self._messages = messages
        self._reactions = reactions
        self._interactions = interactions
        self._announce = announce

    def private_channel(self, people: Sequence[User], name: str = "") -> Channel:
        """Direct messages: of one person with the bot, of two with each other, of more as a group."""
        numbers = [each.id for each in people]
        found = self._world.private(numbers) if len(set(numbers)) < 3 else None
        if found is None:
            kind = DM if len(numbers) < 3 else GROUP
            shown = name or ", ".join(each.display for each in people)
            found = Channel(self._ids.next(), kind, shown, recipients=tuple(numbers), owner_id=numbers[0])
            self._world.channels[found.id] = found
            self._announce.world_changed()  # Discord sends bots nothing: they learn of it by its messages
        return found

    def dm_channel(self, person: User) -> Channel:
        """A person's direct messages with the bot."""
        return self.private_channel([person])

    def slash(
        self, person: User, channel: Channel, words: Sequence[str], given: Mapping[str, object]
    ) -> InteractionRecord:
        """Send a slash command. Refuses what Discord's client would not let a person send (50035, 50013)."""
        command = command_visibility.find(self._world, person, channel, words[0], commands.CHAT)
        path, known = options.descend(command, list(words[1:]), person.locale)
        form, resolved = Form(), self._resolved(person, channel)
        values = options.check(known, self._named(known, given, resolved, form), form)
        form.check()
        data = self._command_data(command, options.nest(path, values), resolved)
        name = " ".join([command["name"], *(each["name"] for each in path)])
        return self._create(COMMAND, person, channel, name, data, command=command)

    def autocomplete(
        self, person: User, channel: Channel, words: Sequence[str], focused: str, typed: object,
        given: Mapping[str, object],
    ) -> InteractionRecord:  # fmt: skip
        """Type `typed` into the option `focused`; the interaction's `choices` are the answer."""
        command = command_visibility.find(self._world, person, channel, words[0], commands.CHAT)
        path, known = options.descend(command, list(words[1:]), person.locale)
        option = next((each for each in known if each["name"] == focused and each.get("autocomplete")), None)
        if option is None:
            raise bad_field("focused", "UNKNOWN_OPTION", f"The command has no option {focused} that completes itself.")
        resolved = self._resolved(person, channel)
        plain = self._named(known, given, resolved, Form())
        values = options.check(known, {**plain, focused: typed}, Form(), partial=True)
        for value in values:
            if value["name"] == focused:
                value["focused"] = True
        data = self._command_data(command, options.nest(path, values), resolved)
        return self._create(AUTOCOMPLETE, person, channel, " ".join(words), data, command=command)

    def context_menu(
        self, person: User, channel: Channel, name: str, target: MessageRecord | User
    ) -> InteractionRecord:
        """Use a message command or a user command on `target`. Refuses 10063 for what is not offered."""
        kind = commands.MESSAGE if isinstance(target, MessageRecord) else commands.USER
        command = command_visibility.find(self._world, person, channel, name, kind)
        resolved = self._resolved(person, channel)
        if isinstance(target, MessageRecord):
            self._check_sees_message(person, target)
            resolved.body["messages"] = {str(target.id): self._messages.data(target)}
        else:
            resolved.user(target)
        data = self._command_data(command, [], resolved) | {"target_id": str(target.id)}
        del data["options"]
        return self._create(COMMAND, person, channel, command["name"], data, command=command)

    def use_component(
        self, person: User, message: MessageRecord, custom_id: str, values: Sequence[str] = ()
    ) -> InteractionRecord:
        """Press a button, or pick from a select."""
        self._check_sees_message(person, message)
        found = components.find(message.data["components"], custom_id)
        if found is None:
            raise bad_field("custom_id", "UNKNOWN_COMPONENT", f"The message has no component {custom_id}.")
        if found.get("disabled"):
            raise bad_field("custom_id", "COMPONENT_DISABLED", "This component is disabled.")
        data: Json = {"component_type": found["type"], "custom_id": custom_id, "id": found.get("id", 0)}
        channel = self._world.channel(message.channel_id)
        rules.require_unlocked(self._world, person.id, channel)
        if found["type"] in components.SELECTS:
            resolved, form = self._resolved(person, channel), Form()
            data["values"] = filled.pick(found, list(values), form, "values", resolved)
            form.check()
            if found["type"] in resolve.OF_SELECT:
                data["resolved"] = resolved.body
        return self._create(COMPONENT, person, channel, custom_id, data, source=message)

    def submit_modal(self, person: User, opened: InteractionRecord, fields: Mapping[str, object]) -> InteractionRecord:
        """Submit the modal that `opened` was answered with. Refuses another person's (10062) and bad fields (50035)."""
        if opened.modal is None or opened.person_id != person.id:
            raise ApiError(UNKNOWN_INTERACTION)
        channel = self._world.channel(opened.channel_id)
        resolved = self._resolved(person, channel)
        modal_id = str(opened.modal["custom_id"])
        data: Json = {"custom_id": modal_id, "components": filled.answer(opened.modal, dict(fields), resolved)}
        if resolved.body:
            data["resolved"] = resolved.body
        source = self._world.messages.get(opened.source_id or 0)
        return self._create(MODAL, person, channel, modal_id, data, source=source, parent=opened)

    def say(
        self, person: User, channel: Channel, content: str, uploads: dict[int, Upload], reply_to: MessageRecord | None
    ) -> MessageRecord:
        """Send a message. Refuses 50013, and 20016 in slow mode."""
        rules.require_sending(self._world, person.id, channel, int(Permission.ATTACH_FILES) if uploads else 0)
        if channel.slowmode and not self._world.bits(person.id, channel) & _NOT_SLOWED:
            self._check_slow(person, channel)
        draft = messages.check({"content": content}, uploads, file_limit=self._world.file_limit(channel))
        return self._messages.send(channel, draft, SendContext(person.id, reply_to=reply_to))

    def edit(self, person: User, message: MessageRecord, content: str) -> MessageRecord:
        """Change the words of one's own message."""
        if message.author_id != person.id or message.data["type"] in SYSTEM:
            raise ApiError(UNKNOWN_MESSAGE)
        rules.require_unlocked(self._world, person.id, self._world.channel(message.channel_id))
        draft = messages.check({"content": content}, {}, file_limit=0, editing=message)
        return self._messages.edit(message, draft)

    def react(self, person: User, message: MessageRecord, emoji: str) -> None:
        """Add a reaction; ADD_REACTIONS is needed for the first with an emoji."""
        if message.ephemeral_to is not None:
            raise ApiError(UNKNOWN_MESSAGE)
        channel = self._world.channel(message.channel_id)
        needed = Permission.READ_MESSAGE_HISTORY
        if emoji not in message.reactions:
            needed |= Permission.ADD_REACTIONS
        rules.require(self._world, person.id, channel, needed)
        rules.require_active(channel)
        self._reactions.add(message, person.id, emoji)

    def unreact(self, person: User, message: MessageRecord, emoji: str) -> None:
        """Take one's own reaction off."""
        rules.require_active(self._world.channel(message.channel_id))
        self._reactions.remove(message, person.id, emoji)

    def pin(self, person: User, message: MessageRecord, *, pinned: bool) -> None:
        """Pin a message or take its pin off; needs PIN_MESSAGES."""
        channel = self._world.channel(message.channel_id)
        rules.require(self._world, person.id, channel, Permission.PIN_MESSAGES)
        if pinned:
            self._messages.pin(message, person.id)
        else:
            self._messages.unpin(message)

    def type(self, person: User, channel: Channel) -> None:
        """Show this person as typing."""
        rules.require_sending(self._world, person.id, channel)
        self._announce.typing(channel, person.id, self._clock.now())

    def delete(self, person: User, message: MessageRecord) -> None:
        """Delete one's own message, or as a moderator anyone's; ephemeral ones are dismissed."""
        channel = self._world.channel(message.channel_id)
        if person.id not in (message.author_id, message.ephemeral_to):
            rules.require(self._world, person.id, channel, Permission.MANAGE_MESSAGES)
            if channel.kind in PRIVATE:
                rules.refuse_on_dm()
        rules.require_deletable(self._world, person.id, channel)
        self._messages.delete(message)

    def _create(
        self, kind: int, person: User, channel: Channel, name: str, data: Json, *,
        command: Json | None = None, source: MessageRecord | None = None, parent: InteractionRecord | None = None,
    ) -> InteractionRecord:  # fmt: skip
        if command is not None:
            owners = command_visibility.owners_of_command(self._world, person, channel, command)
        elif parent is not None:
            owners = parent.owners
        else:
            owners = command_visibility.owners_of_message(channel, source) if source is not None else {}
        hidden = command_visibility.hides(self._world, person, channel, owners)
        return self._interactions.create(
            NewInteraction(kind, person.id, channel, name, data, owners, hidden, source, parent)
        )

    def _resolved(self, person: User, channel: Channel) -> Resolved:
        return Resolved(self._world, self._files, person, channel)

    @staticmethod
    def _command_data(command: Json, values: list[Json], resolved: Resolved) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": values}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": resolved.body} if resolved.body else {})

    @staticmethod
    def _named(known: list[Json], given: Mapping[str, object], resolved: Resolved, form: Form) -> dict[str, object]:
        """Turn people, channels, roles and files into ids."""
        types = {each["name"]: each["type"] for each in known}
        of_channels = {each["name"]: each.get("channel_types") or () for each in known}
        plain: dict[str, object] = {}
        for name, value in given.items():
            if types.get(name) == commands.FILE and isinstance(value, Upload):
                plain[name] = resolved.file(value)
            elif types.get(name) in resolve.OF_OPTION:
                plain[name] = resolved.named(value, resolve.OF_OPTION[types[name]], form, name, of_channels[name])
            else:
                plain[name] = value
        return plain

    def _check_slow(self, person: User, channel: Channel) -> None:
        own = (each.id for each in reversed(channel.messages.values()) if each.author_id == person.id)
        last = next(own, None)
        wait = created_at(last) + channel.slowmode - self._clock.now() if last is not None else 0.0
        if wait > 0:
            raise ApiError(SLOW_MODE, retry_after=wait)

    def _check_sees_message(self, person: User, message: MessageRecord) -> None:
        if message.deleted or message.ephemeral_to not in (None, person.id):
            raise ApiError(UNKNOWN_MESSAGE)
        rules.require_reading(self._world, person.id, self._world.channel(message.channel_id))
