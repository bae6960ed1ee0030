"""Every route of the sandbox, called rightly, and wrongly in at least three ways; the description judges as well."""

import io
import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import yarl

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.http import RESOURCES
from deploy.sandbox.server import Sandbox, serve
from tests.deploy.sandbox.parts import Api
from tests.deploy.sandbox.refusals import OWN, Row, refusals
from tests.deploy.sandbox.refusals_harness import QUERIES, Stage

ROUTES = [endpoint.name for resource in RESOURCES for endpoint in resource.ROUTES]
NEVER = {"PUT /applications/{application}/guilds/{guild}/commands/{command}/permissions"}  # a bot's token never may


@pytest.mark.parametrize("route", [each for each in ROUTES if each not in NEVER])
async def test_called_rightly_it_answers(route: str, box: Sandbox, sandbox: SandboxClient, api: Api) -> None:
    stage = Stage(box, sandbox, api)
    await stage.prepare(route)
    method, _, _ = route.partition(" ")
    status, answer = await stage.api(method, stage.path(route) + QUERIES.get(route, ""), stage.body(route))
    assert status < 300, answer


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_has_three_refusals(route: str) -> None:
    assert len(refusals(route)) >= 3


def test_every_refusal_is_about_a_route() -> None:
    assert {row.route for row in OWN} <= set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
async def test_called_wrongly_it_refuses(route: str) -> None:
    """All rows of a route are tried, each in a world of its own, before the test fails."""
    box = Sandbox()
    box.enforce_limits(False)
    async with (
        serve(box),
        SandboxClient.connect(box.base_url) as sandbox,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {box.token}"}) as http,
    ):
        wrong = [f"{row.wrong}: {said}" for row in refusals(route) if (said := await judge(row, box, sandbox, http))]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


async def judge(row: Row, box: Sandbox, sandbox: SandboxClient, http: aiohttp.ClientSession) -> str | None:
    """What is not as the row says, if anything."""
    stage = Stage(box, sandbox, Api(http, box.info()["api"]))
    await sandbox.reset()
    await stage.prepare(row.route)
    if row.before is not None:
        await row.before(stage)
    if row.lacking is not None:
        stage.restrict(row.lacking)
    status, answer = await ask(row, stage, http)
    if not isinstance(answer, dict) or (status, answer.get("code")) != (row.status, row.code):
        return f"expected {row.status} {row.code}, was {status} {answer}"
    if not answer["message"]:
        return "says nothing"
    if row.code != 50035:
        return "has errors" if "errors" in answer else None
    found = dict(reasons(answer["errors"]))
    if row.at not in found:
        return f"expected a reason at {row.at!r}, found {found}"
    return None if all(each["code"] and each["message"] for each in found[row.at]) else f"empty reasons: {found}"


async def ask(row: Row, stage: Stage, http: aiohttp.ClientSession) -> tuple[int, Any]:
    method = row.method or row.route.partition(" ")[0]
    path = stage.path(row.route, **row.where) + (row.query or QUERIES.get(row.route, ""))
    headers = {"Authorization": row.token + stage.box.token if row.token.endswith(" ") else row.token}
    body = stage.body(row.route) if row.body is None else row.body
    more: dict[str, Any] = {"json": body}
    if row.raw is not None:
        more = {"data": row.raw, "headers": headers | {"Content-Type": "application/json"}}
    elif row.files:
        more = {"data": form(row.files, body)}
    url = yarl.URL(stage.box.info()["api"] + path, encoded=True)
    async with http.request(method, url, **({"headers": headers} | more)) as answer:
        return answer.status, await answer.json() if answer.status != 204 else {}


def form(sizes: tuple[int, ...], body: object) -> aiohttp.FormData:
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps(body))
    for number, size in enumerate(sizes):
        data.add_field(f"files[{number}]", io.BytesIO(b"x" * size), filename=f"{number}.txt")
    return data


def reasons(node: dict[str, Any], at: str = "") -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The places in nested `errors` that say something."""
    for key, inner in node.items():
        if key == "_errors":
            yield at, inner
        else:
            yield from reasons(inner, f"{at}.{key}" if at else key)
