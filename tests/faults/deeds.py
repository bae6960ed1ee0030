"""What people of a storm do with a request's message: one row a deed, from which the plan draws and the crowd plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from worker.contract.message.custom_ids import FormId, FormStep, TellId, TellStep
from worker.contract.message.verbs import VERBS, Verb


class Then(StrEnum):
    """What the same or another person does with a request's message."""

    NOTHING = "nothing"
    CANCEL = "cancel"
    CANCEL_REACTION = "cancel by reaction"
    RERUN = "rerun"
    RERUN_REACTION = "rerun by reaction"
    UPSCALE = "upscale"
    UPSCALE_REACTION = "upscale by reaction"
    VARY = "vary"
    VARY_REACTION = "vary by reaction"
    ENHANCE = "enhance"
    ENHANCE_REACTION = "enhance by reaction"
    ZOOM = "zoom out"
    ZOOM_REACTION = "zoom out by reaction"
    WIDEN = "widen"
    HEIGHTEN = "heighten"
    CAME_ABOUT = "how it came about"
    CAME_ABOUT_REACTION = "how it came about by reaction"
    EDIT = "edit"
    EDIT_REACTION = "edit by reaction"
    KEEP = "keep"
    KEEP_REACTION = "keep by reaction"
    FAVOURITES = "favourites"
    SEND = "send"
    SEND_REACTION = "send by reaction"
    TELL = "tell"
    TELL_REACTION = "tell by reaction"
    TELL_ALWAYS = "tell always"
    DELETE = "delete"
    DELETE_REACTION = "delete by reaction"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How one deed is done.

    Attributes:
        often: its weight among all deeds.
        press: the buttons by their ids, or how these begin: the first under the message, each further one under what
            the one before was answered with.
        plain: the one button that is pressed instead under a message without pictures; "" for no other.
        react: the emoji; "" for none.
        command: what is typed in the same place; "" for none.
        form: a form opens in the end, or a button that leads to it; some words of it are changed, and it is sent.
        anybody: others do it, too.
        early: while the request waits or is drawn, not when it has ended.
    """

    often: int
    press: tuple[str, ...] = ()
    plain: str = ""
    react: str = ""
    command: str = ""
    form: bool = False
    anybody: bool = False
    early: bool = False


def _id(verb: Verb, shape: int = 1) -> str:
    """How the ids of its buttons begin: under the message; under a private answer; 4: under one that asks first."""
    return f"{shape}:{verb}"


def _sign(verb: Verb) -> str:
    return VERBS[verb].reactions[0]


FORM = f"{FormId(FormStep.CHANGE)}"  # opens the form where it did not open at once
_ALWAYS = str(TellId(TellStep.ON))
DEEDS: Mapping[Then, Way] = {
    Then.NOTHING: Way(often=24),
    Then.CANCEL: Way(often=9, press=(_id(Verb.CANCEL),), early=True),
    Then.CANCEL_REACTION: Way(often=6, react=_sign(Verb.CANCEL), early=True),
    Then.RERUN: Way(often=8, press=(_id(Verb.RERUN),), anybody=True),
    Then.RERUN_REACTION: Way(often=5, react=_sign(Verb.RERUN), anybody=True),
    Then.UPSCALE: Way(often=7, press=(_id(Verb.UPSCALE),), anybody=True),
    Then.UPSCALE_REACTION: Way(often=4, react=_sign(Verb.UPSCALE), anybody=True),
    Then.VARY: Way(often=4, press=(_id(Verb.VARY_LITTLE),), anybody=True),
    Then.VARY_REACTION: Way(often=2, react=_sign(Verb.VARY_LOT), anybody=True),
    Then.ENHANCE: Way(often=3, press=(_id(Verb.ENHANCE),), anybody=True),
    Then.ENHANCE_REACTION: Way(often=3, react=_sign(Verb.ENHANCE), anybody=True),
    Then.ZOOM: Way(often=3, press=(_id(Verb.ZOOM_SOME),), anybody=True),
    Then.ZOOM_REACTION: Way(often=2, react=_sign(Verb.ZOOM_TWICE), anybody=True),
    Then.WIDEN: Way(often=2, press=(_id(Verb.WIDEN),), anybody=True),
    Then.HEIGHTEN: Way(often=1, press=(_id(Verb.MORE), _id(Verb.HEIGHTEN, 2)), anybody=True),
    Then.CAME_ABOUT: Way(often=3, press=(_id(Verb.MORE), _id(Verb.CAME_ABOUT, 2)), anybody=True),
    Then.CAME_ABOUT_REACTION: Way(often=2, react=_sign(Verb.CAME_ABOUT), anybody=True),
    Then.EDIT: Way(often=5, press=(_id(Verb.EDIT),), form=True, anybody=True),
    Then.EDIT_REACTION: Way(often=2, react=_sign(Verb.EDIT), anybody=True),
    Then.KEEP: Way(often=4, press=(_id(Verb.KEEP),), anybody=True),
    Then.KEEP_REACTION: Way(often=2, react=_sign(Verb.KEEP), anybody=True),
    Then.FAVOURITES: Way(often=2, command="favourites", anybody=True),
    Then.SEND: Way(often=4, press=(_id(Verb.SEND),), anybody=True),
    Then.SEND_REACTION: Way(often=3, react=_sign(Verb.SEND), anybody=True),
    Then.TELL: Way(often=8, press=(_id(Verb.TELL),), early=True),
    Then.TELL_REACTION: Way(often=2, react=_sign(Verb.TELL), early=True),
    Then.TELL_ALWAYS: Way(often=2, press=(_id(Verb.TELL), _ALWAYS), early=True),
    Then.DELETE: Way(often=4, press=(_id(Verb.MORE), _id(Verb.DELETE, 4), _id(Verb.DELETE, 2)), plain=_id(Verb.DELETE)),
    Then.DELETE_REACTION: Way(often=4, react=_sign(Verb.DELETE)),
}
