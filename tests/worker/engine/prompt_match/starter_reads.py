"""What the starter's reader makes of a prompt, as tests ask for it."""

from tests.worker.engine.prompt_match.vocabularies import asked, shipped
from worker.engine.prompt_match.layout import Layout

MATCHER = shipped()


def layout(prompt: str) -> Layout:
    """How the only picture is put together."""
    (found,) = MATCHER.read(asked(prompt)).layouts
    return found


def named(found: Layout) -> list[str]:
    """Its figures, by the names that captions have for them."""
    shown = (each.words.split(" of ", 1)[1].partition(",")[0] for each in found.figures)
    return [each.removeprefix("a ").removeprefix("an ") for each in shown]


def left(prompt: str) -> tuple[str, ...]:
    """What a person is told of that was left out."""
    notice = MATCHER.read(asked(prompt)).notice
    return notice.left if notice else ()
