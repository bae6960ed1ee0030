"""One sample of everything that Easel writes for another process, for a picture, or for later, by its golden file.

`v1/` holds what a drawing needs, `v2/` what came with upscales, `v3/` with causes, `v4/` with servers' settings, `v5/`
with pictures to begin with and LoRAs, `v6/` with words of its own for each picture, `v10/` with shapes that things are
put into. A file is what is written today,
byte for byte, and a newline; it must be readable for ever. So a file is added, never changed:
`python -m tests.worker.contract.wire` adds those that are missing. Values are chosen to differ from every default,
unless a name ends in `least`.
"""

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from PIL import Image
from pydantic import BaseModel

from tests.worker.contract.wire import settings_samples
from worker.contract.message.custom_ids import (
    CustomId,
    DrawId,
    FormId,
    FormStep,
    KeptId,
    KeptStep,
    QueueId,
    QueueStep,
    ServerId,
    ServerStep,
    TellId,
    TellStep,
)
from worker.contract.message.verbs import Verb
from worker.contract.store.record import fields
from worker.contract.types import recipe
from worker.contract.types.cause import Cause
from worker.contract.types.destination import Destination
from worker.contract.types.guide_info import GuideInfo
from worker.contract.types.job import NewJob, Progress, Reason
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.operation import Operation, SourcePicture, SourceRole
from worker.contract.types.picture_place import PicturePlace
from worker.contract.types.posted_as import PostedAs, PostedPart
from worker.contract.types.recipe import Recipe
from worker.contract.types.request import Guide, Lora, Request, Scheduler, Upscale
from worker.contract.types.result import Picture, Result
from worker.contract.types.server_settings import ServerSettings
from worker.contract.types.source_place import SourcePlace, SourcePlaces
from worker.contract.types.telling import Telling
from worker.contract.types.upscale_source import UpscaleSource
from worker.contract.types.vocabulary_notice import Kinds, Known, Taken, Unseen, VocabularyNotice
from worker.contract.types.windows import Outpaint
from worker.engine.protocol import (
    Done,
    Failed,
    Frame,
    Health,
    PhaseChange,
    PictureFrame,
    Preview,
    Pulse,
    RenderCall,
    RenderRefusal,
    Started,
    Step,
    read_frames,
)

FOLDER = Path(__file__).parent

