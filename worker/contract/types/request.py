"""What a person asked for, fully resolved: enough to draw it, and enough to draw it again."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from .operation import CANVAS, FORWARD, GUIDES_SINCE, MOMENTS, SINCE, TAKES, Operation, SourcePicture, SourceRole
from .versioned import StampedModel, VersionedEnum, VersionedModel, since
from .windows import Box, Outpaint

PROMPT_MAX = 1000
SIDE_MIN, SIDE_MAX, SIDE_STEP = 64, 2048, 8
PIXELS_MAX = 2048 * 2048
STEPS_MAX = 150
GUIDANCE_MAX = 30.0
COUNT_MAX = 10  # pictures; as many files as Discord takes in a message, but recipes with 10 are read whatever it takes
SEED_MAX = 2**32 - 1
SCALE_MAX = 8
LORAS_MAX = 4
PROMPTS_SINCE = 6  # pictures of one request may differ by their words
WEIGHT_MAX = 2.0  # of a LoRA, either way: some are made to be turned round; of a guide
GUIDES_MAX = 2
MOMENTS_MAX = 16
ENLARGED_MAX = 16_000  # pixels a side of what an upscaler may make; WebP ends at 16,383

ModelId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Side = Annotated[int, Field(ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)]
Seed = Annotated[int, Field(ge=0, le=SEED_MAX)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=PROMPT_MAX)]


class Scheduler(VersionedEnum):
    """The samplers that a person may choose, by the names the field uses."""

    EULER = "euler"
    EULER_A = "euler_a"
    DPMPP_2M = "dpmpp_2m"
    DPMPP_2M_KARRAS = "dpmpp_2m_karras"
    DDIM = "ddim"
    UNIPC = "unipc"
    LCM = "lcm"


class Upscale(VersionedModel):
    """How a picture that was drawn before is made larger. Where that picture lies is told by `UpscaleSource` alone.

    Attributes:
        upscaler: id of the network, as its workers say it.
        scale: how many times as wide and as high.
        width, height: of the picture in pixels, before.
    """

    upscaler: ModelId
    scale: int = Field(ge=2, le=SCALE_MAX)
    width: int = Field(ge=1, le=ENLARGED_MAX)
    height: int = Field(ge=1, le=ENLARGED_MAX)


class Lora(VersionedModel):
    """A LoRA of the request's model.

    Attributes:
        id: as the model's entry has it.
        weight: how much of it is added, from -2 to 2; 1 is all of it.
    """

    id: ModelId
    weight: float = Field(ge=-WEIGHT_MAX, le=WEIGHT_MAX)


class Guide(VersionedModel):
    """A picture that what is drawn follows, by a network beside the model: a ControlNet, or an IP-Adapter.

    Attributes:
        id: of that network, as the model's entry has it.
        weight: how closely it is followed; 1 is as it was trained.
        picture: a guide for a ControlNet, a reference for an IP-Adapter.
    """

    id: ModelId
    weight: float = Field(ge=0, le=WEIGHT_MAX)
    picture: SourcePicture


class Request(StampedModel):
    """One resolved request. Fields without `since` are of version 1: always written, with defaults that never change.

    Attributes:
        prompt: what to draw, 1 to 1,000 characters.
        negative_prompt: what to keep out, at most 1,000 characters.
        model: id of a model in a worker's catalogue.
        width: in pixels, a multiple of 8 from 64 to 2048.
        height: likewise; width × height is at most 2048².
        steps: denoising steps, 1 to 150.
        guidance_scale: classifier-free guidance, 0 to 30; 1 and below do without the unconditional pass.
        scheduler: the sampler; None takes the model's own.
        seed: of the first picture; picture i uses `seed + i`.
        count: pictures, 1 to 10.
        upscale: enlarge one picture that all the rest describes, instead of drawing anew.
        operation: what is done with the model.
        sources: the pictures that it begins with, as many and as the operation takes them.
        strength: how much of the first of them is drawn anew, above 0 to 1; None for what begins with none.
        loras: at most 4, each once; the order changes nothing.
        guides: at most 2, each network once and one reference among them.
        prompts: what each picture is drawn from, where that is not the prompt alone: one for each of them, or none.
        outpaint: where its picture lies in the whole, for what goes on beyond the edges of one, and for nothing else.
        moments: so many of its way from noise are shown, instead of one picture alone; 0 for that.
        forward: of the way of the picture that it begins with to noise, instead: the model's forward process.
        drawn_at: a side of the squares in which things are drawn one by one, before they are put into a picture of
            another shape; None for what is drawn as it is.
    """

    prompt: Annotated[Text, Field(min_length=1)]
    negative_prompt: Text = ""
    model: ModelId
    width: Side
    height: Side
    steps: int = Field(ge=1, le=STEPS_MAX)
    guidance_scale: float = Field(ge=0, le=GUIDANCE_MAX)
    scheduler: Scheduler | None = None
    seed: Seed
    count: int = Field(default=1, ge=1, le=COUNT_MAX)
    upscale: Upscale | None = since(2, None)
    operation: Operation = since(SINCE, Operation.TXT2IMG)
    sources: tuple[SourcePicture, ...] = since(SINCE, ())
    strength: float | None = since(SINCE, None, gt=0, le=1)
    loras: tuple[Lora, ...] = since(SINCE, (), max_length=LORAS_MAX)
    guides: tuple[Guide, ...] = since(GUIDES_SINCE, (), max_length=GUIDES_MAX)
    prompts: tuple[Annotated[Text, Field(min_length=1)], ...] = since(PROMPTS_SINCE, ())
    outpaint: Outpaint | None = since(7, None)
    moments: int = since(7, 0, ge=0, le=MOMENTS_MAX)
    forward: bool = since(8, absent=False)
    drawn_at: Side | None = since(10, None)

    @model_validator(mode="after")
    def _upscale(self) -> Self:
        if self.count != 1 and (self.upscale or self.moments):
            raise ValueError("one picture is upscaled, or shown on its way, at a time")
        return self

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.forward and not (self.moments and self.operation is Operation.IMG2IMG and not self.guides):
            raise ValueError("moments are shown of the way of the one picture that it begins with")
        return self

    @model_validator(mode="after")
    def _area(self) -> Self:
        if self.width * self.height > PIXELS_MAX:
            raise ValueError(f"{self.width} × {self.height} is more than {PIXELS_MAX:,} pixels")
        return self

    @model_validator(mode="after")
    def _begins_with(self) -> Self:
        takes = TAKES[self.operation]
        if tuple(each.role for each in self.sources) != takes:
            raise ValueError(f"{self.operation} takes {', '.join(takes) or 'no picture'}")
        if (self.strength is None) != (not takes):
            raise ValueError(f"{self.operation} takes {'a' if takes else 'no'} strength")
        if len({lora.id for lora in self.loras}) < len(self.loras):
            raise ValueError("a LoRA is named twice")
        return self

    @model_validator(mode="after")
    def _words(self) -> Self:
        if self.prompts and len(self.prompts) != self.count:
            raise ValueError(f"there are {len(self.prompts)} prompts for {self.count} pictures")
        return self

    @model_validator(mode="after")
    def _guided(self) -> Self:
        roles = [guide.picture.role for guide in self.guides]
        if not {*roles} <= {SourceRole.GUIDE, SourceRole.REFERENCE} or roles.count(SourceRole.REFERENCE) > 1:
            raise ValueError("guides are pictures to follow, with one reference at most")
        if len({guide.id for guide in self.guides}) < len(self.guides):
            raise ValueError("a guide is named twice")
        return self

    @model_validator(mode="after")
    def _one_by_one(self) -> Self:
        whole = self.operation in {Operation.INPAINT, Operation.OUTPAINT} or self.guides
        if self.drawn_at and whole:
            raise ValueError("parts of a picture, and what follows one, are not drawn one by one")
        return self

    @property
    def pictures(self) -> tuple[SourcePicture, ...]:
        """All that come with it, in this order: those that it begins with, and those that it follows."""
        return (*self.sources, *(guide.picture for guide in self.guides))

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if (self.outpaint is None) != (self.operation is not Operation.OUTPAINT):
            raise ValueError(f"{self.operation} takes {'no' if self.outpaint else 'a'} place for its picture")
        if self.outpaint and (self.guides or self.moments):
            raise ValueError("beyond its edges no picture is followed, or shown on its way")
        if self.outpaint:
            self.outpaint.must_suit(self.width, self.height)
        return self

    @property
    def typable(self) -> bool:
        """Whether people can ask for all of it in a command: for some shapes they can from words alone."""
        return self.outpaint is None and not (self.drawn_at and self.sources)

    def seed_of(self, index: int) -> int:
        """The seed of picture `index` (from 0), wrapped into the range of seeds."""
        return (self.seed + index) % (SEED_MAX + 1)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of all its pictures."""
        return tuple(self.seed_of(index) for index in range(self.count))

    def prompt_of(self, index: int) -> str:
        """What picture `index` (from 0) is drawn from."""
        return self.prompts[index] if index < len(self.prompts) else self.prompt

    def worded(self, index: int) -> "Request":
        """The same with the words of picture `index` for its prompt."""
        return self.model_copy(update={"prompt": self.prompt_of(index)})

    @property
    def files(self) -> int:
        """What comes of it: the pictures, or the moments of one side by side and the same as one that moves."""
        return 2 if self.moments else self.count

    @property
    def texts(self) -> tuple[str, ...]:
        """All that pictures are drawn from, each at least once."""
        return self.prompts or (self.prompt,)

    def only(self, index: int) -> "Request":
        """The request that draws picture `index` alone."""
        words = {"prompt": self.prompt_of(index), "prompts": ()}
        return self.model_copy(update={**words, "seed": self.seed_of(index), "count": 1})

    def first(self, count: int) -> "Request":
        """The request that draws the first `count` pictures alone."""
        return self.model_copy(update={"count": count, "prompts": self.prompts[:count]})

    def reseeded(self) -> "Request":
        """The same request with the seeds that follow its own: none of its pictures is drawn from the same noise."""
        return self.model_copy(update={"seed": self.seed_of(self.count)})

    def enlarged(self, upscale: Upscale) -> "Request":
        """The request that makes the one picture of this request larger."""
        return self.model_copy(update={"upscale": upscale})

    @property
    def drawing(self) -> "Request":
        """The request without its upscale: what was drawn before."""
        return self.model_copy(update={"upscale": None})

    @property
    def without_sources(self) -> "Request":
        """What is drawn when the pictures that came with it are gone: the same from words alone."""
        gone: dict[str, object] = {"operation": Operation.TXT2IMG, "sources": (), "strength": None, "guides": ()}
        gone |= {"forward": False, "moments": 0} if self.forward else {}
        # What goes on beyond edges has a size that suits no model.
        return (self.at_once if self.outpaint else self).model_copy(update=gone)

    @property
    def real_steps(self) -> int:
        """The steps that are drawn: a picture that is kept in part begins further on, at `strength` of them."""
        return self.steps if self.strength is None else max(1, int(self.steps * self.strength))

    @property
    def all_steps(self) -> int:
        """Those of all windows, one after another."""
        return self.real_steps * (len(self.windows) or 1)

    @property
    def windows(self) -> tuple[Box, ...]:
        """What goes on beyond its edges is drawn in these, in this order; none for what is drawn at once."""
        return self.outpaint.windows(self.width, self.height) if self.outpaint else ()

    @property
    def at_once(self) -> "Request":
        """What is drawn at once of it: a part of one window, a thing that is put into it, else all."""
        if self.drawn_at and not self.forward:
            return self.model_copy(update={"width": self.drawn_at, "height": self.drawn_at, "drawn_at": None})
        if self.outpaint is None:
            return self
        width, height = self.outpaint.window
        parts = tuple(SourcePicture(role=role, width=width, height=height) for role in TAKES[Operation.INPAINT])
        part = {"operation": Operation.INPAINT, "sources": parts, "width": width, "height": height, "outpaint": None}
        return self.model_copy(update=part)

    @property
    def resource(self) -> str:
        """Id of the network that does the work: the upscaler, else the model."""
        return self.upscale.upscaler if self.upscale else self.model

    @property
    def needs(self) -> tuple[str, ...]:
        """What one worker must be capable of, all of it: workers publish the same strings.

        A resource's id alone means what has been done with it from the start: draw with a model, enlarge with an
        upscaler. A later operation is a capability of its own, `<operation>:<id>`, for workers may have the one and
        not the other. It always comes with a field of a later version, so no worker claims it that takes `model` in
        a record for all that is needed.
        """
        if self.upscale:
            return (self.resource,)
        drawn = self.model if self.operation is Operation.TXT2IMG else capability(self.operation, self.model)
        loras = sorted(capability(lora_operation(lora.id), self.model) for lora in self.loras)
        guides = sorted(capability(guide_operation(guide.id), self.model) for guide in self.guides)
        more = [self._shows] * bool(self.moments) + [CANVAS] * bool(self.drawn_at)
        return (drawn, *loras, *guides, *(capability(each, self.model) for each in more))

    @property
    def _shows(self) -> str:
        """What a model must be able to do to show its moments."""
        return FORWARD if self.forward else MOMENTS

    def cost(self, factor: float = 1.0) -> float:
        """Work in megapixel-steps: megapixels × steps × pictures × the model's factor.

        An upscale is one step; so is each moment of a picture's way to noise, for which nothing is denoised, and which
        costs no more than drawing it would.
        """
        if self.upscale:
            return self.upscale.width * self.upscale.height / 1e6 * factor
        drawn = self.at_once
        steps = min(self.moments, self.all_steps) if self.forward else self.all_steps
        return drawn.width * drawn.height / 1e6 * steps * self.count * factor


def capability(operation: str, resource: str) -> str:
    """As workers publish a later operation, and jobs need it."""
    return f"{operation}:{resource}"


def lora_operation(lora: str) -> str:
    """To draw with a LoRA, as an operation on its model."""
    return f"lora/{lora}"


def guide_operation(guide: str) -> str:
    """To follow a picture by a network of that id, as an operation on its model."""
    return f"guide/{guide}"
