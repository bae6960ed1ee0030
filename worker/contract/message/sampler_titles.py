"""What people read for a sampler, where it is chosen as well as under pictures."""

from collections.abc import Mapping

from worker.contract.types.request import Scheduler

from .languages import N_, Language

SAMPLER_TITLES: Mapping[Scheduler, str] = {
    # Translators: names of samplers, here and in the following; most languages leave them as they are.
    Scheduler.EULER: N_("Euler"),
    Scheduler.EULER_A: N_("Euler ancestral"),
    Scheduler.DPMPP_2M: N_("DPM++ 2M"),
    Scheduler.DPMPP_2M_KARRAS: N_("DPM++ 2M Karras"),
    Scheduler.DDIM: N_("DDIM"),
    Scheduler.UNIPC: N_("UniPC"),
    Scheduler.LCM: N_("LCM"),
}


def sampler_title(name: str, language: Language) -> str:
    """The title of the sampler with this id; the id itself, where a newer Easel names one that is not known here."""
    return language.gettext(SAMPLER_TITLES[Scheduler(name)]) if name in SAMPLER_TITLES else name
