"""The world that the sandbox starts with: three servers and six people, with the same ids every time."""

from deploy.sandbox.permissions import Permission

from .ids import fixed
from .model import ANNOUNCEMENT, FORUM, STAGE, TEXT, VOICE, Channel, Guild, Member, Overwrite, Role, User
from .world import World

APP_ID = fixed(1)

EVERYONE = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.CONNECT
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CHANGE_NICKNAME
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
MODERATOR = int(
    Permission.MANAGE_MESSAGES
    | Permission.MANAGE_THREADS
    | Permission.KICK_MEMBERS
    | Permission.MODERATE_MEMBERS
    | Permission.PIN_MESSAGES
)
BOT = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
)

# Ada, Max and Dua have the same part everywhere; each server has another owner.
PEOPLE = (
    (11, "ada", "Ada", True),
    (12, "max", "Max", True),
    (13, "bea", "Bea", True),
    (14, "cem", "Cem", True),
    (15, "dua", "Dua", True),
    (16, "eli", "Eli", False),  # takes no direct messages
)
# Numbers a hundred and one apart, so that servers spread over shards.
SERVERS = ((100, "Studio", 11, 0), (201, "Atelier", 13, 1), (302, "Night Lab", 14, 2))


def build() -> World:
    """A new world."""
    world = World(APP_ID, User(APP_ID, "easel", "Easel", bot=True))
    for number, name, display, dms_open in PEOPLE:
        world.users[fixed(number)] = User(fixed(number), name, display, dms_open=dms_open)
    for number, name, owner, tier in SERVERS:
        add_guild(world, number, name, fixed(owner), tier)
    return world


def add_guild(world: World, number: int, name: str, owner_id: int, tier: int = 0) -> Guild:
    """A server with the usual roles and channels; its ids follow from `number`."""
    guild = Guild(fixed(number), name, owner_id, boost_tier=tier)
    admin, moderator, bot, booster = (fixed(number + offset) for offset in (1, 2, 3, 4))
    guild.roles = {
        guild.id: Role(guild.id, "@everyone", EVERYONE),
        bot: Role(bot, world.bot.display, BOT, 1, managed=True, bot_id=world.bot.id),
        booster: Role(booster, "Booster", EVERYONE, 2, color=0xF47FFF),
        moderator: Role(moderator, "Moderator", EVERYONE | MODERATOR, 3, color=0x3BA55D),
        admin: Role(admin, "Admin", EVERYONE | int(Permission.ADMINISTRATOR), 4, color=0xE67E22),
    }
    for person in world.people:
        guild.members[person.id] = Member(person.id)
    guild.members[world.bot.id] = Member(world.bot.id, [bot])
    guild.members[fixed(11)].roles.append(admin)
    guild.members[fixed(12)].roles.append(moderator)
    guild.members[fixed(15)].roles.append(booster)
    _add_channels(guild, number, admin, bot)
    world.guilds[guild.id] = guild
    world.channels.update(guild.channels)
    return guild


def _add_channels(guild: Guild, number: int, admin: int, bot: int) -> None:
    view, send, attach = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.ATTACH_FILES
    rooms: tuple[tuple[int, str, str | None, tuple[Overwrite, ...]], ...] = (
        (TEXT, "general", "Whatever comes to mind", ()),
        (TEXT, "gallery", "Pictures, made here", ()),
        (TEXT, "admins", "Admins only; the bot does not see it", (
            Overwrite(guild.id, 0, deny=int(view)), Overwrite(admin, 0, allow=int(view)))),
        (TEXT, "no-files", "The bot may not attach files here", (Overwrite(bot, 0, deny=int(attach)),)),
        (TEXT, "announcements", "Only admins write here", (
            Overwrite(guild.id, 0, deny=int(send)), Overwrite(admin, 0, allow=int(send)))),
        (ANNOUNCEMENT, "news", "What others may follow", ()),
        (FORUM, "showcase", "A post for each work", ()),
        (VOICE, "lounge", None, ()),
        (STAGE, "stage", "Talks", ()),
    )  # fmt: skip
    for position, (kind, name, topic, overwrites) in enumerate(rooms):
        channel = Channel(fixed(number + 10 + position), kind, name, guild.id, position, topic)
        channel.overwrites = {each.id: each for each in overwrites}
        guild.channels[channel.id] = channel
