"""Every verb can be done, and who may is asked of its row alone."""

from unittest.mock import AsyncMock, create_autospec

import pytest

from bot import texts
from bot.errors import NotYours
from bot.intake.admission import Intake
from bot.intake.policies import Policies
from bot.policy.limits import Policy
from bot.verbs import handlers
from bot.verbs.handlers import HANDLERS, perform
from tests.bot.verbs.test_action import OTHER, OWNER, action, job
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import VERBS, Allowed, Verb
from worker.contract.types.server_settings import Whose

INTAKE = create_autospec(Intake, instance=True)
INTAKE.policies = create_autospec(Policies, instance=True)


@pytest.fixture(autouse=True)
def buttons() -> dict[str, Whose]:
    """What the server's admins have set, by verb."""
    told: dict[str, Whose] = {}
    INTAKE.policies.of = AsyncMock(return_value=Policy(buttons=told))
    return told


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> AsyncMock:
    """In place of every handler."""
    stub = AsyncMock(return_value=None)
    monkeypatch.setattr(handlers, "HANDLERS", dict.fromkeys(Verb, stub))
    return stub


def test_every_verb_has_a_handler() -> None:
    assert list(HANDLERS) == list(VERBS) == list(Verb)


@pytest.mark.parametrize("verb", [verb for verb, row in VERBS.items() if row.allowed is not Allowed.ALONE])
async def test_owner_and_moderator_may_do_everything(handler: AsyncMock, verb: Verb) -> None:
    await perform(INTAKE, action(OWNER, job()), verb)
    await perform(INTAKE, action(OTHER, job(), moderator=True), verb)
    assert handler.await_count == 2


@pytest.mark.parametrize("verb", Verb)
async def test_a_stranger_may_do_what_the_row_says_and_reads_why_not(handler: AsyncMock, verb: Verb) -> None:
    if VERBS[verb].allowed is Allowed.ANYONE:
        await perform(INTAKE, action(OTHER, job()), verb)
        handler.assert_awaited_once()
        return
    with pytest.raises(NotYours) as caught:
        await perform(INTAKE, action(OTHER, job()), verb)
    handler.assert_not_awaited()
    assert texts.refusal(caught.value, ENGLISH) == VERBS[verb].not_yours.format(whose=f" (<@{OWNER}>)")


@pytest.mark.parametrize("verb", [verb for verb, row in VERBS.items() if row.allowed is not Allowed.ALONE])
@pytest.mark.parametrize(
    ("told", "stranger", "moderator"),
    [(Whose.ANYONE, True, True), (Whose.OWNER, False, True), (Whose.NOBODY, False, False)],
)
async def test_admins_say_who_else_may(
    handler: AsyncMock, buttons: dict[str, Whose], verb: Verb, told: Whose, stranger: bool, moderator: bool
) -> None:
    buttons[verb] = told
    await perform(INTAKE, action(OWNER, job()), verb)  # whatever they say of others
    for who, may in ((action(OTHER, job()), stranger), (action(OTHER, job(), moderator=True), moderator)):
        handler.reset_mock()
        if may:
            await perform(INTAKE, who, verb)
            handler.assert_awaited_once()
            continue
        with pytest.raises(NotYours) as caught:
            await perform(INTAKE, who, verb)
        handler.assert_not_awaited()
        said = texts.refusal(caught.value, ENGLISH)
        assert f"<@{OWNER}>" in said
        assert ("moderator" in said) == (told is Whose.OWNER)


@pytest.mark.parametrize("verb", [verb for verb, row in VERBS.items() if row.allowed is Allowed.ALONE])
async def test_what_is_the_owners_alone_no_moderator_and_no_admin_gives_away(
    handler: AsyncMock, buttons: dict[str, Whose], verb: Verb
) -> None:
    buttons[verb] = Whose.ANYONE
    with pytest.raises(NotYours):
        await perform(INTAKE, action(OTHER, job(), moderator=True), verb)
    await perform(INTAKE, action(OWNER, job()), verb)
    handler.assert_awaited_once()


@pytest.mark.parametrize("person", [OWNER, OTHER])
async def test_a_message_of_an_unknown_owner_is_left_to_moderators(handler: AsyncMock, person: int) -> None:
    with pytest.raises(NotYours):
        await perform(INTAKE, action(person, content="hello"), Verb.DELETE)
    await perform(INTAKE, action(person, content="hello", moderator=True), Verb.DELETE)
    handler.assert_awaited_once()


@pytest.mark.parametrize("verb", Verb)
def test_the_help_tells_of_it(verb: Verb) -> None:
    row = VERBS[verb]
    (line,) = (each for each in texts.help_page(ENGLISH).splitlines() if f"**{row.label}**" in each)
    assert row.help in line
    assert ("Only its owner" in line) != (row.allowed is Allowed.ANYONE)
    assert "; anyone can, unless it says otherwise:" in texts.help_page(ENGLISH)
    for named in (*row.reactions[:1], *row.reactions[-1:]):
        assert named in line
    if row.per_picture:
        assert row.numbered_label.format(number=1) + " to " + row.numbered_label.format(number=4) in line
    if len(row.reactions) > 1:
        assert "U1 to U4, 1️⃣ to 4️⃣" in line


@pytest.mark.parametrize("verb", [verb for verb, row in VERBS.items() if row.set_with])
@pytest.mark.parametrize("whose", [Whose.OWNER, Whose.NOBODY])
async def test_what_admins_say_of_one_verb_holds_for_those_that_are_set_with_it(
    handler: AsyncMock, buttons: dict[str, Whose], verb: Verb, whose: Whose
) -> None:
    buttons[VERBS[verb].set_with] = whose
    with pytest.raises(NotYours):
        await perform(INTAKE, action(OTHER, job()), verb)
    handler.assert_not_awaited()
    assert VERBS[Verb(VERBS[verb].set_with)].settable
