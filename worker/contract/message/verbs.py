"""What people can do to a job's message: one row a verb, from which buttons, reactions, /help and permissions are made.

A new verb is a member of `Verb`, its row in `VERBS`, and what it does: a handler in `bot/verbs/handlers.py`.
Whatever is not in a row here (an emoji, who may, on which jobs) is nowhere else either; a test holds that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum

from worker.contract.types.job import State

from .languages import N_

_VARIATION = "\N{VARIATION SELECTOR-16}"  # "in colour, please"; some clients send it with a reaction, some do not
_KEYCAP = f"{_VARIATION}\N{COMBINING ENCLOSING KEYCAP}"


class Verb(StrEnum):
    """Its name stands in custom ids (`1:<verb>:…`), so it never changes. Buttons and /help keep this order."""

    UPSCALE = "upscale"
    VARY_LITTLE = "varylittle"
    VARY_LOT = "varylot"
    ENHANCE = "enhance"
    ZOOM_SOME = "zoomsome"
    ZOOM_TWICE = "zoomtwice"
    WIDEN = "widen"
    HEIGHTEN = "heighten"
    CAME_ABOUT = "cameabout"
    FORWARD = "forward"
    RERUN = "rerun"
    EDIT = "edit"
    KEEP = "keep"
    SEND = "send"
    MORE = "more"
    CANCEL = "cancel"
    TELL = "tell"
    DELETE = "delete"


class Allowed(Enum):
    """Who may use a verb."""

    ANYONE = "anyone"
    OWNER = "owner"  # and whoever may manage messages in that channel
    ALONE = "alone"  # the owner and nobody else, whatever admins set


class Shows(Enum):
    """What becomes of using a verb, for whoever does."""

    JOB = "job"  # a new one, with a message of its own
    CHANGE = "change"  # of the message that it is used on
    FORM = "form"  # one that opens
    ASIDE = "aside"  # an answer for them alone


class ButtonStyle(IntEnum):
    """Discord's styles, as far as they are used."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


@dataclass(frozen=True, kw_only=True)
class VerbRow:
    """Everything about a verb but what it does. What people read of it is English, marked for translation.

    Attributes:
        label: on its button.
        numbered_label: on the button of one of several pictures, with `{number}` from 1; "" for a verb that is about
            the whole message.
        used_label, used_numbered_label: likewise, where it has been done to that picture already; "" where that is not
            told. Such a button is blue; those of older messages are green.
        question: what a press on its button is answered with where pictures are at stake, for whoever pressed alone;
            done it is by the button below. "" does it at once, as a reaction always does.
        emoji: on its button; None for none.
        style: of its button.
        reactions: emoji that do the same; of a verb about one picture, that of the first picture first. Verbs with
            the same reaction are never offered in the same state.
        allowed: who may; a server's admins may decide otherwise if it is `settable`.
        set_with: the verb whose setting holds for this one, too; "" for none.
        shows: what becomes of it.
        rules_of: the command whose rules it obeys. A server's admins set in Discord who may use a command and where,
            and Discord asks that only of whoever types it; all that draws is one thing to them. "" for none.
        states: of the jobs under whose messages its button stands. Finished pictures have Delete and how they came
            about under More; where the bot is not a member, or only one person sees them, Delete stands under the
            message itself.
        help: what it does, for /help.
        not_yours: what everybody else reads; `{whose}` names the owner. "" where anyone may.
    """

    label: str
    numbered_label: str = ""
    used_label: str = ""
    used_numbered_label: str = ""
    question: str = ""
    emoji: str | None = None
    style: ButtonStyle = ButtonStyle.SECONDARY
    reactions: tuple[str, ...] = ()
    allowed: Allowed
    settable: bool = False
    set_with: str = ""
    shows: Shows
    rules_of: str = ""
    states: frozenset[State]
    help: str
    not_yours: str = ""

    @property
    def asks(self) -> bool:
        """Whether a new job comes of it."""
        return self.shows is Shows.JOB

    @property
    def per_picture(self) -> bool:
        """Whether it is done to one picture, which a custom id's index names."""
        return bool(self.numbered_label)


_UNFINISHED = frozenset({State.QUEUED, State.CLAIMED})
_FINISHED = frozenset({State.POSTED, State.FAILED, State.CANCELLED})


def _drawn_again(label: str, emoji: str, help_: str, numbered_label: str = "") -> VerbRow:
    """Of a verb that draws something of finished pictures: whoever may have them drawn again may have this."""
    return VerbRow(
        label=label,
        numbered_label=numbered_label,
        emoji=emoji,
        reactions=(emoji,),
        allowed=Allowed.ANYONE,
        set_with=Verb.RERUN,
        shows=Shows.JOB,
        rules_of="imagine",
        states=frozenset({State.POSTED}),
        help=help_,
    )


# Translators: of a picture; all around it, or to two sides.
_ON = N_("Draws on beyond its edges.")


