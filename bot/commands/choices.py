"""What may be chosen at a place: the models and samplers that suggestions and forms offer."""

from collections.abc import Sequence

from bot.policy.limits import Policy
from worker.contract.message.languages import Language
from worker.contract.message.sampler_titles import SAMPLER_TITLES, sampler_title
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Scheduler


def models(live: Sequence[ModelInfo], policy: Policy | None) -> list[ModelInfo]:
    """Those that may be used; all of them where nobody knows the policy."""
    return [each for each in live if policy is None or policy.allows(each.id)]


def drawn_with(name: str, live: Sequence[ModelInfo], policy: Policy | None) -> ModelInfo | None:
    """The model that a request with this one typed would be drawn with ("": none was); None where nobody can tell."""
    wanted = _plain(name) if name else _plain(policy.model if policy else "")
    offered = models(live, policy)
    named = next(
        (each for each in (live if name else offered) if wanted in {_plain(each.id), _plain(each.title)}), None
    )
    return named or (None if name or policy is None else next(iter(offered), None))


def samplers(model: ModelInfo | None, policy: Policy | None) -> list[Scheduler]:
    """Those that may be used and suit this model."""
    return [
        each
        for each in SAMPLER_TITLES
        if (model is None or model.suits(each)) and (policy is None or policy.allows(each, "samplers"))
    ]


def sampler_named(text: str, language: Language) -> Scheduler | None:
    """The sampler with this id or title, however it is spelt; None where there is none."""
    wanted = _letters(text)
    return next((s for s in Scheduler if wanted in {_letters(s), _letters(sampler_title(s, language))}), None)


def _letters(name: str) -> str:
    """Letters and digits alone, so that "DPM++ 2M karras" and "dpmpp_2m-karras" are the same."""
    return "".join(each for each in name.casefold().replace("+", "p") if each.isalnum())


def _plain(name: str) -> str:
    return name.strip().casefold()
