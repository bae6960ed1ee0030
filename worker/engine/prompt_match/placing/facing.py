"""Which way a thing faces, where no words say so: as it was taught, or the other way round."""

from collections.abc import Sequence

from worker.engine.prompt_match.layout import Layout, Turn

_SAID = (
    "left right leftward rightward leftwards rightwards east west eastward westward eastwards westwards "
    "direction sideways profile"
)


def is_open(layout: Layout, words: Sequence[str]) -> bool:
    """Whether neither a layout nor the words that it comes from say which way its one thing faces."""
    upright = len(layout.figures) == 1 and layout.figures[0].turn is Turn.UPRIGHT
    return upright and not layout.mirrored and not {*words} & {*_SAID.split()}


def turned(layout: Layout, seed: int) -> Layout:
    """The same the other way round for every other seed, so that of pictures beside each other half face each way."""
    return layout if seed % 2 else layout.turned_round()
