"""What the sandbox's world is made of. Message bodies are kept in Discord's own JSON shape."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEXT, DM, VOICE, GROUP, ANNOUNCEMENT, STAGE, FORUM = 0, 1, 2, 3, 5, 13, 15  # channel types
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = {ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD}
PRIVATE = {DM, GROUP}
SPOKEN = {VOICE, STAGE}  # whose messages need CONNECT as well

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5  # interaction types

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15
HAS_THREAD = 1 << 5

IN_SERVER, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2  # contexts of interactions
BY_SERVER, BY_USER = 0, 1  # ways to install an application


@dataclass(slots=True)
class User:
    """A person or the bot, everywhere alike."""

    id: int
    name: str
    display: str
    bot: bool = False
    dms_open: bool = True
    locale: str = "en-US"
    installed: bool = False  # whether this person has installed the application for themselves


@dataclass(slots=True)
class Role:
    """A role of one server; `permissions` are bits, a higher `position` stands above a lower one."""

    id: int
    name: str
    permissions: int
    position: int = 0
    color: int = 0
    managed: bool = False
    bot_id: int | None = None


@dataclass(slots=True)
class Member:
    """A user in one server; times are in seconds of the epoch."""

    user_id: int
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    timeout_until: float | None = None


@dataclass(slots=True)
class Overwrite:
    """What a channel allows or denies to a role or member, in permission bits."""

    id: int
    kind: int  # 0 role, 1 member
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class AttachmentRecord:
    """A file of a message: Discord's attachment object, and the id under which `Files` keeps its bytes."""

    id: int
    data: Json


@dataclass(slots=True)
class RevisionRecord:
    """How a message stood from `at` on (seconds of the epoch), for its history."""

    at: float
    content: str
    attachments: list[str]
    flags: int


@dataclass(slots=True)
class MessageRecord:
    """`data` is the message as Discord would send it; the rest is what only the sandbox knows.

    `files` are all that belong to it. Discord lists those in `attachments` that neither an embed nor a component shows.
    """

    id: int
    channel_id: int
    author_id: int
    data: Json
    ephemeral_to: int | None = None
    interaction_id: int | None = None
    nonce: str | None = None
    urls_expire: float = 0.0
    reactions: dict[str, list[int]] = field(default_factory=dict)
    pinned_at: float | None = None
    revisions: list[RevisionRecord] = field(default_factory=list)
    deleted: bool = False
    abandoned: bool = False  # it still says "is thinking", and its token has died
    files: list[AttachmentRecord] = field(default_factory=list)
    in_embeds: set[int] = field(default_factory=set)  # ids of the files that they show by attachment://
    in_components: set[int] = field(default_factory=set)

    @property
    def flags(self) -> int:
        """Discord's message flags."""
        return int(self.data["flags"])

    @property
    def loading(self) -> bool:
        """Whether it is a deferral that has not been answered."""
        return bool(self.flags & LOADING)


@dataclass(slots=True)
class Thread:
    """What a channel has besides when it is a thread. Times are in seconds of the epoch."""

    created: float
    archived_at: float  # when it was last archived, unarchived or made
    auto_archive: int = 1440  # minutes without a message
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[int, float] = field(default_factory=dict)  # person → when they joined
    message_count: int = 0
    total_sent: int = 0


@dataclass(slots=True)
class Channel:
    """A channel, a thread, direct messages or a group; `kind` is Discord's channel type."""

    id: int
    kind: int
    name: str
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: tuple[int, ...] = ()  # of private channels; the bot is never named
    parent_id: int | None = None
    owner_id: int | None = None  # of threads and groups
    thread: Thread | None = None
    nsfw: bool = False
    slowmode: int = 0  # seconds between two messages of one person
    messages: dict[int, MessageRecord] = field(default_factory=dict)
    last_message_id: int | None = None
    last_pin: float | None = None


@dataclass(slots=True)
class Guild:
    """A server. `channels` and `threads` are kept apart, as in GUILD_CREATE."""

    id: int
    name: str
    owner_id: int
    boost_tier: int = 0
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    bot_installed: bool = True

    @property
    def file_limit(self) -> int:
        """Largest upload in bytes; boosts raise it."""
        return {2: 50, 3: 100}.get(self.boost_tier, 10) * 1024 * 1024


@dataclass(slots=True)
class InteractionRecord:
    """One thing a person did, and what became of it."""

    id: int
    kind: int
    token: str
    name: str
    person_id: int
    channel_id: int
    guild_id: int | None
    data: Json
    created: float
    context: int = IN_SERVER
    owners: dict[str, str] = field(default_factory=dict)  # kind of installation → server or person
    hidden: bool = False  # answers are ephemeral whatever they say, as without USE_EXTERNAL_APPS
    state: str = "pending"  # pending, answered, failed
    answer_type: int | None = None
    answered_at: float | None = None
    original_id: int | None = None  # the message that @original means
    source_id: int | None = None  # the message whose component was used
    parent: "InteractionRecord | None" = None  # the interaction that showed the modal which this one submits
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: int = 0
    dead: bool = False  # its token was expired by hand
