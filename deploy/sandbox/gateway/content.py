"""What of a message stays hidden from a session without the message-content intent."""

from deploy.sandbox.state.model import Json

HIDDEN: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def readable(message: Json, bot_id: str) -> bool:
    """Its own messages and those that mention it an app may always read."""
    return message["author"]["id"] == bot_id or any(each["id"] == bot_id for each in message["mentions"])


def without_content(message: Json, bot_id: str) -> Json:
    """A server's message as that session gets it: the very same object when nothing is hidden."""
    answered = message.get("referenced_message")
    if answered is not None and (shown := without_content(answered, bot_id)) is not answered:
        message = {**message, "referenced_message": shown}
    return message if readable(message, bot_id) else {**message, **HIDDEN}
