"""Whatever body comes, the sandbox answers in Discord's words: it takes what is right and refuses what is not."""

import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.http import RESOURCES
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.openapi import MISSING, description
from tests.deploy.sandbox.openapi_bodies import bodies
from tests.deploy.sandbox.parts import Api
from tests.deploy.sandbox.refusals_harness import Stage

ROUNDS = 60
WITH_BODY = [each.name for resource in RESOURCES for each in resource.ROUTES if each.method in ("POST", "PUT", "PATCH")]


@pytest.mark.parametrize("route", WITH_BODY)
async def test_no_body_makes_it_stumble(route: str, box: Sandbox, sandbox: SandboxClient, api: Api) -> None:
    judge = description()
    if judge is None:
        pytest.skip(MISSING)
    stage = Stage(box, sandbox, api)
    await stage.prepare(route)
    method, path = route.split(" ")
    for body in bodies(judge, method, path, ROUNDS):
        if "callback" in route:
            await stage.prepare(route)  # one answer is all that an interaction takes
        status, answer = await api(method, stage.path(route), body)
        assert status < 500, (body, answer)
