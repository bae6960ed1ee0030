"""Every name in Redis. The Lua scripts get the same names through `scripts.py`."""

PREFIX = "easel:"

LINE = PREFIX + "line"  # zset: waiting jobs of older releases by order; the reaper moves them into the line below
FAIR = PREFIX + "fair:"  # the line: what lies behind this is told at the head of `lua/levels.lua`
WAITING = FAIR + "all"  # zset: waiting jobs by order (smaller first)
SEQUENCE = PREFIX + "sequence"  # counter behind that order
LEASES = PREFIX + "leases"  # zset: claimed jobs by the moment their lease runs out
OUTBOX = PREFIX + "outbox"  # zset: jobs whose message must change, by due time
COSMETIC = PREFIX + "outbox:cosmetic"  # zset: likewise, for edits that may be dropped
BELL = PREFIX + "bell"  # list: one token per waiting job, so that slots sleep in BLPOP
OUTBOX_BELL = PREFIX + "outbox:bell"  # list: wakes a poster
UNPOSTED = PREFIX + "unposted"  # hash: job → bytes of pictures not yet posted
REFUSED = PREFIX + "refused"  # zset: results that Discord refuses for now, by when it first did
WORKERS = PREFIX + "workers"  # hash: worker → its last heartbeat
MODELS = PREFIX + "models"  # zset: capability (a model, an upscaler, an operation) → when a worker last published it
SETTINGS = PREFIX + "settings"  # hash: the shared settings in force, and who wrote them when
CATALOGUE = PREFIX + "catalogue"  # hash: model → ModelInfo
UPSCALERS = PREFIX + "upscalers"  # hash: upscaler → UpscalerInfo; what a worker may have besides its catalogue
PACE = PREFIX + "pace"  # hash: model → milliseconds per unit of cost, a moving average
CHARGES = PREFIX + "charges"  # hash: what jobs take, by resource and size of a picture (`lua/charge.lua`)
TOKENS = PREFIX + "tokens"  # zset: jobs that hold an interaction's token, by when it dies
REAPER = (
    PREFIX + "reaper"
)  # hash: when the last reaper came by, until when leases are left alone, how long nobody reaped
CLOCK = PREFIX + "clock"  # hash: the last moment that a script saw, and what its time is ahead of Redis's clock
TEST_CLOCK = PREFIX + "test:clock"  # string: milliseconds by which a test sets Redis's clock; nobody else reads it
RATE_SLOT = PREFIX + "turn"  # string: when the next request with the bot's token may leave, of any poster
ANNOUNCER = PREFIX + "announcer"  # string: one poster at a time tells places
QUARANTINE = PREFIX + "quarantine"  # list: damaged records, for a person to look at
OPERATOR = PREFIX + "operator"  # hash: what whoever runs Easel set while it runs (`OperatorSettings`), and its version
WEIGHTS = PREFIX + "weights"  # hash: server, or `dm` for all direct messages → its weight in line; missing: 1
COUNTED = PREFIX + "counted"  # zset: sets of jobs that have not ended, by when the reaper last looked through them
ACTIVE = PREFIX + "active"  # set: servers with jobs that have not ended; all direct messages together are `dm`
CANCEL_CHANNEL = PREFIX + "cancel"  # pub/sub: job ids, a hint that a cancel waits

RQ_QUEUE = "easel"


def job(job_id: str) -> str:
    """Hash: the job's record."""
    return f"{PREFIX}job:{job_id}"


def event(event_id: str) -> str:
    """String: the job that an event became."""
    return f"{PREFIX}event:{event_id}"


def claimed(token: str) -> str:
    """String: what the claim with this token took, for a client that asks again."""
    return f"{PREFIX}claimed:{token}"


def person(owner: int) -> str:
    """Set: the jobs of a person that have not ended."""
    return f"{PREFIX}person:{owner}"


def server(server_id: str) -> str:
    """Set: the jobs of a server that have not ended."""
    return f"{PREFIX}server:{server_id}"


def member(server_id: str, owner: int) -> str:
    """Set: the jobs of a person in one server that have not ended."""
    return f"{PREFIX}member:{server_id}:{owner}"


def rate_member(server_id: str, owner: int) -> str:
    """String: as `rate_person`, of a person in one server."""
    return f"{PREFIX}rate:member:{server_id}:{owner}"


def usage(server_id: str, day: str) -> str:
    """Hash: what a server used on a day (`YYYYMMDD`, UTC): `pictures`, `ms`, and both with `:<person>`; `wait:<n>`."""
    return f"{PREFIX}usage:{server_id}:{day}"


def server_settings(server_id: int) -> str:
    """Hash: `version` (the number of the last change), `doc` (`ServerSettings`), `left` (ms, since the bot is away).

    `untold` (`<channel>:<ms>`): the channel that should hear of changes could not be told since then.
    """
    return f"{PREFIX}server-settings:{server_id}"


def server_changes(server_id: int) -> str:
    """List: the audit of a server's settings, a `Change` each, newest last."""
    return f"{PREFIX}server-changes:{server_id}"


def server_hints(server_id: int) -> str:
    """Set: people who may manage a server and were told once that its settings are theirs; expires unused."""
    return f"{PREFIX}server-hints:{server_id}"


def rate_person(owner: int) -> str:
    """String: when the bucket of a person's starts will be empty, in milliseconds; gone when it is."""
    return f"{PREFIX}rate:person:{owner}"


def rate_server(server_id: str) -> str:
    """String: likewise of a server."""
    return f"{PREFIX}rate:server:{server_id}"


def favourites(owner: int) -> str:
    """Zset: the results that a person keeps (`Kept`), by when, in seconds."""
    return f"{PREFIX}favourites:{owner}"


def tell(owner: int) -> str:
    """String: whether a person is told of all that ends late (`1`), or of nothing unasked (`0`); it never expires."""
    return f"{PREFIX}tell:{owner}"


def ended(owner: int) -> str:
    """Zset: a person's failed and cancelled jobs that still have a record, by when they came to rest."""
    return f"{PREFIX}ended:{owner}"


def message(message_id: int) -> str:
    """String: the job that a message of Easel's shows."""
    return f"{PREFIX}message:{message_id}"


def picture(job_id: str, attempt: int, index: int) -> str:
    """String: the bytes of one picture of one attempt."""
    return f"{PREFIX}picture:{job_id}:{attempt}:{index}"


def preview(job_id: str) -> str:
    """String: the newest preview of a running job (JPEG)."""
    return f"{PREFIX}preview:{job_id}"


def attempt(job_id: str, number: int) -> str:
    """RQ's id for one try at a job."""
    return f"{job_id}-{number}"
