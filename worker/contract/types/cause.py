"""Why something could not be done, as it goes from process to process: a code and its data, never a sentence.

A Reason says how a job ended; its cause, where there is one, says more exactly why, for the person who asked. Each
function below is one cause, named like its code, so mypy sees to it that no data is missing. The sentences are in
`message/cause_texts.py`: where the message is made, in the language of whoever reads it.

Codes are kept in records: one that was ever written is not renamed, and its data keeps its names. A reader that is
older than the code says something general.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

Value = str | int | float
_LONGEST = 200  # characters of a value: names, and what Discord says

# Data whose text is ours, the operator's or the program's. Any other text may be what people wrote, be found by it
# (things near the words of a prompt), or quote it (what a model's program or Discord says): logged at DEBUG alone.
HARMLESS = frozenset({
    "title", "sampler", "operation", "model", "models", "upscaler", "loras", "guides", "error",
})  # fmt: skip
WITHHELD = "[…]"  # stands in a log for what is not for it


class Cause(BaseModel):
    """A code with its data, which names things and numbers but holds no sentences of ours."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(min_length=1, max_length=64)
    data: dict[str, Value] = Field(default_factory=dict)

    @field_validator("data")
    @classmethod
    def _short(cls, data: dict[str, Value]) -> dict[str, Value]:
        return {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in data.items()}

    def __str__(self) -> str:
        """For logs, without what people may have written."""
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.for_logs.items())])

    @property
    def for_logs(self) -> dict[str, Value]:
        """The data with WITHHELD in the place of every text that is not HARMLESS."""
        kept = {name for name, value in self.data.items() if name in HARMLESS or not isinstance(value, str)}
        return {name: value if name in kept else WITHHELD for name, value in self.data.items()}

    @classmethod
    def of(cls, code: str, data: dict[str, Any]) -> "Cause | None":
        """What came over a wire; None where nothing did, or nothing that can be read."""
        try:
            return cls(code=code, data=data)
        except ValidationError:
            return None

    @classmethod
    def read(cls, text: str) -> "Cause | None":
        """What a record holds; None where that is nothing, or cannot be read. It never damages the rest."""
        try:
            return cls.model_validate_json(text) if text else None
        except ValidationError:
            return None

    def dump(self) -> str:
        """As a record holds it."""
        return json.dumps(self.model_dump(), ensure_ascii=False)


def _cause(code: str, **data: Value) -> Cause:
    return Cause(code=code, data=data)


# --- the model and the request ------------------------------------------------------------------------------------


def width_unfit(title: str, width: int, least: int, most: int, multiple: int) -> Cause:
    """The model `title` draws no pictures of this width, in pixels."""
    return _cause("width_unfit", title=title, width=width, least=least, most=most, multiple=multiple)


def height_unfit(title: str, height: int, least: int, most: int, multiple: int) -> Cause:
    """The model `title` draws no pictures of this height, in pixels."""
    return _cause("height_unfit", title=title, height=height, least=least, most=most, multiple=multiple)


def steps_over_model(title: str, steps: int, most: int) -> Cause:
    """More steps than the model takes."""
    return _cause("steps_over_model", title=title, steps=steps, most=most)


def steps_over_sampler(sampler: str, steps: int, most: int) -> Cause:
    """More steps than the sampler takes with this model."""
    return _cause("steps_over_sampler", sampler=sampler, steps=steps, most=most)


def steps_unfit(steps: int) -> Cause:
    """The sampler cannot be planned in so many steps, though in more it can."""
    return _cause("steps_unfit", steps=steps)


def sampler_unfit(sampler: str) -> Cause:
    """The model has a sampler of its own."""
    return _cause("sampler_unfit", sampler=sampler)


def operation_unfit(title: str, operation: str) -> Cause:
    """The model `title` cannot do that; `operation` is one of `Operation`."""
    return _cause("operation_unfit", title=title, operation=operation)


def no_moments(title: str) -> Cause:
    """The model `title` cannot show how its pictures came about, or not this one."""
    return _cause("no_moments", title=title)


def inpaint_under_steps(steps: int, least: int) -> Cause:
    """A part of a picture is to be drawn anew in too few steps, of those that `strength` leaves."""
    return _cause("inpaint_under_steps", steps=steps, least=least)