REQUEST = Request(
    prompt="a “red” apple 🍎\n\\größer", negative_prompt="blur", model="starter", width=128, height=192, steps=21,
    guidance_scale=5, scheduler=Scheduler.DPMPP_2M_KARRAS, seed=4294967295, count=4,
)  # fmt: skip
LEAST = Request(prompt="apple", model="m", width=64, height=64, steps=1, guidance_scale=1.5, seed=0)
SHOWN = LEAST.model_copy(update={"moments": 8})
NOISE, TOLD_OF = (100, 71, 0), PicturePlace(channel=77, message=88, number=3)
UPSCALE = REQUEST.only(2).enlarged(Upscale(upscaler="upscaler.x4", scale=4, width=128, height=191))
RECIPE = Recipe(request=REQUEST, index=3, revision="5f1e")
DESTINATION = Destination(
    channel=1234567890123456789, server=11, application=12, token="aW50ZXJhY3Rpb24", message=13, reply_to=14,
    ephemeral=True, installed=False, upload_limit=26214400,
)  # fmt: skip
SOURCE = UpscaleSource(
    channel=77, message=88, index=2, alone=True, link="https://cdn.discordapp.com/attachments/1/2/easel-1-3.png?ex=1"
)
NOTICE = VocabularyNotice(
    model="Starter", known=120, kind="emoji-like", taken=(Taken(asked="“kitty”", took="cat"),), left=("moss",), more=1,
    at_once=2,
)  # fmt: skip
RESULT = Result(
    pictures=(Picture(seed=7, width=128, height=192, content_type="image/webp", size=3),),
    timings={"load": 0.5, "total": 900.25}, engine="fake", notice=NOTICE,
)  # fmt: skip
MODEL = ModelInfo(
    id="starter", title="Starter “größer”", description="Emoji.", licence="Apache-2.0", factor=0.25, steps=20,
    steps_max=60, guidance_scale=5, scheduler=Scheduler.DDIM, native_pixels=16384, side_min=64, side_max=256,
    multiple=16, example="a red apple", draws="emoji-like",
    knows=Known(things=("apple", "cat"), styles=("sticker",), backgrounds=("blue",)),
)  # fmt: skip
WIDE = REQUEST.model_copy(update={"width": 192, "height": 128, "drawn_at": 128})
CANVAS = MODEL.model_copy(update={"side_min": 128, "side_max": 128, "canvas_max": 256})
HEARD = {"samplers": ("euler", "ddim"), "unheard": ("negative_prompt",)}
UPSCALER = UpscalerInfo(id="upscaler.x4", title="x4", scale=4, pixels_max=1048576, factor=2.5)
JOB = NewJob(
    id="1423", event="interaction:1423", owner=5, server="11", request=REQUEST, destination=DESTINATION, factor=0.25,
    verb="rerun",
)  # fmt: skip
LEAST_JOB = NewJob(
    id="9-5-upscale", event="reaction:9:5", owner=5, server="dm-5", request=LEAST, destination=Destination(channel=1)
)
UPSCALE_JOB = JOB.model_copy(update={"request": UPSCALE, "source": SOURCE, "verb": "upscale"})
HEALTH = Health(
    state="ready", engine="diffusers", models=(MODEL,), places=2, running=1, device="cuda:0", dtype="float16",
    memory={"resident": 1, "device_free": 2}, pid=99, problems=("models.toml:7: no file",),
)  # fmt: skip
PICTURE, MASK = SourcePicture(width=640, height=481), SourcePicture(role=SourceRole.MASK, width=64, height=48)
LORA = Lora(id="pixel.art", weight=-0.75)
BEGUN = REQUEST.model_copy(
    update={"operation": Operation.IMG2IMG, "sources": (PICTURE,), "strength": 0.6, "loras": (LORA,)}
)
PAINTED = LEAST.model_copy(update={"operation": Operation.INPAINT, "sources": (PICTURE, MASK), "strength": 1.0})
OURS = SourcePlace(
    attachment=3, channel=77, message=88, link="https://cdn.discordapp.com/attachments/77/3/a.png", picture=1
)
VARIED = PostedAs(larger=(0,), varied=(0, 1), parts=(PostedPart(message=1423, larger=(), varied=(2,)),))
PLACES = SourcePlaces(
    pictures=(
        SourcePlace(
            attachment=3, channel=77, message=88, link="https://cdn.discordapp.com/attachments/77/3/easel-1-2.png?ex=1"
        ),
        SourcePlace(attachment=4, link="https://cdn.discordapp.com/ephemeral-attachments/5/4/mask.png"),
    )
)
FORWARD = LEAST.model_copy(
    update={"operation": Operation.IMG2IMG, "sources": (PICTURE,), "strength": 0.5, "moments": 8, "forward": True}
)
WORDED = REQUEST.model_copy(
    update={"prompts": tuple(f"{REQUEST.prompt}, {each}" for each in ("icon", "sticker", "blue background", "größer"))}
)
OPEN = Known(things=("cat",), styles=("shiny sticker",), backgrounds=("white",), plain=("white",),
             style_words=("shiny", "sticker"))  # fmt: skip
