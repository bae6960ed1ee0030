"""What Redis refuses for good, in words that say what to do. All else that it raises passes, sooner or later."""

import re
import ssl
from collections.abc import Iterator

from redis.exceptions import (
    AskError,
    AuthenticationError,
    AuthenticationWrongNumberOfArgsError,
    ClusterCrossSlotError,
    InvalidResponse,
    MovedError,
    NoPermissionError,
    RedisError,
    ResponseError,
)

CLUSTER = (
    "EASEL_REDIS_URL names a Redis Cluster, which spreads keys over machines; Easel changes several in one step and "
    "needs them in one place. Give it a Redis or Valkey without cluster mode"
)
PERCENT = (
    "characters with a meaning of their own in an address, such as @ / # ? : and %, must be percent-encoded in user "
    "and password: %40 %2F %23 %3F %3A %25"
)
_ASKED = (
    "Redis asks for a password and EASEL_REDIS_URL has none that it took notice of. Write it as "
    "redis://user:password@host:6379/0, without the user where there is none"
)
_UNASKED = (
    "EASEL_REDIS_URL has a password but Redis has none set. Leave it out, or set one in Redis (requirepass, or an ACL)"
)
_WRONG = f"Redis does not know this user with this password. Look at both in EASEL_REDIS_URL; {PERCENT}"
RIGHTS = (
    "Redis does not allow its user what Easel needs: {what}. Give the user in EASEL_REDIS_URL the rights that "
    "docs/operate.md lists for each process"
)
_UNKNOWN = (
    "Redis does not know the command {what}: it is too old (Easel needs Redis 6.2 or newer, or Valkey), or its "
    "configuration has renamed or disabled it"
)
_DATABASE = "EASEL_REDIS_URL names a database (the number at its end) that this Redis does not have; most have 0 to 15"
_NO_REDIS = "what answers at EASEL_REDIS_URL is no Redis: look at host and port, and write rediss:// where it wants TLS"
_CERTIFICATE = (
    "the certificate of the Redis at EASEL_REDIS_URL is not trusted here ({what}). Add its authority to this system, "
    "or name it: rediss://…?ssl_ca_certs=/path/to/ca.pem"
)

_UNKNOWN_COMMAND = re.compile(r"unknown (?:sub)?command[ ,]*[`'\"]([\w|]*)", re.IGNORECASE)
_FROM_SCRIPT = re.compile(r"unknown (?:redis |valkey )?command called from", re.IGNORECASE)
_COMMAND = re.compile(r"the '([\w|]+)' command")
# How Redis 6.2 says it of a script, and newer ones; a right that is missing outside of a script has a class of its own.
_SCRIPT_DENIED = re.compile(r"acl failure in script|the user executing the script can't", re.IGNORECASE)


class RedisRefusedError(RedisError):
    """Redis refuses Easel something for good; no waiting cures it. The message says what to do, and holds no secret."""


def refusal(error: BaseException) -> str:
    """What to do about an error of Redis that does not pass; empty when it may well be over in a moment."""
    for each in _chain(error):
        if words := _words(each):
            return words
    return ""


def raise_refused(error: RedisError) -> None:
    """Raise RedisRefusedError in place of an error that does not pass; do nothing about one that may."""
    if words := refusal(error):
        raise RedisRefusedError(words) from error


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that led to it: redis-py wraps what a socket raised."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _words(error: BaseException) -> str:  # noqa: PLR0911 - one case an error, each one sentence
    text = str(error)
    match error:
        case RedisRefusedError():
            return text
        case AuthenticationWrongNumberOfArgsError():
            return _WRONG
        case AuthenticationError():
            return _authentication(text)
        case NoPermissionError():
            return RIGHTS.format(what=denied(text))
        case ClusterCrossSlotError() | MovedError() | AskError():
            return CLUSTER
        case InvalidResponse():
            return _NO_REDIS
        case ssl.SSLCertVerificationError():
            return _CERTIFICATE.format(what=getattr(error, "verify_message", "") or "unknown")
        case ssl.SSLError():
            return _NO_REDIS
        case ResponseError():
            return _response(text)
    return ""


def _authentication(text: str) -> str:
    if "required" in text.lower() or "already authenticated" in text:
        return _ASKED
    if "without any password" in text or "no password is set" in text:
        return _UNASKED
    return _WRONG


def _response(text: str) -> str:
    lower = text.lower()
    if _SCRIPT_DENIED.search(text):
        return RIGHTS.format(what=denied(text))
    if found := _UNKNOWN_COMMAND.search(text):
        return _UNKNOWN.format(what=found[1].upper() or "that it was sent")
    if _FROM_SCRIPT.search(text):
        return _UNKNOWN.format(what="that a script calls")
    if (
        ("cross" in lower and "slot" in lower)
        or "do not hash to the same slot" in lower
        or "cluster mode" in lower
        or "non local key" in lower
    ):
        return CLUSTER
    if "db index is out of range" in lower or "invalid db index" in lower:
        return _DATABASE
    return ""


def denied(text: str, tried: str = "a command") -> str:
    """What a user may not do, of Redis's words: a command (`tried` where they do not name it), keys or channels."""
    if "channel" in text:
        return "channels"
    if re.search(r"\bkeys?\b", text):
        return "keys"
    found = _COMMAND.search(text)
    return f"the command {(found[1] if found else tried).upper()}"


def is_denied(error: RedisError) -> bool:
    """Does a user lack a right? One that cannot log in at all lacks more."""
    return isinstance(error, NoPermissionError) or bool(_SCRIPT_DENIED.search(str(error)))


def unknown(error: RedisError) -> bool:
    """Did a script call a command that Redis does not know? It may not say which."""
    return bool(_FROM_SCRIPT.search(str(error)))


def unknown_command(name: str) -> str:
    """What to do about a command that Redis does not know."""
    return _UNKNOWN.format(what=name)
