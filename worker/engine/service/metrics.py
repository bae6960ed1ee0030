"""The desk's counters as Prometheus text."""

from collections.abc import Mapping

from .executor import Executor

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OUTCOMES = ("done", "failed", "cancelled", "stalled")


def text(executor: Executor) -> str:
    """Every metric with its help, in the text exposition format."""
    health = executor.health()
    outcomes = {f'outcome="{outcome}"': executor.counts[outcome] for outcome in OUTCOMES}
    lines = [
        *_metric("renders_total", "counter", "Renders by outcome.", outcomes),
        *_metric("pictures_total", "counter", "Pictures drawn.", {"": executor.counts["pictures"]}),
        *_metric(
            "redrawn_total",
            "counter",
            "Pictures that came out blank and were drawn once more, with the next seed.",
            {"": executor.counts["redrawn"]},
        ),
        *_metric(
            "phase_seconds_total",
            "counter",
            "Seconds of finished renders by phase.",
            {f'phase="{phase}"': round(spent, 4) for phase, spent in sorted(executor.seconds.items())},
        ),
        *_metric("running", "gauge", "Renders running now.", {"": health.running}),
        *_metric("places", "gauge", "Renders that would be accepted now.", {"": health.places}),
        *_metric("ready", "gauge", "1 when the engine can draw.", {"": int(health.state == "ready")}),
        *_metric("memory_bytes", "gauge", "Memory.", {f'kind="{kind}"': size for kind, size in health.memory.items()}),
    ]
    return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, words: str, values: Mapping[str, float]) -> list[str]:
    full = f"easel_engine_{name}"
    samples = [f"{full}{{{labels}}} {value}" if labels else f"{full} {value}" for labels, value in values.items()]
    return [f"# HELP {full} {words}", f"# TYPE {full} {kind}", *samples]
