"""Where a job's message is or goes. Never part of a recipe; tokens are dropped once posted."""

from worker.contract.discord_limits import FILE_MAX

from .versioned import VersionedModel


class Destination(VersionedModel):
    """The message that a job owns, and every way to reach it.

    An interaction's reply has `application`, `token` and, once Discord has answered, `message`. A result that was
    asked for by a reaction has only a channel and the message it replies to; the poster creates its message.

    Attributes:
        channel: where the message is or goes.
        server: id of the server; None in a direct message.
        application: of the interaction, if there was one.
        token: of the interaction; dies 15 minutes after it, or earlier.
        message: id of the message, once known.
        reply_to: id of the message that a new one answers.
        ephemeral: only the owner sees the reply, so it can't be reached through its channel.
        installed: the bot is a member there, so the channel can be used with the bot's own token.
        upload_limit: bytes that a file may have there, as the interaction said.
    """

    channel: int
    server: int | None = None
    application: int | None = None
    token: str | None = None
    message: int | None = None
    reply_to: int | None = None
    ephemeral: bool = False
    installed: bool = True
    upload_limit: int = FILE_MAX  # always written, so no stored text relies on Discord's limit of today

    @property
    def shared(self) -> bool:
        """Others may see the message, and the bot's own token leads to it."""
        return self.installed and not self.ephemeral

    def __repr__(self) -> str:
        return f"Destination(channel={self.channel}, message={self.message})"

    __str__ = __repr__
