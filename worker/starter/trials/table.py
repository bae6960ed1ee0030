"""The table of trials: a row for each variant, as JSON, as Markdown, and its pictures on one sheet."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from worker.starter.data import emoji_art
from worker.starter.data.packages import DataError
from worker.starter.recipe import Run
from worker.starter.trials import pictures, turns
from worker.starter.trials.pictures import Look
from worker.starter.trials.turns import TURNS, Trial
from worker.starter.trials.variants import VARIANTS

_LOOK = "look.json"
_HEAD = (
    "tried", "parameters", "latents/s", "latents seen", "error after each turn", "with little noise, some, much",
    "best average: error", "edges", "shape distance",
)  # fmt: skip


def write(run: Run, folder: Path, names: Sequence[str], to: Path) -> str:
    """Draw with every variant that had all its turns, and write the table to `to`; returns it.

    Raises:
        DataError: none had a turn.
    """
    trials = {name: trial for name in names if (trial := turns.read(folder / name)).turns}
    if not trials:
        raise DataError("no variant was tried yet: leave out --table-only, then try again")
    to.mkdir(parents=True, exist_ok=True)
    drawings = emoji_art.all_drawings(run.cache, run.edition)
    done = [name for name in _order(trials) if trials[name].turns == TURNS]
    looks = {name: _looked(run, folder, name, drawings) for name in done}
    stored = {name: asdict(trials[name]) | (asdict(looks[name]) if name in looks else {}) for name in trials}
    (to / "trials.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    text = markdown(trials, looks)
    (to / "trials.md").write_text(text, encoding="utf-8")
    if done:
        pictures.page([(VARIANTS[name].words, folder / name) for name in done]).save(to / "trials.webp", quality=80)
    return text


def markdown(trials: dict[str, Trial], looks: dict[str, Look]) -> str:
    """Return the table: those with most turns first, and of these the smallest error."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(_row(name, trials[name], looks.get(name)) for name in _order(trials))]
    edges = [look.reconstructed_edges for look in looks.values()][:1]
    foot = [f"Edges of the autoencoder's own reconstructions: {width:.2f} px.\n" for width in edges]
    return "\n".join([*("| " + " | ".join(row) + " |" for row in rows), "", *foot])


def _order(trials: dict[str, Trial]) -> list[str]:
    return sorted(trials, key=lambda each: (-trials[each].turns, min(trials[each].averages.values())))


def _row(name: str, trial: Trial, look: Look | None) -> tuple[str, ...]:
    best = min(trial.averages, key=lambda decay: trial.averages[decay])
    words = VARIANTS[name].words
    return (
        words if trial.turns == TURNS else f"{words} (no more turns)",
        f"{trial.parameters / 1e6:.1f} M",
        f"{trial.pace:.1f}",
        f"{trial.latents:,}",
        " ".join(f"{error:.3f}" for error in trial.course),
        " ".join(f"{band:.3f}" for band in trial.bands),
        f"{best}: {trial.averages[best]:.4f}",
        f"{look.edges:.2f} px" if look else "",
        f"{look.shape_distance:.3f}" if look else "",
    )


def _looked(run: Run, folder: Path, name: str, drawings: emoji_art.Drawings) -> Look:
    """What was measured of its pictures, drawn again when it was trained since."""
    path, turn = folder / name / _LOOK, turns.read(folder / name).turns
    if path.exists():
        stored = json.loads(path.read_text())
        if stored.pop("turns") == turn:
            return Look(**stored)
    found = pictures.look(run, VARIANTS[name], folder / name, drawings)
    path.write_text(json.dumps(asdict(found) | {"turns": turn}) + "\n")
    return found
