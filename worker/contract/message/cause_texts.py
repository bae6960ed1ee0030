"""The sentence for every cause: `types/cause.py` names them, here they become words."""

from collections.abc import Mapping

from worker.contract.types.cause import Cause, Value

from .languages import ENGLISH, N_, NN_, Language
from .markdown import safe
from .sampler_titles import sampler_title

_SHOWN = 120  # characters of a name, or of what Discord says

# A sentence, or one for each grammatical number with the name of what is counted. Placeholders are the cause's data.
_Sentence = str | tuple[tuple[str, str], str]
SENTENCES: dict[str, _Sentence] = {
    # Translators: {title} is the name of a model; all sizes are in pixels.
    "width_unfit": N_(
        "{title} draws widths from {least} to {most} pixels in steps of {multiple}; {width} is not one of them."
    ),
    # Translators: {title} is the name of a model; all sizes are in pixels.
    "height_unfit": N_(
        "{title} draws heights from {least} to {most} pixels in steps of {multiple}; {height} is not one of them."
    ),
    "steps_over_model": (
        # Translators: {title} is the name of a model.
        NN_(
            "{title} takes at most {most} step; you asked for {steps}.",
            "{title} takes at most {most} steps; you asked for {steps}.",
        ),
        "most",
    ),
    "steps_over_sampler": (
        # Translators: {sampler} is the name of a sampler such as LCM.
        NN_(
            "{sampler} takes at most {most} step; you asked for {steps}.",
            "{sampler} takes at most {most} steps; you asked for {steps}.",
        ),
        "most",
    ),
    # Translators: `steps` and `scheduler` are names of options and stay English.
    "steps_unfit": (
        NN_(
            "This sampler cannot draw in {steps} step. Raise `steps`, or choose another `scheduler`.",
            "This sampler cannot draw in {steps} steps. Raise `steps`, or choose another `scheduler`.",
        ),
        "steps",
    ),
    # Translators: {sampler} is the name of a sampler; "scheduler" is the name of the option and stays English.
    "sampler_unfit": N_("This model has a sampler of its own; {sampler} does not suit it. Leave `scheduler` out."),
    # Translators: `steps` and `strength` are names of options and stay English.
    "inpaint_under_steps": N_(
        "To draw a part of a picture anew takes at least {least} steps; of these {steps} are left. Raise `steps` or "
        "`strength`."
    ),
    # Translators: {title} is the name of a model, {operation} stays English, such as img2img.
    "operation_unfit": N_("{title} cannot draw from a picture ({operation})."),
    # Translators: {title} is the name of a model.
    "no_moments": N_("{title} cannot show how this picture came about, or turns to noise."),
    # Translators: {title} is the name of a model, {lora} what somebody typed, {loras} the names that there are.
    "no_such_lora": N_("{title} has no LoRA called {lora}. It has: {loras}."),
    # Translators: {title} is the name of a model.
    "no_loras": N_("{title} has no LoRAs. Leave `lora` out, or choose another model."),
    # Translators: {title} is the name of a model, {guide} and {guides} ways to follow a picture, such as canny.
    "no_such_guide": N_("{title} cannot follow a picture by {guide}. It can by: {guides}."),
    # Translators: {title} is the name of a model.
    "no_guides": N_("{title} cannot follow a picture. Leave that picture out, or choose another model."),
    # Translators: {message} comes from the model's program and is in English.
    "model_objects": N_("This model does not take that: {message}."),
    # Translators: all sizes are in pixels.
    "size_not_drawn": N_(
        "This model cannot draw {width} × {height}; near it, it draws {nearest_width} × {nearest_height}."
    ),
    # Translators: {title} is the name of a model. {declined} are words of a prompt as the person wrote them, {examples}
    # names of things in English, those first that come near; both in quotes, with commas between.
    "words_declined": (
        NN_(
            "{title} can't draw this: it has not learnt to draw {declined}. It knows {known} thing: {examples}.",
            "{title} can't draw this: it has not learnt to draw {declined}. It knows {known} things, such as "
            "{examples}. `/models` shows them all.",
        ),
        "known",
    ),
    # Translators: {model} is the id of a model, {models} are those that there are, with commas between.
    "no_such_model": N_("No model is called {model} here. There are: {models}."),
    # Translators: {upscaler} is the id of a network that makes pictures larger.
    "no_such_upscaler": N_("No upscaler is called {upscaler} here."),
    # Translators: "its" refers to the model.
    "model_damaged": N_("Its files are missing or damaged. The operator has been told."),
    "upscale_without_picture": N_("An upscale needs its picture."),
    # Translators: {operation} stays English, such as img2img.
    "operation_without_picture": N_("The picture to draw from is missing ({operation})."),
    "call_unreadable": N_(
        "A part of Easel could not read what another one wrote; they may be of different versions. "
        "Ask whoever runs Easel to look at the worker's log."
    ),
    "size_over_memory": N_(
        "{width} × {height} does not fit even one picture at a time: choose a smaller size or a smaller model."
    ),
    "tile_over_memory": N_("Not even a small tile of the picture fits beside the model."),
    "load_over_budget": N_("Loading the model took longer than {seconds} s."),
    "encode_over_budget": N_("Reading the prompt took longer than {seconds} s."),
    "steps_over_budget": N_("The steps took longer than {seconds} s."),
    "decode_over_budget": N_("Finishing the pictures took longer than {seconds} s."),
    # Translators: {error} is the name of an error in the program, such as ValueError.
    "drawing_failed": N_("The engine failed while drawing ({error})."),
    "encoding_failed": N_("A picture could not be encoded."),
    "numbers_absurd": N_(
        'The model made numbers that are no picture. An operator may set dtype = "bfloat16" or "float32" for it.'
    ),
    "device_lost": N_("The GPU stopped answering; the engine is being started again."),
    "render_cancelled": N_("It was cancelled."),
    "picture_over_upscaler": N_(
        "This picture is too large to be upscaled here: {width} × {height} pixels. "
        "Up to about {most} × {most} can be upscaled ×{scale}."
    ),
    # Translators: "it" is the picture that somebody wants to make larger or sent in, here and in the following.
    "picture_far_too_large": N_("It is far too large."),
    # Translators: {megapixels} is in millions of pixels.
    "picture_over_pixels": N_(
        "It has {width} × {height} pixels; at most {megapixels} million are taken. Please send a smaller one."
    ),
    "source_of_other_format": N_("It is no PNG, JPEG, WebP or GIF picture. Please send it as one of these."),
    "picture_moves": N_("It moves; only still pictures can be upscaled."),
    "picture_of_other_format": N_("It is no PNG, JPEG or WebP picture."),
    "picture_damaged": N_("Its file is damaged. Please choose another picture."),
    "picture_unlinked": N_("Nothing says where it is."),
    "picture_elsewhere": N_("Its link does not lead to Discord."),
    "picture_gone": N_("It is gone; its message was deleted, or this waited too long."),
    "picture_away": N_("Discord did not hand it out. Please try again in a few minutes."),
    "picture_file_too_large": N_("Its file is larger than {mebibytes} MiB."),
    # Translators: "they" are the finished pictures.
    "pictures_expired": N_("They waited too long and are no longer kept."),
    # Translators: "they" are the finished pictures.
    "pictures_too_large": N_("They are too large even when made smaller."),
    # Translators: {message} comes from Discord and is in English, such as "Missing Access".
    "discord_says": N_("Discord says: {message}."),
    "discord_refused": N_("Discord's code is {number}."),
    "message_deleted": N_("The message was deleted."),
    # Translators: {status} is a number such as 404.
    "discord_unclear": N_("Discord refuses them without saying why (HTTP {status})."),
    "refused_too_long": N_("Discord has not taken them there for a while."),
    # Translators: why nothing can be posted in a channel, here and in the following.
    "channel_deleted": N_("That channel was deleted."),
    "channel_hidden": N_(
        "I am not in that thread, or may not see that channel. Mention me in the thread, or ask an admin to let me "
        "view the channel."
    ),
    "posting_forbidden": N_(
        "I lack a permission there. Ask an admin to let me view the channel, send messages and attach files, then ask "
        "again."
    ),
    "thread_locked": N_("That thread was locked by a moderator."),
    "words_refused": N_("This server's AutoMod does not allow these words. Please ask again in other words."),
    "link_refused": N_("Discord takes a link among the words for a harmful one. Please ask again without it."),
    "pictures_refused": N_("Discord takes them for explicit pictures."),
    "message_unreachable": N_("Discord lets a reply be changed for fifteen minutes only, and this took longer."),
    "messages_closed": N_("Discord does not let me send you direct messages either."),
}
# What is said of words that are in another language.
_NOT_ENGLISH: _Sentence = (
    # Translators: as above. The model understands English alone, in whatever language this is read.
    NN_(
        "{title} can't draw this: it reads English, and does not know {declined}. It knows {known} thing: {examples}.",
        "{title} can't draw this: it reads English, and does not know {declined}. It knows {known} things, such as "
        "{examples}. `/models` shows them all.",
    ),
    "known",
)