def no_such_lora(title: str, lora: str, loras: str) -> Cause:
    """The model has no LoRA of that id; `loras`: the ids that it has, with commas between."""
    return _cause("no_such_lora", title=title, lora=lora, loras=loras)


def no_loras(title: str) -> Cause:
    """The model has no LoRA at all."""
    return _cause("no_loras", title=title)


def no_such_guide(title: str, guide: str, guides: str) -> Cause:
    """The model has no network of that id to follow a picture by; `guides`: those that it has, with commas between."""
    return _cause("no_such_guide", title=title, guide=guide, guides=guides)


def no_guides(title: str) -> Cause:
    """The model follows no picture."""
    return _cause("no_guides", title=title)


def model_objects(message: str) -> Cause:
    """The model's own code refuses the request, with this message of its own."""
    return _cause("model_objects", message=message)


def size_not_drawn(width: int, height: int, nearest_width: int, nearest_height: int) -> Cause:
    """The model rounds sizes, and would draw another one."""
    return _cause(
        "size_not_drawn", width=width, height=height, nearest_width=nearest_width, nearest_height=nearest_height
    )


def words_declined(title: str, declined: str, known: int, examples: str, english: int = 1) -> Cause:
    """The prompt asks for nothing but what the model does not try; both lists: in quotes, with commas between.

    `english`: 0 where hardly a word of the prompt is English, and the model reads nothing else. Older records lack it.
    """
    return _cause("words_declined", title=title, declined=declined, known=known, examples=examples, english=english)


def no_such_model(model: str, models: str) -> Cause:
    """The engine has no model of that id; `models`: the ids that it has, with commas between."""
    return _cause("no_such_model", model=model, models=models)


def no_such_upscaler(upscaler: str) -> Cause:
    """The engine has no upscaler of that id."""
    return _cause("no_such_upscaler", upscaler=upscaler)


def model_damaged() -> Cause:
    """The model's files are missing or damaged."""
    return _cause("model_damaged")


def upscale_without_picture() -> Cause:
    """An upscale came to the engine without its picture."""
    return _cause("upscale_without_picture")


def operation_without_picture(operation: str) -> Cause:
    """A request came to the engine without the pictures that it begins with; `operation` is one of `Operation`."""
    return _cause("operation_without_picture", operation=operation)


def call_unreadable() -> Cause:
    """The engine could not read what its slot asked for."""
    return _cause("call_unreadable")


# --- drawing -------------------------------------------------------------------------------------------------------


def size_over_memory(width: int, height: int) -> Cause:
    """The device's memory does not hold one picture of this size."""
    return _cause("size_over_memory", width=width, height=height)


def tile_over_memory() -> Cause:
    """Nor does it hold a small tile of a picture to upscale."""
    return _cause("tile_over_memory")


def load_over_budget(seconds: float) -> Cause:
    """Loading the model took longer than it may."""
    return _cause("load_over_budget", seconds=seconds)


def encode_over_budget(seconds: float) -> Cause:
    """Reading the prompt took longer than it may."""
    return _cause("encode_over_budget", seconds=seconds)


def steps_over_budget(seconds: float) -> Cause:
    """The steps took longer than they may."""
    return _cause("steps_over_budget", seconds=seconds)


def decode_over_budget(seconds: float) -> Cause:
    """Finishing the pictures took longer than it may."""
    return _cause("decode_over_budget", seconds=seconds)


def drawing_failed(error: str) -> Cause:
    """The engine ran into an error that nobody foresaw; `error`: its type."""
    return _cause("drawing_failed", error=error)


def encoding_failed() -> Cause:
    """A finished picture could not be written as a file."""
    return _cause("encoding_failed")


def numbers_absurd() -> Cause:
    """What the model made is not a number, usually for want of precision."""
    return _cause("numbers_absurd")


def device_lost() -> Cause:
    """The GPU answers no more."""
    return _cause("device_lost")


def render_cancelled() -> Cause:
    """Its client went away."""
    return _cause("render_cancelled")


# --- a picture that is sent in: to upscale, or to begin with -------------------------------------------------------


def picture_over_upscaler(width: int, height: int, most: int, scale: int) -> Cause:
    """The picture is too large; about `most` × `most` pixels can be made `scale` times as large."""
    return _cause("picture_over_upscaler", width=width, height=height, most=most, scale=scale)


