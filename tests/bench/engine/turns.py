"""Both draw the same by turns, so whatever else the machine does weighs on both."""

import statistics

from worker.contract.types.request import Request

from .drawing import Engine, Plain, Taken
from .report import Report
from .wishes import mixed


async def compare(plain: Plain, engine: Engine, asked: Request, rounds: int, report: Report) -> None:
    """One picture, four of one request, and eight people's mixed requests at once."""
    cases = {
        "1 picture": [asked],
        "4 pictures": [asked.model_copy(update={"count": 4})],
        "8 people at once": mixed(asked),
    }
    for name, wishes in cases.items():
        pairs = [(await plain.draw(*wishes), await engine.draw(*wishes)) for _ in range(rounds + 1)]
        tell(name, pairs[1:], report)  # the first round warms both and is left out


def tell(name: str, pairs: list[tuple[Taken, Taken]], report: Report) -> None:
    for what in ("total", "processor", "steps", "first_step"):
        one, two = ([getattr(taken, what) for taken in side] for side in zip(*pairs, strict=True))
        if all(one) and all(two):
            ratio = statistics.median(b / a for a, b in zip(one, two, strict=True))
            report.row(name, what, statistics.median(one), statistics.median(two), ratio)
    outside = statistics.median(ours.overhead for _, ours in pairs)
    report.say(f"{name}: beyond the engine's own phases {outside * 1000:.0f} ms")


async def memory(engine: Engine, asked: Request, jobs: int, report: Report) -> None:
    """What the engine holds after the first few jobs and after many."""
    few, marks = min(10, jobs), list[tuple[int, float]]()
    for job in range(1, jobs + 1):
        await engine.draw(asked, preview=False)
        if job in (few, jobs // 2, jobs):
            marks.append((job, (await engine.client.health()).memory["resident"] / 1e6))
    report.say("resident " + ", ".join(f"after {job} jobs {held:.0f} MB" for job, held in marks))
    report.data["memory"] = marks