def cause_sentence(cause: Cause, language: Language) -> str:
    """What a cause says to the person who asked. One that we do not know comes from a newer Easel, or is damaged."""
    return _say(cause, language, {name: _shown(name, value, language) for name, value in cause.data.items()})


def logged(cause: Cause) -> str:
    """The same for logs of any level: in English, without what people may have written. An unknown one: its code."""
    return _say(cause, ENGLISH, cause.for_logs) if cause.code in SENTENCES else str(cause)


def unabridged(cause: Cause) -> str:
    """The same with its data as it is, people's words among it: for logs at DEBUG alone."""
    return _say(cause, ENGLISH, cause.data)


def _say(cause: Cause, language: Language, data: Mapping[str, Value]) -> str:
    foreign = cause.code == "words_declined" and cause.data.get("english") == 0
    sentence = _NOT_ENGLISH if foreign else SENTENCES.get(cause.code)
    try:
        if isinstance(sentence, tuple):
            (one, many), counted = sentence
            return language.ngettext(one, many, float(cause.data[counted]), **data)
        if sentence is not None:
            return language.gettext(sentence, **data)
    except (KeyError, ValueError, OverflowError):
        pass
    return language.gettext("A newer version of Easel knows more about why; whoever runs it finds it in the log.")


def _shown(name: str, value: Value, language: Language) -> Value:
    if not isinstance(value, str):
        return value
    return safe(sampler_title(value, language) if name == "sampler" else value, _SHOWN)
