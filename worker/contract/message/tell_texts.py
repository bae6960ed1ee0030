"""What the owner of a job is told when it has ended, in a reply that mentions them."""

from worker.contract.types.job import Job, State
from worker.contract.types.telling import Telling

from .languages import Language
from .markdown import mention
from .verbs import VERBS, Verb


def ended(job: Job, language: Language) -> str:
    """The reply to the message of a job that is posted or has failed."""
    lines = [_how(job, language)]
    if job.tell is Telling.LATE:
        # Translators: {bell} is the sign of a button. It stands below the sentence that mentions somebody.
        hint = language.gettext("{bell} under a request that waits turns this off.", bell=VERBS[Verb.TELL].emoji)
        lines.append(f"-# {hint}")
    return "\n".join(lines)


def _how(job: Job, language: Language) -> str:
    person = mention(job.owner)
    if job.state is not State.POSTED:
        # Translators: {person} is a mention, here and in the following; it replies to the message.
        return language.gettext("{person} Nothing came of this one; it says why.", person=person)
    if job.request.upscale:
        return language.gettext("{person} Your larger picture is done.", person=person)
    return language.ngettext(
        "{person} Your picture is done.", "{person} Your {count} pictures are done.", job.request.count, person=person
    )
