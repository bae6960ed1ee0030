"""What people do: commands, buttons, reactions, messages. Discord's own client would check them the same way."""

from collections.abc import Mapping, Sequence

from . import wire
from .announce import Announcer
from .clock import Clock
from .errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_COMMAND,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    ApiError,
    Form,
    bad_field,
)
from .files import Files, Upload
from .ids import Snowflakes
from .interactions import Act, Interactions
from .messages import Messages, Sending
from .model import AUTOCOMPLETE, COMMAND, COMPONENT, DM, MODAL, Channel, Interaction, Json, Message, User
from .permissions import Permission
from .validate import commands, components, messages, modals, options
from .world import World


class Acts:
    def __init__(
        self, world: World, clock: Clock, ids: Snowflakes, files: Files, posts: Messages,
        interactions: Interactions, announce: Announcer,
    ) -> None:  # fmt: skip
        self._world = world
        self._clock = clock
        self._ids = ids
        self._files = files
        self._posts = posts
        self._interactions = interactions
        self._announce = announce

    def dm_channel(self, person: User) -> Channel:
        """The direct messages between this person and the bot; opened when there are none yet."""
        found = self._world.dm_with(person.id)
        if found is None:
            found = Channel(self._ids.next(), DM, person.display, recipients=(person.id,))
            self._world.channels[found.id] = found
            self._announce.world_changed()  # Discord tells bots nothing: they learn of it by its messages
        return found

    def slash(self, person: User, channel: Channel, words: Sequence[str], given: Mapping[str, object]) -> Interaction:
        """Send a slash command. Refuses what Discord's client would not let somebody send (50035, 50013)."""
        command = self._command(person, channel, words[0], commands.CHAT)
        path, known = options.descend(command, list(words[1:]))
        form = Form()
        resolved: Json = {}
        plain = {name: self._resolve(known, name, value, channel, resolved) for name, value in given.items()}
        values = options.check(known, plain, form)
        form.check()
        data = self._command_data(command, options.nest(path, values))
        if resolved:
            data["resolved"] = resolved
        return self._interactions.create(Act(COMMAND, person.id, channel, " ".join(words), data))

    def autocomplete(
        self,
        person: User,
        channel: Channel,
        words: Sequence[str],
        focused: str,
        typed: object,
        given: Mapping[str, object],
    ) -> Interaction:
        command = self._command(person, channel, words[0], commands.CHAT)
        path, known = options.descend(command, list(words[1:]))
        option = next((each for each in known if each["name"] == focused and each.get("autocomplete")), None)
        if option is None:
            raise bad_field("focused", "UNKNOWN_OPTION", f"The command has no option {focused} that completes itself.")
        values = options.check(known, {**given, focused: typed}, Form(), partial=True)
        for value in values:
            if value["name"] == focused:
                value["focused"] = True
        data = self._command_data(command, options.nest(path, values))
        return self._interactions.create(Act(AUTOCOMPLETE, person.id, channel, " ".join(words), data))

    def context_menu(self, person: User, channel: Channel, name: str, target: Message | User) -> Interaction:
        kind = commands.MESSAGE if isinstance(target, Message) else commands.USER
        data = self._command_data(self._command(person, channel, name, kind), [])
        del data["options"]
        data["target_id"] = str(target.id)
        if isinstance(target, Message):
            self._check_sees_message(person, target)
            data["resolved"] = {"messages": {str(target.id): self._posts.data(target)}}
        else:
            data["resolved"] = self._resolved_user(target, channel)
        return self._interactions.create(Act(COMMAND, person.id, channel, name, data))

    def use_component(self, person: User, message: Message, custom_id: str, values: Sequence[str] = ()) -> Interaction:
        """Press a button, or pick from a select."""
        self._check_sees_message(person, message)
        found = components.find(message.data["components"], custom_id)
        if found is None:
            raise bad_field("custom_id", "UNKNOWN_COMPONENT", f"The message has no component {custom_id}.")
        if found.get("disabled"):
            raise bad_field("custom_id", "COMPONENT_DISABLED", "This component is disabled.")
        data: Json = {"component_type": found["type"], "custom_id": custom_id, "id": found.get("id", 0)}
        channel = self._world.channel(message.channel_id)
        if found["type"] in components.SELECTS:
            data["values"] = self._picked(found, values)
            if found["type"] in (components.USER_SELECT, components.MENTION_SELECT):
                data["resolved"] = self._resolved_user(self._world.user(int(values[0])), channel) if values else {}
        return self._interactions.create(Act(COMPONENT, person.id, channel, custom_id, data, message))

    def submit_modal(self, person: User, opened: Interaction, fields: Mapping[str, object]) -> Interaction:
        if opened.modal is None or opened.person_id != person.id:
            raise ApiError(UNKNOWN_INTERACTION)
        filled = modals.answer(opened.modal, dict(fields), Form())
        modal_id = str(opened.modal["custom_id"])
        data: Json = {"custom_id": modal_id, "components": filled}
        source = self._world.messages.get(opened.source_id or 0)
        channel = self._world.channel(opened.channel_id)
        act = Act(MODAL, person.id, channel, modal_id, data, source, parent=opened)
        return self._interactions.create(act)

    def say(
        self, person: User, channel: Channel, content: str, uploads: dict[int, Upload], reply_to: Message | None
    ) -> Message:
        needed = Permission.SEND_MESSAGES | (Permission.ATTACH_FILES if uploads else Permission.SEND_MESSAGES)
        self._check(person, channel, needed)
        draft = messages.check({"content": content}, uploads, file_limit=10 * 1024 * 1024)
        return self._posts.send(channel, draft, Sending(person.id, reply_to=reply_to))

    def react(self, person: User, message: Message, emoji: str) -> None:
        if message.ephemeral_to is not None:
            raise ApiError(UNKNOWN_MESSAGE)
        channel = self._world.channel(message.channel_id)
        new = emoji not in message.reactions
        self._check(person, channel, Permission.ADD_REACTIONS if new else Permission.READ_MESSAGE_HISTORY)
        self._posts.react(message, person.id, emoji)

    def unreact(self, person: User, message: Message, emoji: str) -> None:
        self._posts.unreact(message, person.id, emoji)

    def delete(self, person: User, message: Message) -> None:
        """Delete one's own message, or as a moderator anybody's; ephemeral ones are dismissed."""
        own = person.id in (message.author_id, message.ephemeral_to)
        if not own:
            self._check(person, self._world.channel(message.channel_id), Permission.MANAGE_MESSAGES)
        self._posts.delete(message)

    def usable(self, person: User, channel: Channel) -> list[Json]:
        """The commands that this person is offered in this channel."""
        shown = []
        for command in self._world.commands.values():
            try:
                found = self._command(person, channel, command["name"], command["type"])
            except ApiError:
                continue
            if found is command:
                shown.append(command)
        return shown

    def _command(self, person: User, channel: Channel, name: str, kind: int) -> Json:
        self._check(person, channel, Permission.USE_APPLICATION_COMMANDS)
        command = self._world.command_named(name, kind, channel.guild_id)
        guild = self._world.guild_of(channel)
        if command is None or (guild is not None and not guild.bot_installed):
            raise ApiError(UNKNOWN_COMMAND)
        contexts = command.get("contexts")
        place = 1 if guild is None else 0
        if (contexts is not None and place not in contexts) or (
            guild is None and command.get("dm_permission") is False
        ):
            raise ApiError(UNKNOWN_COMMAND)
        needed = command.get("default_member_permissions")
        if guild is not None and needed is not None:
            bits = self._world.bits(person.id, channel)
            missing = int(needed) & ~bits if int(needed) else not bits & Permission.ADMINISTRATOR
            if missing:
                raise ApiError(MISSING_PERMISSIONS)
        return command

    def _command_data(self, command: Json, values: list[Json]) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": values}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    def _resolve(self, known: list[Json], name: str, value: object, channel: Channel, resolved: Json) -> object:
        """Turn people, channels, roles and files into ids, and describe them in `resolved`."""
        kind = next((each["type"] for each in known if each["name"] == name), None)
        if kind == commands.FILE and isinstance(value, Upload):
            kept = self._files.keep(value, channel.id, ephemeral=True)
            resolved.setdefault("attachments", {})[str(kept.id)] = kept.data
            return str(kept.id)
        if kind in (commands.USER_OPTION, commands.MENTIONABLE) and str(value).isdigit():
            for key, found in self._resolved_user(self._world.user(int(str(value))), channel).items():
                resolved.setdefault(key, {}).update(found)
        elif kind == commands.CHANNEL and str(value).isdigit():
            found = wire.channel(self._world.channel(int(str(value))), self._world)
            resolved.setdefault("channels", {})[found["id"]] = {
                **found,
                "permissions": str(self._world.app_bits(channel)),
            }
        elif kind == commands.ROLE and str(value).isdigit():
            guild = self._world.guild_of(channel)
            if guild is not None and int(str(value)) in guild.roles:
                resolved.setdefault("roles", {})[str(value)] = wire.role(guild.roles[int(str(value))])
        return value

    def _resolved_user(self, user: User, channel: Channel) -> Json:
        guild, key = self._world.guild_of(channel), str(user.id)
        body: Json = {"users": {key: wire.user(user)}}
        if guild is not None and user.id in guild.members:
            member = wire.member(guild.members[user.id], user)
            del member["user"]
            member["permissions"] = str(self._world.bits(user.id, channel))
            body["members"] = {key: member}
        return body

    def _picked(self, select: Json, values: Sequence[str]) -> list[str]:
        form = Form()
        form.items("values", list(values), select.get("min_values", 1), select.get("max_values", 1))
        known = {each["value"] for each in select.get("options", ())}
        for value in values:
            if select["type"] == components.SELECT and value not in known:
                form.add("values", "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(sorted(known))}}}.")
        form.check()
        return list(values)

    def _check(self, person: User, channel: Channel, needed: int) -> None:
        bits = self._world.bits(person.id, channel)
        if not bits & Permission.VIEW_CHANNEL:
            raise ApiError(MISSING_ACCESS)
        if bits & needed != needed:
            raise ApiError(MISSING_PERMISSIONS)

    def _check_sees_message(self, person: User, message: Message) -> None:
        if message.deleted or message.ephemeral_to not in (None, person.id):
            raise ApiError(UNKNOWN_MESSAGE)
        self._check(person, self._world.channel(message.channel_id), Permission.VIEW_CHANNEL)
