"""What people name in options, selects and modals, described as interactions carry it in `resolved`."""

from collections.abc import Sequence

from deploy.sandbox import serialise
from deploy.sandbox.errors import TOO_LARGE, ApiError, Form
from deploy.sandbox.state.files import Files, Upload
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import Channel, Json, User
from deploy.sandbox.state.world import World
from deploy.sandbox.validate import commands
from deploy.sandbox.validate import components as parts

USERS, ROLES, CHANNELS = "users", "roles", "channels"
# Which things an option or a select of a type takes.
OF_OPTION = {commands.USER_OPTION: {USERS}, commands.CHANNEL: {CHANNELS}, commands.ROLE: {ROLES},
             commands.MENTIONABLE: {USERS, ROLES}}  # fmt: skip
OF_SELECT = {parts.USER_SELECT: {USERS}, parts.CHANNEL_SELECT: {CHANNELS}, parts.ROLE_SELECT: {ROLES},
             parts.MENTION_SELECT: {USERS, ROLES}}  # fmt: skip
PARTIAL = {"id", "name", "type", "last_message_id", "last_pin_timestamp", "nsfw", "parent_id", "guild_id", "flags",
           "rate_limit_per_user", "topic", "position", "thread_metadata"}  # fmt: skip


class Resolved:
    """Collects the things that one interaction names. `body` is its `resolved`."""

    def __init__(self, world: World, files: Files, person: User, channel: Channel) -> None:
        self.body: Json = {}
        self._world = world
        self._files = files
        self._person = person
        self._channel = channel

    def file(self, upload: Upload) -> str:
        """Keep a file that was handed over; returns its id. Refuses 40005 for one that is too large here."""
        if len(upload.content) > self._world.file_limit(self._channel):
            raise ApiError(TOO_LARGE)
        kept = self._files.keep(upload, self._channel.id, ephemeral=True)
        self._note("attachments", kept.id, kept.data)
        return str(kept.id)

    def named(self, value: object, kinds: set[str], form: Form, at: str, types: Sequence[int] = ()) -> str:
        """Describe a person, role or channel (if given, of these types) by its id; an unknown one goes into `form`."""
        text = str(value)
        number = snowflake(text) or 0
        if USERS in kinds and number in self._world.users:
            self.user(self._world.users[number])
        elif not (ROLES in kinds and self._role(number)) and not (CHANNELS in kinds and self._described(number)):
            form.add(at, "BASE_TYPE_CHOICES", f'Value "{text}" is none of the {" or ".join(sorted(kinds))} here.')
        elif types and self.body.get(CHANNELS, {}).get(text, {}).get("type") not in types:
            form.add(at, "CHANNEL_TYPE_INVALID", f"Only channels of these types can be picked: {list(types)}.")
        return text

    def user(self, user: User) -> None:
        """Describe a user, and in servers the member."""
        guild = self._world.guild_of(self._channel)
        self._note(USERS, user.id, serialise.user(user))
        if guild is not None and user.id in guild.members:
            member = serialise.member(guild.members[user.id], user)
            for key in ("user", "deaf", "mute"):
                del member[key]
            member["permissions"] = str(self._world.bits(user.id, self._channel))
            self._note("members", user.id, member)

    def _role(self, number: int) -> bool:
        guild = self._world.guild_of(self._channel)
        if guild is None or number not in guild.roles:
            return False
        self._note(ROLES, number, serialise.role(guild.roles[number]))
        return True

    def _described(self, number: int) -> bool:
        found = self._world.channels.get(number)
        if found is None or found.guild_id is None or found.guild_id != self._channel.guild_id:
            return False
        body = {key: value for key, value in serialise.channel(found, self._world).items() if key in PARTIAL}
        body["permissions"] = str(self._world.bits(self._person.id, found))
        body["app_permissions"] = str(self._world.app_bits(found, self._person.id))
        self._note(CHANNELS, number, body)
        return True

    def _note(self, kind: str, number: int, body: Json) -> None:
        self.body.setdefault(kind, {})[str(number)] = body
