"""The metrics of one process, and their text."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from .table import CATALOGUE, CODE, Metric, MetricKind, Values

OTHER = "other"
_MOST = {CATALOGUE: 60, CODE: 120}  # different values of one label, over the life of a process
_SHAPE = {CATALOGUE: re.compile(r"[A-Za-z][\w.:/@+-]{0,63}", re.ASCII), CODE: re.compile(r"[a-z][a-z_]{0,47}")}
_CLASSES = {MetricKind.COUNTER: Counter, MetricKind.GAUGE: Gauge, MetricKind.HISTOGRAM: Histogram}


class Board:
    """Keeps the metrics of a table. A name that is not in it is nobody's, and passes."""

    def __init__(self, table: Iterable[Metric]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._table = {each.name: each for each in table}
        self._known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._kept: dict[str, Any] = {name: self._made(each) for name, each in self._table.items()}

    def _made(self, metric: Metric) -> Any:
        more = {"buckets": metric.buckets} if metric.kind is MetricKind.HISTOGRAM else {}
        made = _CLASSES[metric.kind](metric.name, metric.help, list(metric.labels), registry=self._registry, **more)
        closed = [values for values in metric.labels.values() if isinstance(values, frozenset)]
        if closed and len(closed) == len(metric.labels):  # at 0 from the start: a rate has to begin somewhere
            for values in product(*map(sorted, closed)):
                made.labels(*values)
        return made

    def count(self, name: str, by: float = 1, /, **labels: str) -> None:
        """So many more; less than none is nothing."""
        if child := self._child(MetricKind.COUNTER, name, labels):
            child.inc(max(0.0, by))

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """One more of a histogram; what clocks that disagree make negative is 0."""
        if child := self._child(MetricKind.HISTOGRAM, name, labels):
            child.observe(max(0.0, value))

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """What a gauge shows from now on."""
        if child := self._child(MetricKind.GAUGE, name, labels):
            child.set(value)

    def replace(self, name: str, values: dict[str, float]) -> None:
        """What a gauge with one label shows: these values, and 0 for what was there before."""
        (label,) = self._table[name].labels
        for gone in self._known[name, label] - values.keys():
            self.set(name, 0, **{label: gone})
        for value, number in values.items():
            self.set(name, number, **{label: value})

    def text(self) -> str:
        """All of it, in the text exposition format."""
        return generate_latest(self._registry).decode()

    def _child(self, kind: MetricKind, name: str, labels: dict[str, str]) -> Any:
        metric = self._table.get(name)
        if metric is None or metric.kind is not kind or labels.keys() != metric.labels.keys():
            return None
        if not labels:
            return self._kept[name]
        return self._kept[name].labels(*(self._bounded(name, each, labels[each]) for each in metric.labels))

    def _bounded(self, name: str, label: str, value: str) -> str:
        allowed: Values = self._table[name].labels[label]
        if isinstance(allowed, frozenset):
            return str(value) if value in allowed else OTHER
        known = self._known[name, label]
        if value not in known and (len(known) >= _MOST[allowed] or not _SHAPE[allowed].fullmatch(value)):
            return OTHER
        known.add(value)
        return value
