"""The options `guide` and `style`: pictures to follow, by which network beside the model, and how closely."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from discord.app_commands import Choice

from bot.errors import BadOption, ModelObjects
from bot.source_errors import CannotFollow, FollowsNothing
from worker.contract.discord_limits import CHOICE_NAME_MAX, CHOICES_MAX
from worker.contract.types.guide_info import GuideInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import SourceRole
from worker.contract.types.request import WEIGHT_MAX, Guide

from .picture import GUIDE, STYLE, Attached

BY, WEIGHT = "by", "weight"  # `guide_by`, `style_weight` …
ROLES: Mapping[str, SourceRole] = {GUIDE: SourceRole.GUIDE, STYLE: SourceRole.REFERENCE}


@dataclass(frozen=True)
class Followed:
    """A picture to follow.

    Attributes:
        option: GUIDE or STYLE.
        by: the network, as it was typed; "" is the first of the model's that takes a picture so.
        weight: how closely; None is the network's own.
    """

    option: str
    picture: Attached
    by: str = ""
    weight: float | None = None

    @property
    def role(self) -> SourceRole:
        """What its picture is for."""
        return ROLES[self.option]

    def network(self, model: ModelInfo) -> GuideInfo | None:
        """By which of the model's it is followed; None where it has none that fits."""
        fit = [each for each in model.guides if each.role is self.role]
        wanted = self.by.strip().casefold()
        return next((each for each in fit if not wanted or wanted in {each.id, each.title.casefold()}), None)


def read(
    typed: Mapping[str, str], option: str, picture: Attached | None, number: Callable[[str], float | None]
) -> Followed | None:
    """What was typed of one of the two; None for nothing. Raises FollowsNothing or BadOption."""
    by, weight = f"{option}_{BY}", f"{option}_{WEIGHT}"
    if picture is None:
        alone = next((each for each in (by, weight) if typed.get(each)), None)
        if alone is not None:
            raise FollowsNothing(option, alone)
        return None
    share = number(weight)
    if share is not None and not 0 <= share <= WEIGHT_MAX:
        low = not share >= 0
        raise BadOption(weight, 0 if low else None, None if low else math.floor(WEIGHT_MAX))
    return Followed(option, picture, typed.get(by, ""), share)


def suits(model: ModelInfo, followed: Sequence[Followed]) -> bool:
    """Whether it can follow all of them."""
    return all(each.network(model) for each in followed)


def must_suit(model: ModelInfo, followed: Sequence[Followed], others: Sequence[str]) -> None:
    """Raise the Refusal that stands against following these; `others`: titles of models that can."""
    for each in followed:
        if each.network(model) is not None:
            continue
        if each.by and any(info.role is each.role for info in model.guides):
            raise ModelObjects(model.without_guide(each.by, each.role))
        raise CannotFollow(each.option, model.title, each.by, others)


def guides(model: ModelInfo, followed: Sequence[Followed]) -> tuple[Guide, ...]:
    """As the request has them; the model is one that suits."""
    found = ((each, network) for each in followed if (network := each.network(model)))
    return tuple(
        Guide(
            id=network.id,
            weight=network.weight if each.weight is None else each.weight,
            picture=each.picture.source(each.role),
        )
        for each, network in found
    )


def suggest(typed: str, models: Sequence[ModelInfo]) -> list[Choice[str]]:
    """Networks of these models that follow a guide, by what is typed of their names."""
    wanted, found = typed.strip().casefold(), dict[str, GuideInfo]()
    for each in (each for model in models for each in model.guides if each.role is SourceRole.GUIDE):
        if wanted in f"{each.id} {each.title}".casefold():
            found.setdefault(each.id, each)
    return [Choice(name=_said(each), value=each.id) for each in found.values()][:CHOICES_MAX]


def _said(network: GuideInfo) -> str:
    said = network.title + (f" · {network.description}" if network.description else "")
    return said if len(said) <= CHOICE_NAME_MAX else said[: CHOICE_NAME_MAX - 1] + "…"
