"""What an account is made of: figures, promises that were not kept, and shares that nobody looks at."""

from collections import Counter
from dataclasses import dataclass, field

from worker.contract.types.recipe import Recipe

SILENCE_MAX = 0.35  # of what people do: a bot that left all of it unanswered could not be blamed
PLACES_MAX = 0.10  # of jobs' messages: they could stay for ever as they were before their end
BLOWS_MAX = 0.05  # of accepted jobs: healthy ones that failed under blows
LATE_MAX = 0.05  # of messages: what was final was hidden for a moment by an edit that Discord was late with
_ENOUGH = 50  # below so many, a share says nothing
_FEW = 3  # may happen to anybody on a busy machine, whatever share of a small round they are


@dataclass(frozen=True)
class Picture:
    """A picture that was posted: where, as which file of which job, and what it says of itself."""

    message: int
    job: str
    number: int
    recipe: Recipe | None

    @property
    def counts(self) -> bool:
        """It is one of a day: moments of a picture's way come in two files, which count as the one that is drawn."""
        return self.recipe is None or not self.recipe.request.moments or self.number == 1


@dataclass(frozen=True)
class Claim:
    """What the product's own books say of a job."""

    state: str
    channel: int
    owner: int = 0
    reply_to: int | None = None
    charge: int = 0  # ms of the workers' time


@dataclass
class Share:
    """How many of a kind nobody could be blamed for, of how many, and which share of them may be."""

    bound: float
    some: int = 0
    all: int = 0

    @property
    def share(self) -> float:
        return self.some / self.all if self.all else 0.0

    @property
    def too_large(self) -> bool:
        return self.all >= _ENOUGH and self.some > _FEW and self.share > self.bound

    def __str__(self) -> str:
        return f"{self.share:.1%} of {self.all} (at most {self.bound:.0%})"


@dataclass
class Ledger:
    """The account.

    Attributes:
        accepted: jobs that a person was shown a card of.
        posted, cancelled, removed, unreachable: how they ended; removed: somebody deleted the message first;
            unreachable: the bot was shut out of the place just then.
        stale: messages that still say that something goes on, though their job has ended elsewhere.
        failed: by reason, cause and what explains it.
        refused: by code; all of them are explained.
        reactions, missed: those that ask; those of which nothing came, excused.
        unanswered: interactions that met a bot that was dead, cut off or refused by Discord, or that died before it had
            accepted anything; Discord says so itself, at once or after 15 minutes.
        late: interactions of which Discord says so too, but which were accepted: their jobs have messages of their own.
        told: jobs of whose end their owner was told by a reply.
        ignored: interactions and reactions that a living bot left unanswered.
        exempt: what nobody looks at, by kind.
        broken: every promise that was not kept, in words.
    """

    accepted: int = 0
    posted: int = 0
    cancelled: int = 0
    removed: int = 0
    unreachable: int = 0
    lost: int = 0
    twice: int = 0
    stale: int = 0
    disordered: int = 0
    interactions: int = 0
    unanswered: int = 0
    late: int = 0
    reactions: int = 0
    missed: int = 0
    told: int = 0
    ignored: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    exempt: dict[str, Share] = field(
        default_factory=lambda: {
            "silence": Share(SILENCE_MAX),
            "places": Share(PLACES_MAX),
            "failed under blows": Share(BLOWS_MAX),
            "edits that came late": Share(LATE_MAX),
        }
    )
    broken: list[str] = field(default_factory=list)

    def breaks(self, what: str) -> None:
        """Note a promise that was not kept."""
        self.broken.append(what)
