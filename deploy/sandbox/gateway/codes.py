"""The gateway's numbers: opcodes, and the codes that a connection can end with."""

from enum import IntEnum


class Op(IntEnum):
    """Gateway opcodes, as Discord numbers them."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID = 9
    HELLO = 10
    ACK = 11
    SOUNDS = 31
    CHANNEL_INFO = 43


class Close(IntEnum):
    """Codes that a connection is closed with, as Discord numbers them."""

    DONE = 1000
    GOING_AWAY = 1001
    UNKNOWN = 4000
    UNKNOWN_OP = 4001
    NOT_DECODED = 4002
    NOT_IDENTIFIED = 4003
    BAD_TOKEN = 4004
    ALREADY_IDENTIFIED = 4005
    BAD_SEQ = 4007
    TOO_FAST = 4008
    TIMED_OUT = 4009
    BAD_SHARD = 4010
    MUST_SHARD = 4011
    BAD_VERSION = 4012
    BAD_INTENTS = 4013
    DENIED_INTENTS = 4014


REASONS: dict[int, str] = {
    Close.UNKNOWN: "Unknown error.",
    Close.UNKNOWN_OP: "Unknown opcode.",
    Close.NOT_DECODED: "Error while decoding payload.",
    Close.NOT_IDENTIFIED: "Not authenticated.",
    Close.BAD_TOKEN: "Authentication failed.",
    Close.ALREADY_IDENTIFIED: "Already authenticated.",
    Close.BAD_SEQ: "Invalid seq.",
    Close.TOO_FAST: "Rate limited.",
    Close.TIMED_OUT: "Session timed out.",
    Close.BAD_SHARD: "Invalid shard.",
    Close.MUST_SHARD: "Sharding required.",
    Close.BAD_VERSION: "Invalid API version.",
    Close.BAD_INTENTS: "Invalid intent(s).",
    Close.DENIED_INTENTS: "Disallowed intent(s).",
}

# Closing with one of these ends the session too. A client's own 1000 and 1001 do so as well.
SESSION_ENDING = frozenset(
    {
        Close.BAD_TOKEN, Close.BAD_SEQ, Close.TIMED_OUT, Close.BAD_SHARD, Close.MUST_SHARD, Close.BAD_VERSION,
        Close.BAD_INTENTS, Close.DENIED_INTENTS,
    }
)  # fmt: skip
CLIENT_LEAVING = frozenset({Close.DONE, Close.GOING_AWAY})


class CloseError(Exception):
    """The connection ends with this code. `reason` replaces the usual words."""

    def __init__(self, code: Close, reason: str | None = None) -> None:
        super().__init__(f"close code {int(code)}")
        self.code = code
        self.reason = reason