HIDING = OPEN.model_copy(
    update={
        "unseen": (Unseen(things=("ghost", "white heart"), before=("white",)), Unseen(things=("cat’s",), before=()))
    }
)
COLOURFUL = OPEN.model_copy(update={"any_colour": ("balloon", "party balloon"), "paints": ("blue", "red")})
GENERAL = OPEN.model_copy(update={"kinds": (Kinds(words=("animal", "pet"), kinds=("a cat", "größer fish")),)})
LORA_INFO = LoraInfo(
    id="lcm", title="LCM “größer”", description="Few steps.", licence="MIT", triggers=("fast", "few"), weight=0.5,
    steps=4, guidance_scale=1.5, scheduler="lcm",
)  # fmt: skip
BEGINS = {"operations": ("img2img", "inpaint"), "loras": (LORA_INFO, LoraInfo(id="pixel.art", title="Pixel art"))}
GUIDES = (
    Guide(id="canny", weight=0.75, picture=SourcePicture(role=SourceRole.GUIDE, width=640, height=481)),
    Guide(id="style.plus", weight=1, picture=SourcePicture(role=SourceRole.REFERENCE, width=64, height=48)),
)
GUIDED = REQUEST.model_copy(update={"guides": GUIDES})
FOLLOWS = {
    "guides": (
        GuideInfo(id="canny", title="Edges “größer”", description="Lines.", licence="MIT", kind="canny", weight=0.5),
        GuideInfo(id="style.plus", title="Style", kind="style"),
    )
}
BEYOND = LEAST.model_copy(
    update={
        "operation": Operation.OUTPAINT, "sources": (PICTURE,), "strength": 1.0, "width": 768, "height": 640,
        "outpaint": Outpaint(left=128, top=64, width=512, height=512, window_width=512, window_height=504),
    }
)  # fmt: skip
BEGUN_JOB = JOB.model_copy(
    update={"request": BEGUN, "sources": SourcePlaces(pictures=PLACES.pictures[:1]), "verb": "imagine"}
)
CAUSE = Cause(code="picture_over_upscaler", data={"title": "“größer”", "width": 640, "seconds": 2.5})
HEADERS = (
    Started(model="starter"), PhaseChange(phase="encode"), Step(step=3, steps=80), Preview(step=3),
    PictureFrame(index=2, seed=7, width=128, height=192, content_type="image/webp"), Pulse(),
    Done(timings={"total": 900.25}, engine="fake", peak_bytes=5, notice=NOTICE),
    Failed(reason=Reason.MEMORY, detail="It needs 3 GiB."),
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A thing, the text that is written for it, and how that is read back."""

    file: str
    thing: Any
    text: str
    read: Callable[[str], Any]

    @classmethod
    def of(cls, file: str, thing: BaseModel) -> Self:
        """Of a model as its JSON."""
        return cls(file, thing, thing.model_dump_json(), type(thing).model_validate_json)

    @classmethod
    def set_(cls, file: str, thing: BaseModel) -> Self:
        """Of a document of settings, which is silent about what is not set."""
        return cls(file, thing, thing.model_dump_json(exclude_none=True), type(thing).model_validate_json)

    @classmethod
    def table(cls, file: str, thing: dict[str, Any]) -> Self:
        """Of names and texts: a hash in Redis, or a list of names."""
        return cls(file, thing, json.dumps(thing, indent=2, ensure_ascii=False), json.loads)

    @property
    def path(self) -> Path:
        return FOLDER / self.file


def in_png(made: Recipe) -> dict[str, str]:
    """The texts in a PNG with this recipe."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=recipe.png_info(made))
    with Image.open(out) as image:
        return {name: str(image.info[name]) for name in (recipe.PNG_KEY, "parameters")}


def in_webp(made: Recipe) -> str:
    """The user comment in a WebP with this recipe."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", exif=recipe.exif(made))
    with Image.open(out) as image:
        comment: bytes = image.getexif().get_ifd(recipe.EXIF_IFD)[recipe.EXIF_USER_COMMENT]
    return comment.decode("ascii").replace("\0", "␀")


def in_gif(made: Recipe) -> str:
    """The comment in a GIF with this recipe."""
    out = io.BytesIO()
    Image.new("P", (8, 8)).save(out, "GIF", comment=recipe.comment(made))
    with Image.open(out) as image:
        comment: bytes = image.info["comment"]
    return comment.decode("ascii")


_BEYOND = (Verb.ZOOM_SOME, Verb.ZOOM_TWICE, Verb.WIDEN, Verb.HEIGHTEN)
_VARY = (Verb.VARY_LITTLE, Verb.VARY_LOT)
_LATER = (Verb.EDIT, Verb.KEEP, Verb.MORE, Verb.SEND)
_FIRST_VERBS = (Verb.CANCEL, Verb.DELETE, Verb.RERUN, Verb.UPSCALE)


def custom_ids() -> dict[str, str]:
    """The controls of the first version: verb → what its button carries."""
    return {verb.value: str(CustomId(verb, "1423", 3 if verb is Verb.UPSCALE else 0)) for verb in _FIRST_VERBS}


def vary_ids() -> dict[str, str]:
    """Of one of several pictures, and of a single one."""
    return {verb.value: str(CustomId(verb, "1423", index)) for verb, index in zip(_VARY, (3, 0), strict=True)}


def beyond_ids() -> dict[str, str]:
    """By which a single picture goes on beyond its edges."""
    return {verb.value: str(CustomId(verb, "1423")) for verb in _BEYOND}


def made_ids() -> dict[str, str]:
    """Of pictures that were made larger: where that is, in the same channel and in another."""
    control = CustomId(Verb.UPSCALE, "1423", 2, made=settings_samples.PERSON)
    return {"here": str(control), "elsewhere": str(replace(control, made_in=77))}


def tell_ids() -> dict[str, str]:
    """Of one request, and of all that a person asks for."""
    return {"tell": str(CustomId(Verb.TELL, "1423"))} | {step.value: str(TellId(step)) for step in TellStep}


def later_ids() -> dict[str, str]:
    """Controls that came later, and one that asks before it is done."""
    found = {verb.value: str(CustomId(verb, "1423")) for verb in _LATER}
    return found | {"delete, asking": str(CustomId(Verb.DELETE, "1423", 0, 1234567890123456789, asks=True))}


def yes_ids() -> dict[str, str]:
    """Under private answers: verb → what the button that says yes carries."""
    return {
        verb.value: str(CustomId(verb, "1423", 3 if verb is Verb.UPSCALE else 0, 1234567890123456789))
        for verb in (Verb.DELETE, Verb.UPSCALE)
    }


def server_ids() -> dict[str, str]:
    """Under settings of a server: step → what its button, select or form carries."""
    return {step.value: str(ServerId(step, "person", "r12345678901234567890", 41, 43)) for step in ServerStep}


async def _read_frame(data: bytes) -> Frame:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return [frame async for frame in read_frames(reader)][0]  # noqa: RUF015 - an asynchronous one has no next()


SAMPLES = [
    Sample.of("v1/request.json", REQUEST),
    Sample.of("v1/request-least.json", LEAST),
    Sample.of("v1/recipe.json", RECIPE),
    Sample.of("v1/recipe-least.json", Recipe(request=LEAST)),
    Sample.table("v1/recipe-in-png.json", in_png(RECIPE)),
    Sample("v1/recipe-in-webp.txt", in_webp(RECIPE), in_webp(RECIPE), str),
    Sample.table("v1/record.json", fields(JOB)),
    Sample.table("v1/record-least.json", fields(LEAST_JOB)),
    Sample.of("v1/destination.json", DESTINATION),
    Sample.of("v1/destination-least.json", Destination(channel=1)),
    Sample.of("v1/progress.json", Progress(phase="decode", step=3, steps=80)),
    Sample.of("v1/result.json", RESULT),
    Sample.of("v1/result-least.json", Result(pictures=(Picture(seed=0, width=64, height=64, size=0),))),
    Sample.of("v1/model-info.json", MODEL),
    Sample.of("v1/model-info-least.json", ModelInfo(id="m", title="M")),
    Sample.table("v1/custom-ids.json", custom_ids()),
    Sample.of("v1/render-call.json", RenderCall(id="1423-2", request=REQUEST, preview=False)),
    Sample.of("v1/render-refusal.json", RenderRefusal(reason="busy", detail="Another render is running.")),
    Sample.of("v1/health.json", HEALTH),
    Sample.of("v1/health-least.json", Health(state="loading")),
    *(Sample.of(f"v1/frame-{header.kind}.json", header) for header in HEADERS),
    Sample(
        "v1/frame-bytes.hex",
        thing=Frame(header=Preview(step=3), body=b"\xff\xd8jpeg"),
        text=Frame(header=Preview(step=3), body=b"\xff\xd8jpeg").encode().hex(),
        read=lambda text: asyncio.run(_read_frame(bytes.fromhex(text))),
    ),
    Sample.of("v2/request-upscale.json", UPSCALE),
    Sample.of("v2/recipe-upscale.json", Recipe(request=UPSCALE)),
    Sample.table("v2/recipe-upscale-in-png.json", in_png(Recipe(request=UPSCALE))),
    Sample.table("v2/record-upscale.json", fields(UPSCALE_JOB)),
    Sample.of("v2/source.json", SOURCE),
    Sample.of("v2/upscaler-info.json", UPSCALER),
    Sample.of("v2/health-upscaler.json", HEALTH.model_copy(update={"upscaler": UPSCALER})),
    Sample(
        "v2/render-call-bytes.hex",
        thing=(RenderCall(id="1423-2", request=UPSCALE), (b"\x89PNG",)),
        text=RenderCall(id="1423-2", request=UPSCALE).encode(b"\x89PNG").hex(),
        read=lambda text: RenderCall.decode(bytes.fromhex(text)),
    ),
    Sample.of("v3/frame-failed-cause.json", Failed.of(Reason.MEMORY, CAUSE, "Too large.")),
    Sample.of("v3/render-refusal-cause.json", RenderRefusal.of(Reason.INVALID, CAUSE, "Too large.")),
    Sample.table("v3/custom-ids-yes.json", yes_ids()),
    Sample.table("v3/custom-ids-form.json", {step.value: str(FormId(step, "aspect_ratio")) for step in FormStep}),
    Sample.table("v3/record-upscale-of.json", fields(UPSCALE_JOB.model_copy(update={"upscale_of": "1422"}))),
    Sample.of("v3/posted-as.json", PostedAs(larger=(0, 2), encoding="WebP")),
    Sample("v3/cause.json", CAUSE, CAUSE.dump(), Cause.read),
    Sample.set_("v4/server-settings.json", settings_samples.SERVER),
    Sample.set_("v4/server-settings-least.json", ServerSettings()),
    Sample.set_("v4/operator-settings.json", settings_samples.OPERATOR),
    Sample.of("v4/change.json", settings_samples.CHANGE),
    Sample.table("v4/custom-ids-server.json", server_ids()),
    Sample.table("v4/custom-ids-queue.json", {step.value: str(QueueId(step, "1423")) for step in QueueStep}),
    Sample.table("v5/custom-ids-later.json", later_ids()),
    Sample.table("v5/custom-ids-vary.json", vary_ids()),
    Sample.table("v5/custom-ids-made.json", made_ids()),
    Sample.table("v5/custom-ids-tell.json", tell_ids()),
    Sample.table("v6/custom-ids-draw.json", {"draw": str(DrawId("a photo of a cat, on a sofa: soft light"))}),
    Sample.table("v6/custom-ids-draft.json", {"enhance": str(CustomId(Verb.ENHANCE, "1423"))}),
    Sample.of("v6/posted-as-draft.json", PostedAs(larger=(0,), draft=True)),
    Sample.table("v5/record-tell.json", fields(JOB.model_copy(update={"tell": Telling.LATE}))),
    Sample.set_("v5/server-settings-tell.json", ServerSettings(tell=Telling.LATE)),
    Sample.table("v5/custom-ids-kept.json", {step.value: str(KeptId(step, 3)) for step in KeptStep}),
    Sample.of("v4/model-info-heard.json", MODEL.model_copy(update=HEARD)),
    Sample.of("v4/result-left-out.json", RESULT.model_copy(update={"left_out": ("negative_prompt",)})),
    Sample.of("v4/result-read-to.json", RESULT.model_copy(update={"read_to": "a “red” apple"})),
    Sample.of("v4/frame-done-read-to.json", Done(timings={"total": 9.5}, engine="fake", read_to="a “red” apple")),
    Sample.of("v5/result-tokens.json", RESULT.model_copy(update={"read_to": "a red", "tokens": 77})),
    Sample.of("v5/frame-done-tokens.json", Done(timings={"total": 9.5}, engine="fake", read_to="a red", tokens=77)),
    Sample.of("v4/frame-done-left-out.json", Done(timings={"total": 9.5}, engine="fake", left_out=("guidance_scale",))),
    Sample.of("v5/request-img2img.json", BEGUN),
    Sample.of("v5/request-inpaint.json", PAINTED),
    Sample.of("v5/request-lora.json", LEAST.model_copy(update={"loras": (LORA, Lora(id="lcm", weight=1))})),
    Sample.of("v5/recipe-img2img.json", Recipe(request=BEGUN, index=1)),
    Sample.table("v5/recipe-img2img-in-png.json", in_png(Recipe(request=BEGUN, index=1))),
    Sample.of("v5/source-places.json", PLACES),
    Sample.table("v5/record-img2img.json", fields(BEGUN_JOB)),
    Sample.of("v7/request-outpaint.json", BEYOND),
    Sample.of("v7/recipe-outpaint.json", Recipe(request=BEYOND)),
    Sample.table("v7/record-outpaint.json", fields(BEGUN_JOB.model_copy(update={"request": BEYOND}))),
    Sample.table("v7/custom-ids-beyond.json", beyond_ids()),
    Sample.of("v7/request-moments.json", SHOWN),
    Sample.of("v7/recipe-moments.json", Recipe(request=SHOWN)),
    Sample.table("v7/record-moments.json", fields(JOB.model_copy(update={"request": SHOWN}))),
    Sample.table("v7/custom-ids-moments.json", {"cameabout": str(CustomId(Verb.CAME_ABOUT, "1423", 3, 99))}),
    Sample("v7/recipe-moments-in-gif.txt", in_gif(Recipe(request=SHOWN)), in_gif(Recipe(request=SHOWN)), str),
    Sample.of("v8/result-moments.json", RESULT.model_copy(update={"noise": NOISE})),
    Sample.of("v8/frame-done-moments.json", HEADERS[6].model_copy(update={"noise": NOISE})),
    Sample.table("v8/record-moments.json", fields(JOB.model_copy(update={"request": SHOWN, "tells_of": TOLD_OF}))),
    Sample.of("v8/request-forward.json", FORWARD),
    Sample.of("v8/recipe-forward.json", Recipe(request=FORWARD)),
    Sample.table("v8/record-forward.json", fields(BEGUN_JOB.model_copy(update={"request": FORWARD}))),
    Sample.table("v8/custom-ids-forward.json", {"forward": str(CustomId(Verb.FORWARD, "1423", 0, 99))}),
    Sample.of("v7/posted-as-beyond.json", PostedAs(larger=(0,), varied=(0,), beyond=True)),
    Sample.of("v5/model-info-tokens.json", MODEL.model_copy(update={"tokens": 600})),
    Sample.of("v5/model-info-operations.json", MODEL.model_copy(update=BEGINS)),
    Sample.of("v5/result-adapted.json", RESULT.model_copy(update={"adapted": ("cut", "first_frame")})),
    Sample.of("v5/frame-done-adapted.json", Done(timings={"total": 9.5}, engine="fake", adapted=("cut",))),
    Sample(
        "v5/render-call-bytes.hex",
        thing=(RenderCall(id="1423-2", request=PAINTED, files=(4, 3)), (b"\x89PNG", b"GIF")),
        text=RenderCall(id="1423-2", request=PAINTED).encode(b"\x89PNG", b"GIF").hex(),
        read=lambda text: RenderCall.decode(bytes.fromhex(text)),
    ),
    Sample.of("v6/request-guides.json", GUIDED),
    Sample.of("v6/request-guides-img2img.json", BEGUN.model_copy(update={"guides": GUIDES[:1]})),
    Sample.of("v6/recipe-guides.json", Recipe(request=GUIDED, index=1)),
    Sample.table("v6/recipe-guides-in-png.json", in_png(Recipe(request=GUIDED, index=1))),
    Sample.table("v6/record-guides.json", fields(BEGUN_JOB.model_copy(update={"request": GUIDED, "sources": PLACES}))),
    Sample.of("v6/model-info-guides.json", MODEL.model_copy(update=FOLLOWS)),
    Sample.of("v6/request-words.json", WORDED),
    Sample.of("v6/recipe-words.json", Recipe(request=WORDED, index=1)),
    Sample.table("v6/recipe-words-in-png.json", in_png(Recipe(request=WORDED, index=1))),
    Sample.table("v6/record-words.json", fields(JOB.model_copy(update={"request": WORDED}))),
    Sample.table("v9/custom-ids-queue.json", {"all": str(QueueId(QueueStep.ALL, until=1_764_000_000_123))}),
    Sample.of("v9/model-info-fewest.json", MODEL.model_copy(update={"fewest": (("", 4), ("euler", 2))})),
    Sample.of("v10/request-canvas.json", WIDE),
    Sample.of("v10/recipe-canvas.json", Recipe(request=WIDE, index=3)),
    Sample.table("v10/record-canvas.json", fields(JOB.model_copy(update={"request": WIDE}))),
    Sample.of("v10/model-info-canvas.json", CANVAS),
    Sample.of("v6/model-info-open.json", MODEL.model_copy(update={"knows": OPEN})),
    Sample.of("v10/model-info-unseen.json", MODEL.model_copy(update={"knows": HIDING})),
    Sample.of("v10/model-info-any-colour.json", MODEL.model_copy(update={"knows": COLOURFUL})),
    Sample.of("v10/model-info-kinds.json", MODEL.model_copy(update={"knows": GENERAL})),
    Sample.of("v5/posted-as-varied.json", VARIED),
    Sample.of("v5/source-places-picture.json", SourcePlaces(pictures=(OURS,))),
    Sample.of("v4/posted-as-parts.json", PostedAs(larger=(0,), parts=(PostedPart(message=1423, larger=(1, 2)),))),
]
