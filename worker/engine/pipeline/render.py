"""One render while it is drawn: what is finished, what the rest looks like so far, which pictures came out blank."""

from collections.abc import Callable, Mapping

from PIL import Image

from worker.contract.types.model_info import SIGNS, WEIGHTS
from worker.contract.types.operation import Operation
from worker.contract.types.request import Request
from worker.contract.types.result import READ_TO_MAX
from worker.contract.types.variation import variation_of
from worker.engine.errors import UnfitError
from worker.engine.prompt_match.layout import Layout
from worker.engine.prompt_match.matcher import MatchedPrompt
from worker.engine.service.moments import Moment
from worker.engine.service.render_task import RenderTask
from worker.engine.step.families.base import Family
from worker.engine.step.words import parse

from .blank import is_blank
from .cutout import Backdrop
from .load import LoadedModel
from .preview import attempt, board, small
from .prompt_end import read_to


class Render:
    """What both loops keep of a task.

    Attributes:
        asked: the request as the model understands it.
        layouts: what goes where in each picture, where things are drawn one by one and put together.
        follows: whether the pictures are the same way round as the one that they begin with.
        ends_at: which share of what is finished is noise.
        ways: what pictures looked like before they were finished, by their seeds, where that is shown.

    Args:
        family: of Easel's loop, where that draws; it reads the signs of a prompt (`words`) if its encoders can. Only
            there things are put together.

    Raises:
        UnfitError: the model was never taught what is asked for.
    """

    def __init__(self, loaded: LoadedModel, task: RenderTask, family: Family | None = None) -> None:
        self.loaded, self.task = loaded, task
        self.layouts: tuple[Layout, ...] = ()
        self.follows = False
        self._arranged = False  # whether things may be drawn one by one
        self._ground: tuple[str, ...] = ()  # of a picture that is varied: so the versions have its background
        reader = loaded.prompt_matcher
        if reader and reader.arranges and family:
            behind = _behind_varied(task)
            self._arranged = behind is not None or _from_words(task.request)
            self._ground = reader.ground(*behind.ends) if behind else ()
        matched = self._matched(task.request)
        self.asked = matched.request if matched else self._heard(family, task)
        self.ways: dict[int, list[Moment]] = {}
        self.ends_at = 0.0
        self._finished: set[int] = set()
        self._cells: list[Image.Image | None] = [None] * task.request.count

    def _matched(self, request: Request) -> MatchedPrompt | None:
        """As a model with few words understands it, which says also what becomes of the rest."""
        reader = self.loaded.prompt_matcher
        if reader is None:
            return None
        matched = reader.read(request, arranged=self._arranged, ground=self._ground)
        if matched.declined:
            raise UnfitError(reader.objection(matched.declined, matched.near, english=matched.english))
        self.task.notice, self.layouts, self.follows = matched.notice, matched.layouts, matched.follows
        return matched

    def reseed(self) -> None:
        """What is drawn from now on has other seeds, and words that these say: so its recipe draws the same."""
        matched = self._matched(self.task.request.reseeded())
        self.asked = matched.request if matched else self.asked.reseeded()

    def _heard(self, family: Family | None, task: RenderTask) -> Request:
        """What the model is asked; tells what of the prompt is not read, or not as it may have been meant."""
        asked = task.request
        longest = max(asked.texts, key=len)
        heard = family.heard(longest) if family else None
        read = [parse(text) for text in (*asked.prompts, asked.prompt, asked.negative_prompt)]
        if any(each.odd for each in read):
            task.left_out += (SIGNS,)
        if heard is not None:
            task.read_to, task.tokens = heard.read_to[-READ_TO_MAX:], heard.tokens
            return asked
        if any(each.plain is None for each in read):
            task.left_out += (WEIGHTS,)
        # It would draw the signs as letters. What consists of nothing else may be meant so.
        *own, prompt, negative = (each.words for each in read)
        prompts = tuple(words or text for words, text in zip(own, asked.prompts, strict=True))
        asked = asked.model_copy(
            update={"prompt": prompt or asked.prompt, "prompts": prompts, "negative_prompt": negative}
        )
        task.read_to, task.tokens = read_to(self.loaded.pipeline, max(asked.texts, key=len))
        return asked

    @property
    def left(self) -> list[int]:
        """The pictures that are not finished."""
        return [index for index in range(self.task.request.count) if index not in self._finished]

    def first(self, index: int, image: Image.Image, blank: dict[int, Image.Image], *, lacks: bool = False) -> None:
        """Picture `index` as it came out: finished, unless it shows nothing or `lacks` a part, and goes to `blank`."""
        if lacks or is_blank(image):
            blank[index] = image
            self.task.redrawn += 1
        else:
            self._finish(index, image, self.task.request)

    def second(self, index: int, image: Image.Image, blank: Mapping[int, Image.Image], *, lacks: bool = False) -> None:
        """The same drawn once more, from other noise; one that is blank again is shown as it came first."""
        if lacks or is_blank(image):
            self._finish(index, blank[index], self.task.request)
        else:
            self._finish(index, image, self.task.request.reseeded())

    def whole(self, index: int, image: Image.Image) -> None:
        """Picture `index` as it goes on from another: it is finished, and never blank."""
        self._finish(index, image, self.task.request)

    def _finish(self, index: int, image: Image.Image, drawn: Request) -> None:
        self._finished.add(index)
        self._cells[index] = small(image)
        way = self.ways.get(drawn.seed_of(index), [])
        self.task.picture(index, image, self.loaded.resolved.revision, drawn, way, self.ends_at)

    def show(self, step: int, cells: Callable[[], Mapping[int, Image.Image]]) -> None:
        """A preview of all pictures, if one is due; `cells` are those that are being drawn."""
        if not self.task.wants_preview():
            return
        for index, image in attempt(cells).items():
            self._cells[index] = image
        if any(self._cells):
            self.task.preview(step, board(self._cells))


def _behind_varied(task: RenderTask) -> Backdrop | None:
    """What is behind the thing in a picture of which a variation is asked for, if things may have been put together.

    Then they are once more: from all of it at once the model would make one thing. Strength and background tell such a
    picture from what somebody sends in, which is begun with as it is.
    """
    asked = task.request
    varied = asked.operation is Operation.IMG2IMG and not asked.forward and variation_of(asked.strength) is not None
    return Backdrop.of_plain(task.sources[0]) if varied else None


def _from_words(asked: Request) -> bool:
    """Whether what it shows comes from words, or did so in a picture of which a variation is asked for."""
    return asked.operation is Operation.TXT2IMG or (asked.drawn_at is not None and not asked.forward)
