"""The count finds what it is there to find: each promise is broken here once, on paper."""

from collections.abc import Callable

import pytest

from tests.faults.book import AT, PROMPT, Book, posted, waiting
from tests.hosts.count import AFTER, BEFORE, Count, Cut, count


class Paper(Book):
    """One request that was posted once, as long as nothing is changed."""

    def __init__(self) -> None:
        super().__init__()
        self.reacted: dict[int, str] = {}
        self.asked, self.states, self.cuts = {9: PROMPT}, {"9": "posted"}, [Cut("the bot", 300.0, 310.0, deaf=True)]
        self.deed(message_id=5)
        self.message(5, waiting("9"), posted("9"))
        self.picture(job="9")

    def count(self) -> Count:
        return count(self.asked, self.record, self.pictures, self.states, self.cuts, self.reacted)

    def nobody_draws(self) -> None:
        self.record.messages[5].shown.pop()
        self.pictures.clear()

    def ask(self, at: float, state: str) -> None:
        """Another one, of which nothing comes."""
        self.asked[10] = "a pear"
        self.deed(10, at, state=state)

    def forget(self) -> None:
        """Another one, which was accepted."""
        self.ask(AT, "failed")
        self.states["10"] = "claimed"

    def react_to_it(self, at: float = AT) -> None:
        """Someone reacts to the result, and one more is posted."""
        self.react(at=at)
        self.reacted[5] = PROMPT
        self.message(7, waiting("r5-1-a"), posted("r5-1-a"))
        self.picture(7, "r5-1-a")
        self.states["r5-1-a"] = "posted"

    def react_in_vain(self, at: float = AT) -> None:
        self.react(at=at)
        self.reacted[5] = PROMPT

    def post_again(self) -> None:
        self.message(6, posted("9"))
        self.picture(6, "9")


def test_what_was_posted_once_keeps_every_promise() -> None:
    found = Paper().count()
    assert (found.asked, found.accepted, found.posted, found.broken) == (1, 1, 1, [])
    assert str(found).startswith("1 asked, 1 accepted (0 of them late, 0 by reaction), 1 posted")


def test_what_a_reaction_asked_for_counts_as_well() -> None:
    paper = Paper()
    paper.react_to_it()
    found = paper.count()
    assert (found.accepted, found.reacted, found.posted, found.broken) == (2, 1, 2, [])
    while_deaf = Paper()
    while_deaf.react_in_vain(at=305.0)
    assert while_deaf.count().broken == []


BREAKS: dict[str, Callable[[Paper], object]] = {
    "the record itself has gaps": lambda paper: setattr(paper.record, "missed", 1),
    "lost: job 9": lambda paper: paper.nobody_draws(),
    "job 9 is failed in the end": lambda paper: paper.states.update({"9": "failed"}),
    "lost: job 10": lambda paper: paper.forget(),
    "twice: the pictures of job 9": lambda paper: paper.post_again(),
    "shows [1, 1] of 1": lambda paper: paper.message(6, posted("9")),
    "shows [] of 1": lambda paper: setattr(paper.record.messages[5], "deleted", AT + 60),
    "pictures of something else": lambda paper: paper.asked.update({9: "a pear"}),
    "asked for by nobody": lambda paper: paper.asked.clear(),
    "the reaction to message 5 came to nothing": lambda paper: paper.react_in_vain(),
    "interaction 9 is open still": lambda paper: setattr(paper.record.deeds[9], "state", "pending"),
    "interaction 10 was answered": lambda paper: paper.ask(AT, "answered"),
    "interaction 10 was failed": lambda paper: paper.ask(310.0 + AFTER + 1, "failed"),
}


@pytest.mark.parametrize("words", BREAKS)
def test_each_broken_promise_is_found(words: str) -> None:
    paper = Paper()
    BREAKS[words](paper)
    assert any(words in each for each in paper.count().broken), paper.count().broken


@pytest.mark.parametrize(("at", "state"), [(300.0 - BEFORE, "failed"), (305.0, "answered"), (310.0 + AFTER, "failed")])
def test_while_the_bot_is_deaf_nobody_is_promised_anything(at: float, state: str) -> None:
    paper = Paper()
    paper.ask(at, state)
    found = paper.count()
    assert (found.refused + found.unanswered, found.unanswered, found.broken) == (1, int(state == "failed"), [])
    paper.cuts = [Cut("a worker", 0.0, 999.0)]
    assert paper.count().broken


def test_what_was_accepted_late_is_posted_all_the_same() -> None:
    paper = Paper()
    paper.record.deeds[9].state = "failed"
    found = paper.count()
    assert (found.late, found.posted, found.broken) == (1, 1, [])
