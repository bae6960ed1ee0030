"""The executor's counters as Prometheus text."""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from .executor import Executor

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OUTCOMES = ("done", "failed", "cancelled", "stalled")
_ROWS = (1, 2, 4, 8, 16, 32, 64)


def text(executor: Executor) -> str:
    """Every metric with its help, in the text exposition format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Engine(executor))
    return generate_latest(registry).decode()


class _Engine(Collector):
    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def collect(self) -> Iterator[Metric]:
        """What the executor knows now."""
        executor, health = self._executor, self._executor.health()
        counts = executor.counts
        yield _counter("renders", "Renders by outcome.", {each: counts[each] for each in OUTCOMES}, "outcome")
        yield _counter("pictures", "Pictures drawn.", {"": counts["pictures"]})
        redrawn = "Pictures that came out blank and were drawn once more, with the next seed."
        yield _counter("redrawn", redrawn, {"": counts["redrawn"]})
        seconds = {phase: round(spent, 4) for phase, spent in sorted(executor.seconds.copy().items())}
        yield _counter("phase_seconds", "Seconds of finished renders by phase.", seconds, "phase")
        yield _counter("steps", "Steps done, of renders that have ended.", {"": counts["steps"]})
        busy = "Seconds in which the thread of the device was at work; the rest it was idle."
        yield _counter("busy_seconds", busy, {"": round(executor.busy.seconds, 3)})
        yield _rows(executor.rows.copy())
        yield _gauge("running", "Renders running now.", {"": health.running})
        yield _gauge("places", "Renders that would be accepted now.", {"": health.places})
        yield _gauge("ready", "1 when the engine can draw.", {"": int(health.state == "ready")})
        yield _gauge("memory_bytes", "Memory.", health.memory, "kind")
        yield _gauge("resting", "1 for a model that takes a rest after failures in a row.", executor.resting(), "model")


def _counter(name: str, words: str, values: Mapping[str, float], label: str = "") -> CounterMetricFamily:
    family = CounterMetricFamily(f"easel_engine_{name}", words, labels=[label] if label else None)
    for value, number in values.items():
        family.add_metric([value] if label else [], number)
    return family


def _gauge(name: str, words: str, values: Mapping[str, float], label: str = "") -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"easel_engine_{name}", words, labels=[label] if label else None)
    for value, number in values.items():
        family.add_metric([value] if label else [], number)
    return family


def _rows(calls: Mapping[int, int]) -> HistogramMetricFamily:
    """Rows → how many calls had so many."""
    bounds = (*_ROWS, float("inf"))
    below = [sum(number for rows, number in calls.items() if low < rows <= high)
             for low, high in zip((0, *_ROWS), bounds, strict=True)]  # fmt: skip
    buckets = [("+Inf" if high > _ROWS[-1] else str(high), float(each))
               for high, each in zip(bounds, accumulate(below), strict=True)]  # fmt: skip
    words = "Rows of a call of a model in Easel's own loop, of which a picture with guidance takes two."
    total = float(sum(rows * number for rows, number in calls.items()))
    family = HistogramMetricFamily("easel_engine_rows_per_call", words)
    family.add_metric([], buckets, total)
    return family