VERBS: Mapping[Verb, VerbRow] = {
    Verb.UPSCALE: VerbRow(
        label=N_("Upscale"),
        # Translators: short for "Upscale picture {number}"; many of these buttons stand side by side.
        numbered_label=N_("U{number}"),
        # Translators: the same, where that picture has been made larger already.
        used_label=N_("Upscaled ✓"),
        used_numbered_label=N_("U{number} ✓"),
        reactions=tuple(f"{number}{_KEYCAP}" for number in range(1, 5)),
        allowed=Allowed.ANYONE,
        settable=True,
        shows=Shows.JOB,
        rules_of="imagine",
        states=frozenset({State.POSTED}),
        # Translators: what a button does, here and in the following; who may comes after it.
        help=N_("Makes that picture larger."),
    ),
    Verb.VARY_LITTLE: _drawn_again(
        N_("Vary a little"),
        "🪄",
        N_("Draws four more like that picture."),
        # Translators: short for "Vary picture {number} a little"; many of these buttons stand side by side.
        N_("V{number}"),
    ),
    Verb.VARY_LOT: _drawn_again(N_("Vary a lot"), "🎨", N_("Draws four others of it.")),
    Verb.ENHANCE: _drawn_again(N_("Enhance"), "✨", N_("Draws a draft again, same seed, all steps.")),
    # Translators: the camera goes back, and more is seen all around the picture.
    Verb.ZOOM_SOME: _drawn_again(N_("Zoom out"), "🔎", _ON),
    Verb.ZOOM_TWICE: _drawn_again(N_("Zoom out ×2"), "🔭", _ON),
    # Translators: more is seen to the left and right of the picture; in the next, above and below it.
    Verb.WIDEN: _drawn_again(N_("Widen"), "↔️", _ON),
    Verb.HEIGHTEN: _drawn_again(N_("Heighten"), "↕️", _ON),
    Verb.CAME_ABOUT: _drawn_again(
        N_("How it came about"),
        "🎞️",
        N_("Its way from noise."),
        # Translators: short for "How picture {number} came about"; several of these buttons stand side by side.
        N_("How {number}"),
    ),
    # Translators: of a picture that something was drawn from; noise is added to it until nothing else is left.
    Verb.FORWARD: _drawn_again(N_("How it turns to noise"), "🌫️", N_("The way of the picture that it began with.")),
    Verb.RERUN: VerbRow(
        label=N_("Rerun"),
        emoji="🔁",
        reactions=("🔁",),
        allowed=Allowed.ANYONE,
        settable=True,
        shows=Shows.JOB,
        rules_of="imagine",
        states=_FINISHED,
        help=N_("Draws all again with a new seed."),
    ),
    Verb.EDIT: VerbRow(
        label=N_("Edit"),
        emoji="✏️",
        reactions=("✏️",),
        allowed=Allowed.ANYONE,
        shows=Shows.FORM,
        rules_of="imagine",
        states=_FINISHED,
        help=N_("Opens a form with all of it, to change it."),
    ),
    Verb.KEEP: VerbRow(
        label=N_("Keep"),
        emoji="⭐",
        reactions=("⭐",),
        allowed=Allowed.ANYONE,
        shows=Shows.ASIDE,
        states=frozenset({State.POSTED}),
        help=N_("Keeps it in your `/favourites`."),
    ),
    Verb.SEND: VerbRow(
        label=N_("Send to me"),
        emoji="✉️",
        reactions=("✉️",),
        allowed=Allowed.ANYONE,
        shows=Shows.ASIDE,
        states=frozenset({State.POSTED}),
        help=N_("Sends you the pictures with their seeds by direct message."),
    ),
    Verb.MORE: VerbRow(
        label=N_("More"),
        allowed=Allowed.ANYONE,
        shows=Shows.ASIDE,
        states=frozenset({State.POSTED}),
        help=N_("Shows the command to copy, the seeds and the whole prompt."),
    ),
    Verb.CANCEL: VerbRow(
        label=N_("Cancel"),
        style=ButtonStyle.DANGER,
        reactions=("❌",),
        allowed=Allowed.OWNER,
        settable=True,
        shows=Shows.CHANGE,
        states=_UNFINISHED,
        help=N_("Stops it while it waits or is drawn."),
        # Translators: {whose} is nothing, or a mention of that person in brackets, here and in the following.
        not_yours=N_("Only the person who asked for it{whose} or a moderator can cancel this."),
    ),
    Verb.TELL: VerbRow(
        label=N_("Tell me when done"),
        # Translators: the same, where whoever asked for the pictures is told when they are done.
        used_label=N_("Told when done ✓"),
        emoji="🔔",
        reactions=("🔔",),
        allowed=Allowed.ALONE,
        shows=Shows.ASIDE,
        states=_UNFINISHED,
        help=N_("Mentions you when it is done."),
        not_yours=N_("Only the person who asked for it{whose} can be told when it is done."),
    ),
    Verb.DELETE: VerbRow(
        label=N_("Delete"),
        question=N_("Delete these pictures? Nobody can bring them back."),
        emoji="❌",
        reactions=("❌",),
        allowed=Allowed.OWNER,
        settable=True,
        shows=Shows.CHANGE,
        states=_FINISHED,
        help=N_("Deletes the message with its pictures."),
        not_yours=N_("Only the person who asked for it{whose} or a moderator can delete this."),
    ),
}


def of_reaction(emoji: str) -> list[tuple[Verb, int]]:
    """The verbs that a reaction may mean, each with the picture that it is about, from 0."""
    plain = _plain(emoji)
    return [
        (verb, index if row.per_picture else 0)
        for verb, row in VERBS.items()
        for index, each in enumerate(row.reactions)
        if _plain(each) == plain
    ]


def in_state(meanings: list[tuple[Verb, int]], state: State | None) -> tuple[Verb, int]:
    """Which of several verbs with the same reaction is meant on a job in this state: the one that is offered then.

    The last one is, where none is offered or nobody knows the job any more: what is said of a finished job then fits.
    """
    return next((each for each in meanings if state in VERBS[each[0]].states), meanings[-1])


def _plain(emoji: str) -> str:
    return emoji.replace(_VARIATION, "")
