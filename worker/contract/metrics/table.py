"""Every metric of bot and workers. The engine's own are in `worker/engine/service/metrics.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worker.contract.message.verbs import Verb
from worker.contract.types.job import Reason

# What a label may hold besides a closed set of words.
CATALOGUE = "ids of models and upscalers"
CODE = "names of classes and fields in this code"
Values = frozenset[str] | str

LOST = "easel_worker_metrics_lost_total"

FAST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)  # Discord gives up on a first answer after 3 s
CALL = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LONG = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)


class MetricKind(StrEnum):
    """As Prometheus calls them."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Metric:
    """One of them.

    Attributes:
        help: what it tells.
        labels: label → the values that it may have; every other one becomes `other`.
        buckets: upper bounds, of a histogram; seconds.
    """

    name: str
    kind: MetricKind
    help: str
    labels: Mapping[str, Values] = field(default_factory=dict)
    buckets: tuple[float, ...] = ()


STATUS = frozenset({"2xx", "3xx", "4xx", "5xx", "401", "403", "404", "429", "none"})
_MODEL = {"model": CATALOGUE}
_PARTS = frozenset({"engine", "slot", "slots", "poster", "worker"})  # the last: of one card, below `--gpus`
_OUTCOMES = frozenset({"rendered", "lost", "given up", "failed", "handed back", "unwanted", "cancelled"})

BOT = (
    Metric("easel_bot_answers_total", MetricKind.COUNTER, "First answers to interactions.",
           {"kind": frozenset({"message", "deferred", "update", "form"})}),
    Metric("easel_bot_answer_seconds", MetricKind.HISTOGRAM, "From hearing an interaction to its first answer.",
           {}, FAST),
    Metric("easel_bot_admissions_total", MetricKind.COUNTER, "Requests that joined the line, by what asked.",
           {"verb": frozenset({"imagine", *Verb})}),
    Metric("easel_bot_refusals_total", MetricKind.COUNTER, "What people were refused, by why.", {"reason": CODE}),
    Metric("easel_bot_discord_requests_total", MetricKind.COUNTER, "Requests to Discord's HTTP API.",
           {"status": STATUS}),
    Metric("easel_bot_gateway_latency_seconds", MetricKind.GAUGE,
           "Between a heartbeat and its answer, the slowest shard."),
    Metric("easel_bot_shards_connected", MetricKind.GAUGE, "Shards with an open gateway."),
    Metric("easel_bot_reaped_total", MetricKind.COUNTER, "Jobs that this bot's reaper moved."),
    Metric("easel_bot_redis_up", MetricKind.GAUGE, "1 when Redis did what it was asked last."),
    Metric("easel_waiting_jobs", MetricKind.GAUGE, "Jobs that wait, by model.", _MODEL),
    Metric("easel_waiting_oldest_seconds", MetricKind.GAUGE, "How long the oldest of them waits, by model.", _MODEL),
    Metric("easel_running_jobs", MetricKind.GAUGE, "Jobs that are drawn."),
    Metric("easel_outbox_messages", MetricKind.GAUGE, "Messages that must change and do not yet."),
    Metric("easel_outbox_late_seconds", MetricKind.GAUGE, "For how long the first of them is due."),
    Metric("easel_unposted_bytes", MetricKind.GAUGE, "Pictures in Redis that are not posted."),
    Metric("easel_quarantined_records", MetricKind.GAUGE, "Damaged records, for a person to look at."),
    Metric("easel_workers_alive", MetricKind.GAUGE, "Workers with a heartbeat in the last lease."),
    Metric("easel_redis_memory_bytes", MetricKind.GAUGE, "Memory that Redis uses, and its limit; 0: none.",
           {"kind": frozenset({"used", "max"})}),
)  # fmt: skip

WORKER = (
    Metric(LOST, MetricKind.COUNTER, "Changes of metrics that were lost because the supervisor was behind."),
    Metric("easel_worker_restarts_total", MetricKind.COUNTER, "Parts that ended by themselves.", {"part": _PARTS}),
    Metric("easel_worker_memory_bytes", MetricKind.GAUGE, "Resident memory.", {"part": _PARTS | {"supervisor"}}),
    Metric("easel_worker_reaped_total", MetricKind.COUNTER, "Jobs that this worker's reaper moved."),
    Metric("easel_worker_redis_up", MetricKind.GAUGE, "1 when Redis did what it was asked last."),
    Metric("easel_worker_engine_up", MetricKind.GAUGE, "1 when the engine answers."),
    Metric("easel_slot_attempts_total", MetricKind.COUNTER, "Attempts by how they ended.", {"outcome": _OUTCOMES}),
    Metric("easel_slot_failures_total", MetricKind.COUNTER, "Attempts without pictures, by why.",
           {"reason": frozenset(Reason)}),
    Metric("easel_slot_wait_seconds", MetricKind.HISTOGRAM, "From a request to its attempt.", _MODEL, LONG),
    Metric("easel_slot_attempt_seconds", MetricKind.HISTOGRAM, "Attempts that drew, from claim to stored pictures.",
           _MODEL, LONG),
    Metric("easel_poster_posts_total", MetricKind.COUNTER, "Messages that the poster worked on, by how that ended.",
           {"outcome": frozenset({"posted", "shown", "put off", "dropped", "lost", "failed"})}),
    Metric("easel_poster_post_seconds", MetricKind.HISTOGRAM, "From rendered to posted.", {}, CALL),
    Metric("easel_poster_discord_requests_total", MetricKind.COUNTER, "Requests to Discord's HTTP API.",
           {"status": STATUS}),
    Metric("easel_poster_discord_seconds", MetricKind.HISTOGRAM, "What they took, uploads included.", {}, CALL),
    Metric("easel_poster_limited_total", MetricKind.COUNTER, "Answers 429, by whose limit it was.",
           {"scope": frozenset({"user", "global", "shared", "cloudflare"})}),
    Metric("easel_poster_invalid_requests", MetricKind.GAUGE,
           "Answers 401, 403 and 429 of the last ten minutes, up to 1,000; Discord bans an address at 10,000."),
)  # fmt: skip

# What the process that looks after several cards' workers tells: of its poster, and of who ended.
HOST = tuple(
    each
    for each in WORKER
    if each.name in {LOST, "easel_worker_restarts_total", "easel_worker_memory_bytes"}
    or each.name.startswith("easel_poster_")
)


def status(code: int) -> str:
    """The value of a `status` label: the code where it says something, else its hundred; 0: no answer."""
    if not code:
        return "none"
    return str(code) if str(code) in STATUS else f"{code // 100}xx"
