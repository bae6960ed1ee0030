"""One request → its pictures by Easel's own loop (`worker.engine.step`): all of them advance together.

A render is taken up, takes its steps beside others (`group`), and has its pictures decoded between their steps. Each
picture has its own generator, so it does not matter which device draws it, how many are drawn with it, and whose.
What is drawn part by part takes all of this once for each part: the windows of what goes on beyond the edges of a
picture, and the things of a picture that holds several.
"""

import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from PIL import Image, ImageOps

from worker.contract.types import cause as causes
from worker.contract.types.operation import Operation, SourceRole
from worker.contract.types.request import Request
from worker.engine.errors import RenderError, UnfitError
from worker.engine.prompt_match.layout import are_put_together
from worker.engine.service.render_task import RenderTask
from worker.engine.step.stepper import Stepper
from worker.engine.step.tables import Table
from worker.engine.step.trajectory import Condition, Source, Trajectory

from . import inpaint
from .at_once import AtOnce
from .beyond import Wholes, seed_of_turn
from .denoise import sparingly
from .facing import is_mirrored
from .figures import FigureTurns
from .inpaint import encoded
from .ladder import Ladder
from .load import LoadedModel
from .preview import small
from .render import Render
from .safeguards import is_finite
from .schedulers import fresh
from .way import KeptMoments, Noised, ShownWay

log = logging.getLogger(__name__)

NOTHING: Mapping[int, Source] = {}


