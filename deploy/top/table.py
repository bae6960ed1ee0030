"""What was seen → lines of text, none wider than the terminal."""

from .look import Card, Drawn, View, Waits, Worker

_BAR = 8  # characters
_MINUTE = 60
_MANY = 100  # minutes that are told as hours


def lines(view: View, width: int, height: int) -> list[str]:
    """So many that they fit; what does not is counted."""
    made = [
        _head(view),
        *([f"paused: {view.paused or 'nobody can ask for anything'}"] if view.paused is not None else []),
    ]
    made += ["", f"DRAWN ({len(view.drawn)})", *(_drawn(each) for each in view.drawn)]
    end = ["", "WORKERS", *(map(_worker, view.workers) if view.workers else ["  none has reported"])]
    end += ["", "CARDS OF THIS MACHINE", *map(_card, view.cards)] if view.cards else []
    room = max(1, height - len(made) - len(end) - 3)
    shown = view.waits[:room]
    made += ["", f"WAITING ({view.waiting})", *map(_waits, shown)]
    made += [f"  … and {view.waiting - len(shown)} more"] if view.waiting > len(shown) else []
    return [line[:width] for line in [*made, *end]]


def _head(view: View) -> str:
    pace = "" if view.per_minute is None else f", {view.per_minute:.1f} a minute"
    jobs = f"{view.waiting} waiting, {len(view.drawn)} drawn, {view.posting} to post"
    return f"Easel: {jobs}; today {view.pictures} pictures{pace}"


def _drawn(each: Drawn) -> str:
    done = min(_BAR, _BAR * each.step // each.steps) if each.steps else 0
    bar = "#" * done + "." * (_BAR - done)
    steps = f"{each.step}/{each.steps}" if each.steps else ""
    pace = "" if each.pace is None or each.phase != "steps" else f"{each.pace:.1f} steps/s"
    return f"{_job(each)} [{bar}] {each.phase:<7.7} {steps:>7} {pace:>12} {span(each.seconds):>6}"


def _waits(each: Waits) -> str:
    place = "?" if each.place is None else str(each.place)
    soon = "" if each.eta is None else f"about {span(each.eta)} to go"
    return f"{_job(each)} place {place:>4} waits {span(each.seconds):>6} {soon}"


def _worker(each: Worker) -> str:
    if not each.lives:
        state = f"! silent for {span(each.seconds)}"
    elif each.trouble:
        state = f"! {each.trouble}"
    else:
        state = f"draws with {', '.join(each.can) or 'nothing yet'}"
    return f"  {each.name:<20.20} {state}"


def _card(each: Card) -> str:
    return f"  {each.name:<28.28} {each.busy:>3} % busy  {each.used / 1024:.1f} of {each.total / 1024:.1f} GiB"


def _job(each: Drawn | Waits) -> str:
    return f"  {each.id[-10:]:>10} {each.model:<12.12} x{each.pictures}"


def span(seconds: float) -> str:
    """Such as `4 s`, `3:05` or `2 h`."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    minutes, rest = divmod(whole, _MINUTE)
    return f"{minutes}:{rest:02}" if minutes < _MANY else f"{minutes // _MINUTE} h"
