"""What a refusal of Discord's means for a message: whether to try again, in another way, or not at all.

One table for the poster and for the bot's first answer. What stands in no row is UNKNOWN and never final: Discord
answers 4xx in the middle of its own trouble, and pictures that were thrown away for one do not come back.

Sources: https://docs.discord.com/developers/topics/opcodes-and-status-codes and what Discord was seen to answer.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from .types import cause as causes
from .types.cause import Cause


class How(StrEnum):
    """The ways to a message.

    ANSWER is the bot's first answer to an interaction. TOKEN edits that, or adds to it, with the interaction's token.
    CHANNEL edits a message through its channel, CREATE makes one there, DM makes one for the owner alone.
    """

    ANSWER = "answer"
    TOKEN = "token"  # noqa: S105 - not a password
    CHANNEL = "channel"
    CREATE = "create"
    DM = "dm"


class Verdict(StrEnum):
    """What follows from a refusal."""

    PASSING = "passing"  # Discord has trouble: again with growing pauses, for as long as there is something to show
    UNKNOWN = "unknown"  # again for some minutes, then the next way
    NOT_THIS_WAY = "not this way"  # the next way at once
    FINAL = "final"  # no way into this channel: the last way, which is a direct message
    GONE = "gone"  # somebody deleted the message, so it is handed out nowhere else, if a look at it confirms that
    SMALLER = "smaller"  # the files are too large
    WORDS = "words"  # Discord objects to the words: again without them
    PICTURES = "pictures"  # Discord objects to the pictures themselves: they are handed out nowhere else


UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10003, 10008, 10015, 10062
UNKNOWN_PERSON = 10013
CONTENT_EXPLICIT = 20009
EDIT_CAP = 30046  # an old message has been edited too often lately
FILE_TOO_LARGE = 40005
NO_ACCESS, NO_PERMISSION, NOT_OURS = 50001, 50013, 50005
CLOSED_DMS, NO_MUTUAL_SERVER = 50007, 50278
BAD_INTERACTION_TOKEN = 50027
INVALID_FORM = 50035  # our own fault, so it goes to the log as an error
THREAD_ARCHIVED, THREAD_LOCKED = 50083, 160005
UNREADABLE_REPLY = 160002  # the bot may not read the message that it replies to
AUTOMOD_WORDS, HARMFUL_LINK = 200000, 240000

_PASSING = (
    20016,  # slow mode
    20022,  # edits in announcement channels
    20028,  # too much is written in the channel
    20029,  # likewise in the server
    EDIT_CAP,
    40003,  # direct messages are opened too fast
    40004,  # sending is switched off for the moment
    40006,  # likewise a feature
    40062,  # a service is overloaded
    40333,  # Cloudflare's block
    130000,  # Discord is overloaded
)
# Whatever the way.
_BY_CODE: Mapping[int, Verdict] = {
    **dict.fromkeys(_PASSING, Verdict.PASSING),
    UNKNOWN_CHANNEL: Verdict.FINAL,
    NO_ACCESS: Verdict.FINAL,
    NO_PERMISSION: Verdict.FINAL,
    THREAD_LOCKED: Verdict.FINAL,
    THREAD_ARCHIVED: Verdict.NOT_THIS_WAY,
    FILE_TOO_LARGE: Verdict.SMALLER,
    AUTOMOD_WORDS: Verdict.WORDS,
    HARMFUL_LINK: Verdict.WORDS,
    CONTENT_EXPLICIT: Verdict.PICTURES,
}
# Where the way makes a difference.
_BY_WAY: Mapping[tuple[How, int], Verdict] = {
    (How.TOKEN, BAD_INTERACTION_TOKEN): Verdict.NOT_THIS_WAY,
    (How.TOKEN, UNKNOWN_WEBHOOK): Verdict.NOT_THIS_WAY,
    (How.TOKEN, UNKNOWN_INTERACTION): Verdict.NOT_THIS_WAY,
    (How.TOKEN, UNKNOWN_MESSAGE): Verdict.GONE,
    (How.CHANNEL, UNKNOWN_MESSAGE): Verdict.GONE,
    (How.CHANNEL, NOT_OURS): Verdict.NOT_THIS_WAY,
    (How.CREATE, UNREADABLE_REPLY): Verdict.NOT_THIS_WAY,
    (How.CREATE, CLOSED_DMS): Verdict.FINAL,
    (How.CREATE, NO_MUTUAL_SERVER): Verdict.FINAL,
    (How.CREATE, THREAD_ARCHIVED): Verdict.FINAL,  # a new message would have reopened it, were it not locked as well
    (How.DM, CLOSED_DMS): Verdict.FINAL,
    (How.DM, NO_MUTUAL_SERVER): Verdict.FINAL,
    (How.DM, UNKNOWN_PERSON): Verdict.FINAL,
}
_BY_STATUS: Mapping[tuple[How, int], Verdict] = {
    (How.TOKEN, 401): Verdict.NOT_THIS_WAY,
    (How.TOKEN, 404): Verdict.NOT_THIS_WAY,  # a bare one is seen while token and message live
}


def judge(how: How, status: int, code: int, *, readable: bool = True, known: bool = True) -> Verdict:
    """What an answer of 400 or more means.

    Args:
        how: the way that was tried.
        status: of HTTP.
        code: Discord's own, 0 where it gave none.
        readable: the answer was a JSON object, so it may be Discord's; else something before it has answered.
        known: the message's id is known, so it was there once.
    """
    if status == 413:
        return Verdict.SMALLER
    if status >= 500 or status == 408 or not readable:
        return Verdict.PASSING
    if how is How.TOKEN and code == UNKNOWN_MESSAGE and not known:
        return Verdict.NOT_THIS_WAY  # the interaction never got its answer
    return _BY_WAY.get((how, code)) or _BY_CODE.get(code) or _BY_STATUS.get((how, status)) or Verdict.UNKNOWN


_CAUSES: Mapping[int, Callable[[], Cause]] = {
    UNKNOWN_CHANNEL: causes.channel_deleted,
    NO_ACCESS: causes.channel_hidden,
    NO_PERMISSION: causes.posting_forbidden,
    THREAD_LOCKED: causes.thread_locked,
    THREAD_ARCHIVED: causes.thread_locked,
    AUTOMOD_WORDS: causes.words_refused,
    HARMFUL_LINK: causes.link_refused,
    CONTENT_EXPLICIT: causes.pictures_refused,
    CLOSED_DMS: causes.messages_closed,
    NO_MUTUAL_SERVER: causes.messages_closed,
}


_EDGES = re.compile(r"^[\s.]+|[\s.]+$")


def cause_of(status: int, code: int, message: str = "") -> Cause:
    """Why Discord refused, for the person who asked; `message`: its own words, in English."""
    if code in _CAUSES:
        return _CAUSES[code]()
    said = _EDGES.sub("", message)  # of a full stop alone nothing is left to tell
    if said and status == 403:
        return causes.discord_says(said)
    return causes.discord_refused(code) if code else causes.discord_unclear(status)