def picture_far_too_large() -> Cause:
    """The picture is so large that it was not even looked at."""
    return _cause("picture_far_too_large")


def picture_over_pixels(width: int, height: int, megapixels: int) -> Cause:
    """The picture has more than `megapixels` million pixels."""
    return _cause("picture_over_pixels", width=width, height=height, megapixels=megapixels)


def source_of_other_format() -> Cause:
    """It is none of the formats that a request may begin with."""
    return _cause("source_of_other_format")


def picture_moves() -> Cause:
    """It is an animation."""
    return _cause("picture_moves")


def picture_of_other_format() -> Cause:
    """It is no PNG, JPEG or WebP."""
    return _cause("picture_of_other_format")


def picture_damaged() -> Cause:
    """Its file cannot be decoded."""
    return _cause("picture_damaged")


def picture_unlinked() -> Cause:
    """The record does not say where it is."""
    return _cause("picture_unlinked")


def picture_elsewhere() -> Cause:
    """Its link does not lead to Discord's CDN."""
    return _cause("picture_elsewhere")


def picture_gone() -> Cause:
    """Discord no longer has it."""
    return _cause("picture_gone")


def picture_away() -> Cause:
    """Discord did not hand it out this time."""
    return _cause("picture_away")


def picture_file_too_large(mebibytes: int) -> Cause:
    """Its file is larger than `mebibytes`."""
    return _cause("picture_file_too_large", mebibytes=mebibytes)


# Of a picture, or of a request, that is what it is: trying again comes to the same. What whoever runs Easel may yet add
# or mend, such as a LoRA, is not here.
FINAL = frozenset({
    "picture_over_upscaler", "picture_far_too_large", "picture_over_pixels", "source_of_other_format", "picture_moves",
    "picture_of_other_format", "picture_damaged", "picture_file_too_large",
    "width_unfit", "height_unfit", "size_not_drawn", "steps_over_model", "steps_over_sampler", "steps_unfit",
    "sampler_unfit", "operation_unfit", "no_moments", "inpaint_under_steps", "words_declined",
})  # fmt: skip


# --- posting -------------------------------------------------------------------------------------------------------


def pictures_expired() -> Cause:
    """The finished pictures waited too long for Discord and are no longer kept."""
    return _cause("pictures_expired")


def pictures_too_large() -> Cause:
    """No encoding makes the pictures small enough for Discord."""
    return _cause("pictures_too_large")


def discord_says(message: str) -> Cause:
    """Discord refused, with this message of its own."""
    return _cause("discord_says", message=message)


def discord_refused(number: int) -> Cause:
    """Discord refused, with this error code of its own."""
    return _cause("discord_refused", number=number)


def message_deleted() -> Cause:
    """Somebody deleted the message before its pictures came."""
    return _cause("message_deleted")


def discord_unclear(status: int) -> Cause:
    """Discord refused for a long while, with this status of HTTP and no word why."""
    return _cause("discord_unclear", status=status)


def refused_too_long() -> Cause:
    """Discord has refused for a while, and others' pictures need the room."""
    return _cause("refused_too_long")


def channel_deleted() -> Cause:
    """The channel is no more."""
    return _cause("channel_deleted")


def channel_hidden() -> Cause:
    """The bot does not see the channel, or is not in that thread."""
    return _cause("channel_hidden")


def posting_forbidden() -> Cause:
    """The bot lacks a permission for messages or files there."""
    return _cause("posting_forbidden")


def thread_locked() -> Cause:
    """A moderator locked the thread."""
    return _cause("thread_locked")


def words_refused() -> Cause:
    """The server's AutoMod objects to the words."""
    return _cause("words_refused")


def link_refused() -> Cause:
    """Discord takes a link among the words for a harmful one."""
    return _cause("link_refused")


def pictures_refused() -> Cause:
    """Discord takes the pictures for explicit ones."""
    return _cause("pictures_refused")


def messages_closed() -> Cause:
    """The owner takes no direct messages from the bot."""
    return _cause("messages_closed")


def message_unreachable() -> Cause:
    """The interaction has ended, and nothing else leads to its message."""
    return _cause("message_unreachable")
