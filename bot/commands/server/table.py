"""What admins of a server can set: one row a setting, from which panel, forms, subcommands and words are all made.

A new setting is a row here, beside its field in `ServerSettings`, and its name in a form (`forms.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from worker.contract.message.languages import N_, NN_
from worker.contract.message.sampler_titles import SAMPLER_TITLES
from worker.contract.message.verbs import VERBS
from worker.contract.types.request import COUNT_MAX, GUIDANCE_MAX, PIXELS_MAX, SIDE_MAX, SIDE_MIN, SIDE_STEP, STEPS_MAX
from worker.contract.types.server_settings import (
    AT_ONCE_MAX,
    PER_MINUTE_MAX,
    PICTURES_A_DAY_MAX,
    SECONDS_A_DAY_MAX,
    SENTENCE_MAX,
    UsedUp,
    Whose,
)
from worker.contract.types.telling import Telling

UPSCALE_MEGAPIXELS_MAX = 256
DAYS_MAX = 366  # for which a person has more pictures


class Kind(Enum):
    """How a value is typed, chosen and shown."""

    WHOLE = "whole"
    REAL = "real"
    SPAN = "span"  # seconds, typed as "10 min"
    CHOICE = "choice"
    MODEL = "model"
    MODELS = "models"
    SAMPLER = "sampler"
    SAMPLERS = "samplers"
    CHANNEL = "channel"
    SENTENCE = "sentence"
    BLOCK = "block"
    GRANT = "grant"


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    """All about one setting.

    Attributes:
        label: above its field, at most 45 characters; also what subcommands offer.
        short: in a sentence about its change.
        hint: what it means, where the label alone does not say; the bounds come after it.
        least, most: bounds of a number that hold everywhere; the operator's ceiling may be lower.
        step: numbers are multiples of it.
        amount: a number of it in words, singular and plural; () where it is no amount.
        choices: the values of a CHOICE with their labels.
        itself: what holds where nothing is set, of a CHOICE for which Easel has a rule of its own.
        limit: more of it is more to do for whoever runs Easel, so a ceiling may bound it.
        ends: no request can have more than `most`, whoever allows it; of other numbers `most` is beyond all use.
    """

    label: str
    short: str
    kind: Kind
    hint: str = ""
    least: float = 0
    most: float = 0
    step: int = 1
    amount: tuple[str, str] | tuple[()] = ()
    choices: Mapping[str, str] | None = None
    itself: str = ""
    limit: bool = False
    ends: bool = False


_TOGETHER: Mapping[str, SettingRow] = {
    "at_once": SettingRow(
        # Translators: settings of a server, at most 45 characters, here and in the following.
        label=N_("Requests at once"),
        # Translators: the same within a sentence such as "Changed: at once, 3 → 5", here and in the following.
        short=N_("at once"),
        kind=Kind.WHOLE,
        hint=N_("Waiting or being drawn."),
        least=1,
        most=AT_ONCE_MAX,
        amount=NN_("{amount} request at once", "{amount} requests at once"),
        limit=True,
    ),
    "day_pictures": SettingRow(
        label=N_("Pictures a day"),
        short=N_("pictures a day"),
        kind=Kind.WHOLE,
        most=PICTURES_A_DAY_MAX,
        amount=NN_("{amount} picture a day", "{amount} pictures a day"),
        limit=True,
    ),
    "day_gpu_seconds": SettingRow(
        label=N_("GPU time a day"),
        short=N_("GPU time a day"),
        kind=Kind.SPAN,
        hint=N_("Such as 90 s, 10 min or 2 h."),
        most=SECONDS_A_DAY_MAX,
        amount=NN_("{amount} of GPU time a day", "{amount} of GPU time a day"),
        limit=True,
    ),
    "per_minute": SettingRow(
        label=N_("Requests a minute"),
        short=N_("requests a minute"),
        kind=Kind.WHOLE,
        least=1,
        most=PER_MINUTE_MAX,
        amount=NN_("{amount} request a minute", "{amount} requests a minute"),
        limit=True,
    ),
}
_REQUEST: Mapping[str, SettingRow] = {
    "pictures": SettingRow(
        label=N_("Pictures in one request"),
        short=N_("pictures in one request"),
        kind=Kind.WHOLE,
        least=1,
        most=COUNT_MAX,
        amount=NN_("up to {amount} picture", "up to {amount} pictures"),
        limit=True,
        ends=True,
    ),
    "steps": SettingRow(
        label=N_("Steps"),
        short=N_("steps"),
        kind=Kind.WHOLE,
        least=1,
        most=STEPS_MAX,
        amount=NN_("{amount} step", "{amount} steps"),
        limit=True,
        ends=True,
    ),
    "megapixels": SettingRow(
        label=N_("Megapixels of a picture"),
        short=N_("megapixels"),
        kind=Kind.REAL,
        hint=N_("1 is about 1024 × 1024."),
        least=0.01,
        most=PIXELS_MAX / 1024**2,
        amount=NN_("{amount} megapixel", "{amount} megapixels"),
        limit=True,
        ends=True,
    ),
    "upscale_megapixels": SettingRow(
        label=N_("Megapixels of an upscaled picture"),
        short=N_("megapixels after upscaling"),
        kind=Kind.REAL,
        least=0.01,
        most=UPSCALE_MEGAPIXELS_MAX,
        amount=NN_("{amount} megapixel after upscaling", "{amount} megapixels after upscaling"),
        limit=True,
    ),
    "guidance_scale": SettingRow(
        label=N_("Guidance scale"),
        short=N_("guidance scale"),
        kind=Kind.REAL,
        most=GUIDANCE_MAX,
        amount=NN_("guidance up to {amount}", "guidance up to {amount}"),
        limit=True,
        ends=True,
    ),
}
_ALLOWED: Mapping[str, SettingRow] = {
    "models": SettingRow(
        label=N_("Models that may be used"),
        short=N_("models"),
        kind=Kind.MODELS,
        hint=N_("None chosen: all, also those that come later."),
    ),
    "samplers": SettingRow(
        label=N_("Samplers that may be used"),
        short=N_("samplers"),
        kind=Kind.SAMPLERS,
        hint=N_("None chosen: all."),
    ),
}
LIMITS: Mapping[str, SettingRow] = {**_TOGETHER, **_REQUEST, **_ALLOWED}
TOGETHER = _TOGETHER
USUAL: Mapping[str, SettingRow] = {
    "model": SettingRow(
        label=N_("The usual model"),
        short=N_("the usual model"),
        kind=Kind.MODEL,
        hint=N_("For people who choose none. None chosen here: as elsewhere."),
    ),
    "pictures": SettingRow(
        label=N_("The usual number of pictures"),
        short=N_("usual pictures"),
        kind=Kind.WHOLE,
        least=1,
        most=COUNT_MAX,
        amount=NN_("{amount} picture", "{amount} pictures"),
    ),
    "steps": SettingRow(
        label=N_("The usual steps"),
        short=N_("usual steps"),
        kind=Kind.WHOLE,
        least=1,
        most=STEPS_MAX,
        amount=NN_("{amount} step", "{amount} steps"),
    ),
    "guidance_scale": SettingRow(
        label=N_("The usual guidance scale"),
        short=N_("usual guidance scale"),
        kind=Kind.REAL,
        most=GUIDANCE_MAX,
        amount=NN_("guidance {amount}", "guidance {amount}"),
    ),
    "sampler": SettingRow(
        label=N_("The usual sampler"),
        short=N_("the usual sampler"),
        kind=Kind.SAMPLER,
        hint=N_("For people who choose none. None chosen here: the model's own."),
    ),
    "width": SettingRow(
        label=N_("The usual width"),
        short=N_("usual width"),
        kind=Kind.WHOLE,
        least=SIDE_MIN,
        most=SIDE_MAX,
        step=SIDE_STEP,
        amount=NN_("{amount} pixel wide", "{amount} pixels wide"),
    ),
    "height": SettingRow(
        label=N_("The usual height"),
        short=N_("usual height"),
        kind=Kind.WHOLE,
        least=SIDE_MIN,
        most=SIDE_MAX,
        step=SIDE_STEP,
        amount=NN_("{amount} pixel high", "{amount} pixels high"),
    ),
}
_WHOSE: Mapping[str, str] = {
    # Translators: who may press a button under another person's picture, here and in the following.
    Whose.ANYONE: N_("anyone"),
    Whose.OWNER: N_("its owner and moderators"),
    Whose.NOBODY: N_("nobody"),
}
BUTTONS: Mapping[str, SettingRow] = {
    verb.value: SettingRow(
        label=row.label, short=row.label, kind=Kind.CHOICE, hint=row.help, choices=_WHOSE, itself=row.allowed.value
    )
    for verb, row in VERBS.items()
    if row.settable
}
SINGLE: Mapping[str, SettingRow] = {
    "used_up": SettingRow(
        label=N_("When a day is used up"),
        short=N_("when a day is used up"),
        kind=Kind.CHOICE,
        choices={
            # Translators: what happens to requests when the day's pictures are used up, here and in the following.
            UsedUp.REFUSE: N_("refuse what is asked for"),
            UsedUp.LAST: N_("draw it after everybody else's"),
        },
    ),
    "results_to": SettingRow(
        label=N_("Channel for all results"),
        short=N_("results in"),
        kind=Kind.CHANNEL,
        hint=N_("None chosen: where they were asked for."),
    ),
    "log_channel": SettingRow(
        label=N_("Channel that hears of changes here"),
        short=N_("changes are told in"),
        kind=Kind.CHANNEL,
        hint=N_("None chosen: they are only kept in “Changes”."),
    ),
    "tell": SettingRow(
        label=N_("Who is told that theirs is done"),
        short=N_("told when done"),
        kind=Kind.CHOICE,
        hint=N_("By a reply. Each person can choose otherwise for themselves."),
        choices={
            # Translators: who gets a reply that mentions them when their pictures are done, here and in the following.
            Telling.ASKED: N_("only who asks for it"),
            Telling.LATE: N_("who waited for a minute"),
        },
        itself=Telling.ASKED,
    ),
    "paused": SettingRow(
        label=N_("What people are told while it is paused"),
        short=N_("pause"),
        kind=Kind.SENTENCE,
        hint=N_("Empty: Easel is not paused here."),
        most=SENTENCE_MAX,
    ),
}
PEOPLE: Mapping[str, SettingRow] = {
    "blocked": SettingRow(label=N_("Blocked people"), short=N_("blocked"), kind=Kind.BLOCK),
    "grants": SettingRow(label=N_("More pictures for a person"), short=N_("more pictures a day"), kind=Kind.GRANT),
}
# Fields of the forms about a person, which make one entry together.
PERSON_FIELDS: Mapping[str, SettingRow] = {
    "why": SettingRow(
        label=N_("Why? They are told so."),
        short="",
        kind=Kind.SENTENCE,
        hint=N_("May stay empty. What they have waiting here is cancelled."),
        most=SENTENCE_MAX,
    ),
    "pictures": SettingRow(
        label=N_("How many more pictures a day?"), short="", kind=Kind.WHOLE, least=1, most=PICTURES_A_DAY_MAX
    ),
    "days": SettingRow(label=N_("For how many days?"), short="", kind=Kind.WHOLE, least=1, most=DAYS_MAX),
}
SAMPLERS = tuple(each.value for each in SAMPLER_TITLES)
