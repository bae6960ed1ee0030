"""Which of Redis's errors pass, and what is said of those that do not. Texts as servers from 6.0 on write them."""

import ssl

import pytest
from redis._parsers.base import BaseParser
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import InvalidResponse, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from worker.contract.redis_check.errors import CLUSTER, RedisRefusedError, raise_refused, refusal
from worker.redis_client import AWAY

PASSING = [
    "LOADING Redis is loading the dataset in memory",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY You can't write against a read only replica.",
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "NOREPLICAS Not enough good replicas to write.",
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "CLUSTERDOWN The cluster is down",
    "EXECABORT Transaction discarded because of previous errors.",
    "NOSCRIPT No matching script. Please use EVAL.",
    "ERR max number of clients reached",
    "WRONGTYPE Operation against a key holding the wrong kind of value",
    "ERR Error running script (call to f_1): @user_script:25: attempt to index a nil value",
    "ERR value is not an integer or out of range",
    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    "ERR something that nobody has seen yet",
]
UNASKED = (
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)
FOR_GOOD = [
    ("NOAUTH Authentication required.", "asks for a password"),
    ("NOAUTH HELLO must be called with the client already authenticated, otherwise", "asks for a password"),
    ("WRONGPASS invalid username-password pair or user is disabled.", "does not know this user with this password"),
    ("ERR invalid password", "does not know this user"),
    ("ERR wrong number of arguments for 'auth' command", "does not know this user"),
    ("ERR Client sent AUTH, but no password is set", "has a password but Redis has none set"),
    (UNASKED, "has none set"),
    ("NOPERM User easel has no permissions to run the 'zadd' command", "the command ZADD"),
    ("NOPERM this user has no permissions to run the 'config|get' command or its subcommand", "the command CONFIG|GET"),
    ("NOPERM No permissions to access a key", "needs: keys"),
    ("NOPERM this user has no permissions to access one of the keys used as arguments", "needs: keys"),
    ("NOPERM No permissions to access a channel", "needs: channels"),
    ("NOPERM this user has no permissions to access one of the channels used as arguments", "needs: channels"),
    ("ERR ACL failure in script: User u has no permissions to run the 'set' command script: on @user_script:1.", "SET"),
    ("ERR ACL failure in script: No permissions to access a key script: on @user_script:1.", "needs: keys"),
    ("ERR The user executing the script can't run this command or subcommand", "needs: the command"),
    ("ERR The user executing the script can't access at least one of the keys mentioned in the command", "keys"),
    ("ERR unknown command 'LMOVE', with args beginning with: 'a' 'b' ", "does not know the command LMOVE"),
    ("ERR unknown command `EVALSHA`, with args beginning with: ", "does not know the command EVALSHA"),
    ("ERR Unknown Redis command called from script script: f_1, on @user_script:1.", "does not know the command"),
    ("ERR Unknown command called from script script: on @user_script:1.", "does not know the command"),
    ("CROSSSLOT Keys in request don't hash to the same slot", CLUSTER),
    ("MOVED 866 10.0.0.7:6379", CLUSTER),
    ("ASK 866 10.0.0.7:6379", CLUSTER),
    ("ERR SELECT is not allowed in cluster mode", CLUSTER),
    ("ERR Script attempted to access a non local key in a cluster node", CLUSTER),
    ("ERR Script attempted to access keys that do not hash to the same slot script: on @user_script:1.", CLUSTER),
    ("ERR DB index is out of range", "names a database"),
]


def as_redis_py_raises(text: str) -> RedisError:
    error = BaseParser.parse_error(text)
    assert isinstance(error, RedisError)
    return error


@pytest.mark.parametrize("text", PASSING)
def test_what_passes_is_waited_for(text: str) -> None:
    error = as_redis_py_raises(text)
    assert refusal(error) == ""
    assert isinstance(error, AWAY)
    raise_refused(error)


@pytest.mark.parametrize(("text", "said"), FOR_GOOD)
def test_what_never_passes_is_refused_in_words(text: str, said: str) -> None:
    error = as_redis_py_raises(text)
    assert isinstance(error, AWAY)  # caught where an outage is, and told apart there
    with pytest.raises(RedisRefusedError) as caught:
        raise_refused(error)
    assert said in str(caught.value)
    assert not isinstance(caught.value, AWAY)


def test_silence_and_a_broken_line_pass() -> None:
    for error in (RedisConnectionError("Error 111 connecting"), RedisTimeoutError("Timeout reading"), RedisError("?")):
        assert refusal(error) == ""


def test_what_is_no_redis_is_refused() -> None:
    assert "is no Redis" in refusal(InvalidResponse("Protocol Error: b'HTTP/1.1 400 Bad Request'"))
    wrapped = RedisConnectionError("Error 1 connecting")
    wrapped.__cause__ = ssl.SSLError(1, "wrong version number")
    assert "is no Redis" in refusal(wrapped)
    wrapped.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    assert "certificate" in refusal(wrapped)
