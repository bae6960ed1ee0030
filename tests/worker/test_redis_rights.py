"""Workers as users of Redis: the rights that docs/operate.md lists are enough, and with fewer they say so."""

from collections.abc import Iterator

import pytest
import redis

from tests.redis_users import PASSWORD, Users, documented, users
from tests.worker.contract.factories import new_job
from tests.worker.contract.redis_check.scripted import Scripted, info
from tests.worker.harness import Harness, admitted, state
from tests.worker.poster.standin import Standin
from worker.contract.redis_check.check import Role
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State
from worker.contract.types.timings import Caps

PARTS = ("all", "slot", "poster")


@pytest.fixture
def acl(valkey_url: str) -> Iterator[Users]:
    with redis.Redis.from_url(valkey_url) as client, users(client, valkey_url) as made:
        yield made


async def drawn_twice_and_posted(harness: Harness, standin: Standin, living: Jobs) -> None:
    """A job whose first work horse is killed: RQ tidies up after it, too."""
    armed = harness.arm("render-during")
    message = standin.message()
    await admitted(living, new_job("1"), Caps())
    await living.answered("1", message)
    await harness.fired(armed)
    assert (await state(living, "1", State.POSTED)).attempt == 2
    assert len(standin.messages[message].files) == 4


def test_the_document_has_a_line_for_each_process() -> None:
    assert documented().keys() == {str(role) for role in Role}


async def test_a_worker_needs_no_more_than_its_line(
    harness: Harness, standin: Standin, living: Jobs, acl: Users
) -> None:
    url = acl.allow("easel-supervisor", *documented()["supervisor"])
    harness.start("all", EASEL_REDIS_URL=url, EASEL_SLOTS="1")
    await drawn_twice_and_posted(harness, standin, living)
    assert acl.denied("easel-supervisor") == []
    assert "denies" not in harness.said("all")


async def test_a_slot_and_a_poster_need_no_more_than_theirs(
    harness: Harness, standin: Standin, living: Jobs, acl: Users
) -> None:
    harness.start("engine")
    for part in ("slot", "poster"):
        harness.start(part, EASEL_REDIS_URL=acl.allow(f"easel-{part}", *documented()[part]))
    await drawn_twice_and_posted(harness, standin, living)
    assert acl.denied("easel-slot") == []
    assert acl.denied("easel-poster") == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (("~*", "&*", "+@all", "-zrank"), "what Easel needs: the command ZRANK."),
        (("~rq:*", "&*", "+@all"), "what Easel needs: keys easel:*."),
        (("~*", "&*", "-@all"), "what Easel needs: the command"),
    ],
    ids=["command", "keys", "nothing"],
)
async def test_missing_rights_end_it_with_what_to_do(
    harness: Harness, acl: Users, part: str, rules: tuple[str, ...], words: str
) -> None:
    harness.start(part, EASEL_REDIS_URL=acl.allow("poor", *rules))
    assert await harness.ended(part) == 2
    (line,) = (line for line in harness.said(part).splitlines() if line.startswith("easel: "))
    assert words in line
    assert PASSWORD not in harness.said(part)
    assert "Traceback" not in harness.said(part)


@pytest.mark.parametrize("part", PARTS)
async def test_a_wrong_password_ends_it_and_is_not_shown(harness: Harness, acl: Users, part: str) -> None:
    url = acl.allow("easel", "~*", "&*", "+@all").replace(PASSWORD, "wrong-word")
    harness.start(part, EASEL_REDIS_URL=url)
    assert await harness.ended(part) == 2
    said = harness.said(part)
    assert "easel: Redis does not know this user with this password" in said
    assert "%40" in said
    assert "wrong-word" not in said


@pytest.mark.parametrize("part", PARTS)
async def test_a_redis_that_is_too_old_ends_it(harness: Harness, part: str) -> None:
    async with Scripted({"INFO": info(redis_version="6.0.16", redis_mode="standalone")}) as old:
        harness.start(part, EASEL_REDIS_URL=old.url)
        assert await harness.ended(part) == 2
    assert "easel: Redis 6.0.16 is too old: Easel needs Redis 6.2 or newer" in harness.said(part)


@pytest.mark.parametrize("part", ["all", "poster"])
async def test_rights_that_are_taken_back_end_it_too(harness: Harness, acl: Users, living: Jobs, part: str) -> None:
    url = acl.allow("easel", "~*", "&*", "+@all")
    harness.start("engine") if part == "poster" else None
    harness.start(part, EASEL_REDIS_URL=url, EASEL_SLOTS="1")
    await harness.heard(part, words="posting to")
    acl.allow("easel", "~rq:*", "&*", "+@all")
    assert await harness.ended(part) == 2
    assert "easel: Redis does not allow its user what Easel needs: keys" in harness.said(part)
    assert "Traceback" not in harness.said(part)


async def test_a_slot_draws_where_info_is_denied(harness: Harness, standin: Standin, living: Jobs, acl: Users) -> None:
    """RQ then takes the server for an old one, and another way to its queue."""
    harness.start("all", EASEL_REDIS_URL=acl.allow("managed", "~*", "&*", "+@all", "-info", "-config"), EASEL_SLOTS="1")
    await drawn_twice_and_posted(harness, standin, living)
    assert harness.said("all").count("could not be checked") == 1  # the supervisor says it for all
