"""Rows on the terminal as they are measured; at the end JSON and a picture, where they are asked for."""

# ruff: noqa: T201 - it reports on the terminal

import json
import statistics
from pathlib import Path
from typing import Any

from tests.load.plot import Series, draw

_WORDS = {
    "total": "in all",
    "processor": "of the processor",
    "steps": "until the last step",
    "first_step": "to the first step",
}


class Report:
    """What was measured so far."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {"turns": [], "arrivals": []}

    def say(self, words: str) -> None:
        """A line."""
        print(words, flush=True)

    def row(self, name: str, what: str, plain: float, ours: float, ratio: float) -> None:
        """Seconds of both, and the median of the ratios of pairs."""
        self.data["turns"].append({"name": name, "what": what, "plain": plain, "engine": ours, "ratio": ratio})
        label = f"{name}, {_WORDS[what]}"
        print(f"{label:<40} plain {plain:7.2f} s   engine {ours:7.2f} s   ratio {ratio:5.2f}", flush=True)

    def arrivals(self, load: int, plain: list[float], ours: list[float], plain_over: float, ours_over: float) -> None:
        """How long each was under way, and when the last was over."""
        rows = {"plain": (plain, plain_over), "engine": (ours, ours_over)}
        for name, (each, over) in rows.items():
            half, most = statistics.median(each), statistics.quantiles(each, n=20)[-1]
            self.data["arrivals"].append({"load": load, "who": name, "half": half, "p95": most, "over": over})
            print(f"{load:4d} %  {name:<7} half {half:6.2f} s   p95 {most:6.2f} s   all in {over:6.1f} s", flush=True)

    def write(self, data: Path | None, plot: Path | None) -> None:
        """To files."""
        if data:
            data.write_text(json.dumps(self.data, indent=1))
        if plot and self.data["arrivals"]:
            plot.write_bytes(draw("From asking to the pictures, seconds", self._series(), ("engine", "plain pipeline")))

    def _series(self) -> list[Series]:
        by = {(row["load"], row["who"]): row for row in self.data["arrivals"]}
        loads = dict.fromkeys(load for load, _ in by)
        return [
            Series(title, [(f"{load} % load", by[load, "engine"][key], by[load, "plain"][key]) for load in loads])
            for title, key in (("half of all wait at most", "half"), ("nineteen of twenty wait at most", "p95"))
        ]