class Stepped:
    """One render.

    Attributes:
        on_way: pictures that are not decoded, by their numbers in the request.

    Raises:
        NotLinearError: the sampler is none for this loop.
        UnfitError: the model cannot draw this.
    """

    def __init__(self, loaded: LoadedModel, stepper: Stepper, task: RenderTask) -> None:
        self.task, self._loaded, self._stepper = task, loaded, stepper
        self._table = _table(loaded, stepper, task.request.at_once)
        _must_have_size(stepper, task.request.at_once)
        self._render = Render(loaded, task, stepper.family)
        self._asked = self._render.asked.at_once
        self._wholes = Wholes(task.request, task.sources[0]) if task.request.outpaint else None
        self._figures = self._in_figures()
        if self._figures is None:
            must_be_whole(task.request)
        self._parts: Wholes | FigureTurns | None = self._wholes or self._figures
        task.parts = self._figures.turns if self._figures else 1
        self.on_way: dict[int, Trajectory] = {}
        self._blank: dict[int, Image.Image] = {}
        self._sources: dict[int, Source] = {}
        self._followed: tuple[Condition, Condition] | None = None
        self._way: ShownWay | None = None
        self._begun_mirrored = False  # what it begins with is the other way round than the model draws it
        self._again = False  # whether these are drawn once more, because they came out blank

    def _in_figures(self) -> FigureTurns | None:
        """What puts things together that are drawn one by one, each at the size that the model knows best."""
        layouts = self._render.layouts
        if not are_put_together(layouts, self.task.request.drawn_at):
            return None
        size = self.task.request.width, self.task.request.height
        drawn_at = self._loaded.resolved.config.info.size(1, 1)
        like = self.task.sources[0] if self._render.follows else None
        found = FigureTurns(layouts, size, drawn_at, self._render.left, like)
        alone = {"width": drawn_at[0], "height": drawn_at[1]}
        asked = self._asked.without_sources.model_copy(update=alone)
        told = [asked.model_copy(update={"prompts": found.words(turn)}) for turn in range(found.turns)]
        if len({*map(self._stepper.family.chunks, told)}) > 1:
            return None  # what is drawn together has texts of one length from its first step to its last
        self._asked = asked
        return found

    def start(self, *, sparing: bool = False) -> None:
        """Encode the prompt, and what the pictures begin with, with `sparing` in tiles. May be tried again."""
        if self._loaded.guides and self._followed is None:
            pictures = self.task.sources[len(self.task.request.sources) :]
            self._followed = self._loaded.guides.conditions(self.task.request.guides, pictures)
        with sparingly(self._loaded.pipeline.vae) if sparing else contextlib.nullcontext():
            if self._begun_with:
                self._encode()
            self.on_way = self._trajectories(self._render.left)  # which may encode an empty picture

    def _encode(self) -> None:
        family = self._stepper.family
        for index in self._render.left:
            if index in self._sources:
                continue
            if self._wholes is None:
                self._sources = dict.fromkeys(self._render.left, self._source())
            else:
                self._sources[index] = encoded(family, *self._wholes.part(index))

    def _source(self) -> Source:
        """What all pictures begin with, the way round that the model draws such things."""
        picture, *masks = self._begun_with
        found = encoded(self._stepper.family, picture, *masks)
        if not self._render.follows:
            return found
        other = encoded(self._stepper.family, ImageOps.mirror(picture))
        self._begun_mirrored = is_mirrored(self._stepper, self._table, self._asked, found, other)
        return other if self._begun_mirrored else found

    def _faced(self, index: int, image: Image.Image) -> Image.Image:
        """A picture as it was drawn, or is on its way, the right way round."""
        layouts = () if self._figures else self._render.layouts[index : index + 1]
        mirrored = self._begun_mirrored or any(each.mirrored for each in layouts)
        return ImageOps.mirror(image) if mirrored else image

    def _trajectories(self, indices: Sequence[int]) -> dict[int, Trajectory]:
        asked, turn = self._asked, self._parts.turn if self._parts else 0
        parts = self._figures.parts(asked, indices) if self._figures else [(asked, indices)]
        found: dict[int, Trajectory] = {}
        for part, some in parts:
            table = _table(self._loaded, self._stepper, part) if self._figures else self._table
            found |= start(self._stepper, table, part, some, self._sources, self._followed, turn)
        if asked.forward:
            self._way = self._noised(asked, found)
        elif asked.moments:
            for index, picture in found.items():  # the only one
                self._way = KeptMoments(picture.table, asked.moments, self._loaded.scheduler)
                self._render.ways[asked.seed_of(index)] = self._way.moments
                self._way.look(picture)
        return found

    def _noised(self, asked: Request, found: Mapping[int, Trajectory]) -> ShownWay:
        """The way of the picture that it begins with to noise, instead of any steps."""
        ((index, picture),) = found.items()  # the only one
        noised = Noised(self._sources[index].latents, picture.noise(), asked.moments, self._loaded.scheduler)
        picture.end(noised.last)
        self._render.ways[asked.seed] = noised.moments
        self._render.ends_at = noised.noise
        return noised

    @property
    def drawn_at_once(self) -> Request:
        """What is drawn at once of it: all, a window or a figure of each picture."""
        return self._asked

    @property
    def kind(self) -> tuple[Any, ...]:
        """Shape of latents, length of texts, LoRAs, guides: what has them in common with it can be drawn with it."""
        family, asked = self._stepper.family, self._asked
        return family.shape(asked), family.chunks(asked), asked.loras, ways(asked)

    @property
    def _begun_with(self) -> Sequence[Image.Image]:
        return () if self._figures else self.task.sources[: len(self.task.request.sources)]

    @property
    def moving(self) -> list[Trajectory]:
        """Those pictures on their way that have steps left: of scenery there are fewer."""
        return [each for each in self.on_way.values() if not each.over]

    @property
    def denoised(self) -> bool:
        """Whether all steps are done, and the decoder is next."""
        return not self.moving

    @property
    def over(self) -> bool:
        """Whether all pictures are handed over."""
        return not self.on_way and not self.waits

    @property
    def waits(self) -> bool:
        """Whether there is another part, which is not begun: `start` is next."""
        return not self.on_way and self._parts is not None and not self._parts.over

    def stepped(self) -> None:
        """Each picture has taken one more step: tell of it. Raises as the task's `step` does, or RenderError."""
        last = min(self.on_way.values(), key=lambda each: each.step / each.table.steps)
        done, steps = last.step, self.task.request.real_steps
        if self._way:
            self._way.look(last)
        # Some samplers call the model more often than there are steps; and drawing once more, progress stands.
        before = self._parts.turn * steps if self._parts else 0
        all_steps = self.task.parts * self.task.request.all_steps
        told = all_steps if self._again else before - (-done * steps // last.table.steps)
        if done > 1:  # after the first step there is little but noise
            self._show(told)
        self.task.step(told, all_steps)
        if not self.denoised:
            return
        # Looked at once, after the last step: NaNs never go away, and each look waits for the GPU.
        if not all(is_finite(each.latents) for each in self.on_way.values()):
            raise RenderError(causes.numbers_absurd())
        if self._parts is None or self._parts.last:  # before, nobody is to read that it is nearly finished
            self.task.phase("decode")

    def _show(self, step: int) -> None:
        palette, parts = self._loaded.palette, self._parts
        if palette is None:
            return

        def cells() -> dict[int, Image.Image]:
            estimates = (each.estimate() for each in self.on_way.values())
            images = palette.images(torch.stack([each for each in estimates if each is not None]))
            found = dict(zip(self.on_way, images, strict=True))
            if parts is None:
                return {index: self._faced(index, each) for index, each in found.items()}
            return {index: small(parts.so_far(index, each)) for index, each in found.items()}

        self._render.show(step, cells)

    def decode(self, ladder: Ladder, most: int, *, filled: bool) -> None:
        """Decode some pictures, so many at most, and hand them over. `filled`: always so many, if some for nothing."""
        self.task.check()
        self.task.watch()
        if self._asked.forward and self._way and not self._way.moments:  # no step has led to it
            self.task.phase("decode")
        if self._way and self._way.left:  # first how it came about
            (index,) = self.on_way
            seen = self._decoded(ladder, self._way.left, most, filled=filled)
            self._way.decoded([self._faced(index, each) for each in seen])
            return
        images = self._decoded(ladder, [each.latents for each in self.on_way.values()], most, filled=filled)
        for index, image in zip([*self.on_way], images, strict=False):
            del self.on_way[index]
            self._drawn(index, image)
        if self.on_way:
            return
        if self._wholes:
            self._next_window(self._wholes)
        elif self._figures:
            self._next_figure(self._figures)
        if self._blank and not self._again and not self.waits:
            self._once_more()

    def _decoded(
        self, ladder: Ladder, latents: Sequence[torch.Tensor], most: int, *, filled: bool
    ) -> list[Image.Image]:
        """The first of these, so many at most."""
        found: list[Image.Image] = []

        def some(at_once: int) -> None:
            chosen = latents[: max(1, at_once)]
            filling = [*chosen[:1]] * (at_once - len(chosen)) if filled else []
            with contextlib.nullcontext() if at_once else sparingly(self._loaded.pipeline.vae):
                decoded = self._stepper.family.decode(torch.stack([*chosen, *filling]))
            found.extend(decoded[: len(chosen)])

        shape = tuple(latents[0].shape)
        ladder.climb(self.task.request, shape, most if filled else min(most, len(latents)), some)
        return found

    def _drawn(self, index: int, image: Image.Image) -> None:
        if self._parts:
            self._parts.drawn(index, image)
            return
        if self.task.request.operation is Operation.INPAINT:
            image = inpaint.pasted(image, *self._begun_with)
        self._finished(index, self._faced(index, image))

    def _finished(self, index: int, image: Image.Image, *, lacks: bool = False) -> None:
        if self._again:
            self._render.second(index, image, self._blank, lacks=lacks)
        else:
            self._render.first(index, image, self._blank, lacks=lacks)

    def _next_window(self, wholes: Wholes) -> None:
        wholes.turn += 1
        self._sources.clear()
        if wholes.over:
            for index in self._render.left:
                self._render.whole(index, wholes.image(index))

    def _next_figure(self, figures: FigureTurns) -> None:
        if self._way:
            figures.moments.append(self._way.moments)
        figures.turn += 1
        if not figures.over:
            return
        for index in self._render.left:
            if self._way:
                self._render.ways[self._asked.seed_of(index)] = figures.way()
            self._finished(index, figures.image(index), lacks=figures.blank(index))

    def _once_more(self) -> None:
        self._again = True
        self._render.reseed()
        self._asked = self._render.asked.at_once
        if self._figures:
            self._parts = self._figures = self._in_figures()
        self.on_way = self._trajectories([*self._blank])
        self.task.phase("steps")


def ways(asked: Request) -> tuple[Any, ...]:
    """By which networks pictures are followed. One weight of a reference holds for a whole call."""
    weights = {guide.id: guide.weight for guide in asked.guides if guide.picture.role is SourceRole.REFERENCE}
    return tuple(sorted((guide.id, weights.get(guide.id)) for guide in asked.guides))


def measure(loaded: LoadedModel, stepper: Stepper, at_once: AtOnce) -> tuple[Request, int]:
    """Measure how many rows a call of the model is worth at its usual size; returns such a request, and how many."""
    info = loaded.resolved.config.info
    width, height = info.size(1, 1)
    usual = Request(
        prompt="warm-up", model=info.id, width=width, height=height, steps=1, guidance_scale=info.guidance_scale, seed=0
    )
    rows = at_once.rows(loaded, stepper, usual)
    at_once.decoded(loaded, stepper, usual)
    if price := at_once.price(stepper, usual):
        log.info("model %s: EASEL_EXACT makes a step of one picture take %.1f times as long", info.id, price)
    return usual, rows


def _must_have_size(stepper: Stepper, asked: Request) -> None:
    """Raises UnfitError for a size that would be rounded: the recipe would say another."""
    width, height = stepper.family.size(asked)
    if (width, height) != (asked.width, asked.height):
        raise UnfitError(causes.size_not_drawn(asked.width, asked.height, width, height))


def must_be_whole(asked: Request) -> None:
    """Raises UnfitError for what would be drawn in another shape: there is nothing to put into the one asked for."""
    if asked.drawn_at and not asked.forward:
        raise UnfitError(causes.size_not_drawn(asked.width, asked.height, asked.drawn_at, asked.drawn_at))


def _table(loaded: LoadedModel, stepper: Stepper, asked: Request) -> Table:
    def made() -> Any:
        return fresh(asked.scheduler, loaded.sampler(asked), asked.steps)

    return stepper.table(asked, made, loaded.spacing(asked))


def start(
    stepper: Stepper,
    table: Table,
    asked: Request,
    indices: Sequence[int],
    sources: Mapping[int, Source] = NOTHING,
    followed: tuple[Condition, Condition] | None = None,
    turn: int = 0,
) -> dict[int, Trajectory]:
    """Pictures of a request before their first step, by their numbers in it, likewise what they begin with.

    `followed`: beside their texts. `turn`: of several drawings of the same picture, each from noise of its own.
    """
    family = stepper.family
    shape = family.shape(asked)
    worded = {each.prompt: each for each in map(asked.worded, indices)}
    given = {text: _with(followed, *family.conditions(each)) for text, each in worded.items()}
    shown = {index: (source.shown, source.shown) for index, source in sources.items()}
    return {
        index: Trajectory(
            table, shape, seed_of_turn(asked.seed_of(index), turn),
            *_with(shown.get(index), *given[asked.prompt_of(index)]),
            asked.guidance_scale, family.dtype, sources.get(index),
        )
        for index in indices
    }  # fmt: skip


def _with(
    more: tuple[Condition, Condition] | None, prompt: Condition, without: Condition | None
) -> tuple[Condition, Condition | None]:
    if more is None:
        return prompt, without
    return {**prompt, **more[0]}, None if without is None else {**without, **more[1]}
