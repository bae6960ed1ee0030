"""Pictures of several things: which figure of each is drawn when, what of it is drawn, and what comes of them."""

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from PIL import Image, ImageChops, ImageOps, ImageStat

from worker.contract.types.request import Request
from worker.engine.prompt_match.layout import DRAWINGS_MAX, Layout
from worker.engine.service.moments import Moment

from . import arranged
from .blank import is_blank
from .cutout import Cutout
from .parts import Parts

# Of what stands far off, smaller, and often more than once: nobody looks for its finest lines, and nobody asked for it.
SCENERY_STEPS = 8


def drawings_of(layout: Layout) -> list[int]:
    """Which drawing each figure of a layout is, from 0: all have one of their own, as long as there are enough.

    Of `DRAWINGS_MAX` every thing gets one; what is there more often than the rest allows takes turns with its own.
    Then follow the drawings of its scenery.
    """
    left = DRAWINGS_MAX - len({*layout.words})
    found: list[int] = []
    by_words: dict[str, list[int]] = {}
    asked: dict[str, int] = {}
    for figure in layout.figures:
        own = by_words.setdefault(figure.words, [])
        if not own or left > 0:
            left -= bool(own)
            own.append(sum(map(len, by_words.values())))
        number = asked.get(figure.words, 0)
        asked[figure.words] = number + 1
        found.append(own[number % len(own)])
    for each in layout.scenery:
        found.append(by_words.setdefault(each.words, [max(found) + 1])[0])
    return found


class FigureTurns(Parts):
    """All pictures of a request, drawing by drawing: one is made for all of them before the next begins.

    Args:
        layouts: of each picture of the request.
        size: of the pictures.
        drawn_at: width and height of one drawing.
        indices: the pictures that are drawn.
        like: a picture that all of them, which show one thing each, are to be the same way round as.

    Attributes:
        moments: of the only picture's figures, what each looked like on its way, where that is shown.
    """

    def __init__(
        self,
        layouts: Sequence[Layout],
        size: tuple[int, int],
        drawn_at: tuple[int, int],
        indices: Sequence[int],
        like: Image.Image | None = None,
    ) -> None:
        self._layouts, self._size, self._drawn_at, self._like = [*layouts], size, drawn_at, like
        self._drawings = [drawings_of(each) for each in layouts]
        self._images: dict[int, list[Image.Image]] = {index: [] for index in indices}
        self._cutouts: dict[int, list[Cutout]] = {index: [] for index in indices}
        super().__init__(1 + max(max(self._drawings[index]) for index in indices))
        self.moments: list[list[Moment]] = []

    def words(self, turn: int) -> tuple[str, ...]:
        """What each picture's drawing is made from in that turn; of those that have fewer, what comes first."""
        return tuple(
            layout.words[drawings.index(turn) if turn in drawings else 0]
            for layout, drawings in zip(self._layouts, self._drawings, strict=True)
        )

    def parts(self, asked: Request, indices: Sequence[int]) -> Iterator[tuple[Request, list[int]]]:
        """What is drawn of some pictures in this turn, and of which of them: some have fewer drawings than others.

        Scenery takes fewer steps, whatever is drawn of the other pictures meanwhile: each is as it were by itself.
        """
        words = self.words(self.turn)
        told = asked.model_copy(update={"prompt": words[0], "prompts": words})
        drawn = [index for index in indices if self.turn in self._drawings[index]]
        for steps, some in groupby(drawn, lambda index: self._steps(asked, index)):
            yield told.model_copy(update={"steps": steps}), [*some]

    def _steps(self, asked: Request, index: int) -> int:
        return asked.steps if self.turn in self._own(index) else min(asked.steps, SCENERY_STEPS)

    def _own(self, index: int) -> list[int]:
        """The drawings of a picture that are of its figures."""
        return self._drawings[index][: len(self._layouts[index].figures)]

    def drawn(self, index: int, image: Image.Image) -> None:
        """A picture's present drawing is made."""
        self._images[index].append(image)
        self._cutouts[index].append(Cutout.of(image))
        if self._like:
            self._face(index, self._like.convert("RGB"))

    def so_far(self, index: int, image: Image.Image) -> Image.Image:
        """A picture with its present drawing as it looks now, and those that are made already."""
        layout = self._layouts[index]
        if layout.stays and self._drawn_at == self._size:  # it has its colour at last; cutting it out is not worth it
            return ImageOps.mirror(image) if layout.mirrored else image
        seen = image.resize(self._drawn_at)
        return self._picture(index, [*self._cutouts[index], Cutout.roughly(seen)])

    def image(self, index: int) -> Image.Image:
        """A picture whose drawings are all made; as it was drawn where nothing is put together."""
        (only, *_) = self._images[index]
        layout = self._layouts[index]
        if layout.plain and only.size == self._size:  # before what is alike from left to right a thing needs no cutting
            return ImageOps.mirror(only) if layout.mirrored else only
        return self._picture(index, self._cutouts[index])

    def _face(self, index: int, like: Image.Image) -> None:
        """Have a picture's one thing the way round that comes nearer to another picture."""

        def unlike(layout: Layout) -> float:
            image = arranged.picture(layout, self._cutouts[index], like.size)
            return sum(ImageStat.Stat(ImageChops.difference(image, like)).sum2)

        layout = self._layouts[index]
        self._layouts[index] = min((layout, layout.turned_round()), key=unlike)

    def blank(self, index: int) -> bool:
        """Whether any drawing of a picture's figures shows nothing. Nobody asked for its scenery."""
        return any(is_blank(self._images[index][each]) for each in {*self._own(index)})

    def way(self) -> list[Moment]:
        """How the only picture came about: its drawings at the same moments, each in the outline that it comes to.

        Of scenery, which takes fewer steps, some are seen longer.
        """
        ((index, cutouts),) = self._cutouts.items()
        longest = max(map(len, self.moments))
        at_once = ([each[at * len(each) // longest] for each in self.moments] for at in range(longest))
        return [
            Moment(
                together[0].noise,
                self._picture(index, [cut.like(each.image) for cut, each in zip(cutouts, together, strict=True)]),
            )
            for together in at_once
        ]

    def _picture(self, index: int, cutouts: Sequence[Cutout]) -> Image.Image:
        """Put together; what is not drawn yet, and all that comes after it, is left out."""
        there = takewhile(lambda drawing: drawing < len(cutouts), self._drawings[index])
        return arranged.picture(self._layouts[index], [cutouts[drawing] for drawing in there], self._size)
