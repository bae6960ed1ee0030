"""Every limit in every state, and the whole sentence that a person reads then."""

from bot import errors
from bot.layers import OPERATOR, SERVER, TIER, Layer, LayerKind, Value
from bot.limit_errors import Blocked, NotAllowed, OverLimit, Paused, SettingsChanging
from worker.contract.message.verbs import Verb
from worker.contract.store.jobs import AdmissionLimit, Refused
from worker.contract.types.server_settings import Whose

BOOSTER, GALLERY, GRANT = Layer(LayerKind.ROLE, 21), Layer(LayerKind.CHANNEL, 5), Layer(LayerKind.GRANT)
MIDNIGHT = 1_800_057_600
MORE = f"More <t:{MIDNIGHT}:R>."


def met(
    why: AdmissionLimit, limit: int, count: int, layer: Layer = SERVER, *, again: float | None = None, asked: int = 1
) -> errors.OverCap:
    until = MIDNIGHT if "day" in why else None
    return errors.OverCap(Refused(why, limit, count, again, asked, until), layer)


LIMITS: list[tuple[errors.Refusal, str]] = [
    (
        met(AdmissionLimit.PERSON, 3, 3, again=42.0),
        "You have 3 requests waiting or running; this server allows at most 3. Please try again in about 40 seconds.",
    ),
    (
        met(AdmissionLimit.PERSON, 1, 1, BOOSTER),
        "You have 1 request waiting or running; your roles here allow at most 1. Please wait for one to finish.",
    ),
    (
        met(AdmissionLimit.PERSON, 2, 5, GALLERY, again=9),
        "You have 5 requests waiting or running; this channel allows at most 2. Please try again in about 10 seconds.",
    ),
    (
        met(AdmissionLimit.EVERYWHERE, 10, 10, OPERATOR),
        (
            "In all servers together you have 10 requests waiting or running; whoever runs Easel allows at most 10. "
            "Please wait for one to finish."
        ),
    ),
    (
        met(AdmissionLimit.SERVER, 20, 20, TIER),
        (
            "This server has 20 requests waiting or running; whoever runs Easel allows at most 20. "
            "Please wait for one to finish."
        ),
    ),
    (
        met(AdmissionLimit.TOTAL, 500, 500, OPERATOR, again=600),
        (
            "Easel is full: altogether it has 500 requests waiting or running; whoever runs Easel allows at most 500. "
            "Please try again in about 10 minutes."
        ),
    ),
    (
        met(AdmissionLimit.RATE_PERSON, 20, 20, OPERATOR, again=2.9),
        "That was quick: whoever runs Easel allows at most 20 requests a minute. Please try again in about 5 seconds.",
    ),
    (
        met(AdmissionLimit.RATE_MEMBER, 1, 1, again=60),
        "You are asking quickly: this server allows at most 1 request a minute. Please try again in about 60 seconds.",
    ),
    (
        met(AdmissionLimit.RATE_SERVER, 5, 5, again=30),
        (
            "This server is asking quickly: this server allows at most 5 requests a minute. "
            "Please try again in about 30 seconds."
        ),
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 50, 50),
        f"You have drawn 50 pictures today, as many as this server allows. {MORE}",
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 60, 60, GRANT),
        f"You have drawn 60 pictures today, as many as admins granted you. {MORE}",
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 50, 48, BOOSTER, asked=4),
        f"You have drawn 48 pictures today; your roles here allow at most 50. You can ask for 2 pictures more. {MORE}",
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 5, 1, GRANT, asked=5),
        (
            "You have drawn 1 picture today; with what admins granted you it is at most 5. "
            f"You can ask for 4 pictures more. {MORE}"
        ),
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 50, 70),
        f"You have drawn 70 pictures today; this server allows at most 50. {MORE}",
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 0, 0),
        "You have drawn 0 pictures today, as many as this server allows.",  # nor are there more tomorrow
    ),
    (
        met(AdmissionLimit.DAY_PICTURES, 0, 4),
        "You have drawn 4 pictures today; this server allows at most 0.",
    ),
    (
        met(AdmissionLimit.DAY_GPU, 0, 0, asked=20_000),
        "You have used 0 seconds of GPU time today; this server allows at most 0 seconds.",
    ),
    (
        met(AdmissionLimit.DAY_GPU, 600_000, 590_000, asked=20_000),
        (
            "You have used 10 minutes of GPU time today; this server allows at most 10 minutes. "
            f"You can use 10 seconds more; this needs about 20 seconds. {MORE}"
        ),
    ),
    (
        met(AdmissionLimit.SERVER_DAY_PICTURES, 1000, 1000, OPERATOR),
        f"This server has drawn 1000 pictures today, as many as whoever runs Easel allows. {MORE}",
    ),
    (
        met(AdmissionLimit.SERVER_DAY_GPU, 7_200_000, 7_200_000),
        f"This server has used 2 hours of GPU time today; this server allows at most 2 hours. {MORE}",
    ),
    (OverLimit("pictures", 4, Value(1, GALLERY)), "You asked for 4 pictures; this channel allows at most 1."),
    (OverLimit("steps", 60, Value(50, SERVER)), "You asked for 60 steps; this server allows at most 50."),
    (
        OverLimit("megapixels", 1.5, Value(1.0, BOOSTER)),
        "That would be 1.5 megapixels; your roles here allow at most 1.",
    ),
    (
        OverLimit("upscale_megapixels", 16, Value(4.5, SERVER)),
        "The larger picture would have 16 megapixels; this server allows at most 4.5.",
    ),
    (
        OverLimit("guidance_scale", 12.5, Value(9.0, OPERATOR)),
        "You asked for a guidance of 12.5; whoever runs Easel allows at most 9.",
    ),
    (
        NotAllowed("models", "flux", Value(("starter", "sdxl"), SERVER)),
        "**flux** can't be used here: this server allows only **starter** and **sdxl**.",
    ),
    (
        NotAllowed("models", "flux", Value(("gone", "sd15"), SERVER), {"flux": "FLUX.1 [dev]", "sd15": "SD 1.5"}),
        "**FLUX.1 \\[dev\\]** can't be used here: this server allows only **SD 1.5** and **gone**.",
    ),
    (
        NotAllowed("models", "", Value(("flux",), SERVER), {"sd15": "SD 1.5"}),
        (
            "Nothing that may be used here is running right now: this server allows only **flux**. "
            "Please try again in a few minutes."
        ),
    ),
    (
        NotAllowed("models", "flux", Value(("sd15",), GALLERY)),
        "**flux** can't be used in this channel: it allows only **sd15**.",
    ),
    (
        NotAllowed("samplers", "ddim", Value(("euler",), BOOSTER)),
        "**DDIM** can't be used here: this server allows you only **Euler**.",
    ),
    (NotAllowed("models", "flux", Value((), SERVER)), "**flux** can't be used here, and nothing else."),
    (Blocked(SERVER, ""), "Admins of this server do not let you use Easel."),
    (Blocked(SERVER, "spam @here."), "Admins of this server do not let you use Easel. “spam @\u200bhere.”"),
    (Blocked(OPERATOR, "Fraud."), "Whoever runs Easel does not let you use it. “Fraud.”"),
    (
        Blocked(OPERATOR, "Unpaid.", whole_server=True),
        "Whoever runs Easel does not let it be used in this server. “Unpaid.”",
    ),
    (Paused(SERVER, "Back at 8."), "Admins have paused Easel in this server; please try again later. “Back at 8.”"),
    (Paused(OPERATOR, ""), "Easel is paused; please try again later."),
    (SettingsChanging(), "The settings of this server are being changed just now. Please try again in a moment."),
    (
        errors.NotYours(Verb.UPSCALE, 7, Whose.OWNER),
        "In this server, only the person who asked for it (<@7>) or a moderator can do this.",
    ),
    (
        errors.NotYours(Verb.DELETE, 7, Whose.NOBODY),
        "In this server, only the person who asked for it (<@7>) can do this.",
    ),
]
