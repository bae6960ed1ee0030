"""Everything that the bot says, in the language of whoever reads it. Text from people is escaped in here.

    refusals   why the bot says no; `sources`, `followed`: of pictures that come in, and LoRAs
    models     what there is to draw with
    general    help, trouble, reactions
    form       the form after a refusal
    lesson     how to write a prompt
    results    what is told in private about a result
    flags      what is wrong with flags in a prompt

What a job's message says is in `worker/contract/message/texts.py`, for posters say it, too.
"""

from .flags import repeated, unheard
from .followed import follows_no_more
from .form import form_bound, form_default, form_label, form_title
from .general import (
    EXAMPLE,
    EXAMPLE_FLAGS,
    command_changed,
    deleted,
    discord_away,
    draw_without,
    forgotten,
    help_page,
    in_pages,
    queue_away,
    queue_refuses,
    queue_slow,
    queue_trouble,
    queue_unreached,
    reacted,
    try_again,
    unknown,
    upscale_again,
)
from .models import about_model, models
from .refusals import refusal
from .results import (
    edit_by_button,
    edit_here,
    kept,
    more,
    sent,
    sent_all,
    tell_always,
    tells_late,
    told_when_done,
    which_picture,
    which_to_vary,
    with_more_to_come,
)

__all__ = [
    "EXAMPLE",
    "EXAMPLE_FLAGS",
    "about_model",
    "command_changed",
    "deleted",
    "discord_away",
    "draw_without",
    "edit_by_button",
    "edit_here",
    "follows_no_more",
    "forgotten",
    "form_bound",
    "form_default",
    "form_label",
    "form_title",
    "help_page",
    "in_pages",
    "kept",
    "models",
    "more",
    "queue_away",
    "queue_refuses",
    "queue_slow",
    "queue_trouble",
    "queue_unreached",
    "reacted",
    "refusal",
    "repeated",
    "sent",
    "sent_all",
    "tell_always",
    "tells_late",
    "told_when_done",
    "try_again",
    "unheard",
    "unknown",
    "upscale_again",
    "which_picture",
    "which_to_vary",
    "with_more_to_come",
]
