"""The sandbox's own failures: an error of the server in Discord's shape, a line in the log, and it goes on."""

from pathlib import Path

import aiohttp
import pytest

from tests.deploy.sandbox.parts import RED, form, started


@pytest.fixture(autouse=True)
def _judged() -> None:
    """Discord's description promises no 500, so these tests alone are not held against it."""


async def test_a_disk_that_takes_no_upload_is_an_error_of_the_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with started(tmp_path) as (sandbox, api):
        where = f"/channels/{(await sandbox.get('/channel', channel='gallery'))['id']}/messages"
        (tmp_path / "files").rename(tmp_path / "away")
        answer = await api("POST", where, data=form({"content": "x"}, RED))
        assert answer == (500, {"message": "500: Internal Server Error", "code": 0})
        assert [each["status"] for each in await sandbox.exchanges("POST /channels")] == [500]
        async with aiohttp.ClientSession() as http:
            said = {"person": "Bea", "channel": "gallery", "content": "x",
                    "files": [{"filename": "a.png", "data": "AAAA"}]}  # fmt: skip
            async with http.post(sandbox.info.page + "sandbox/say", json=said) as refused:
                assert (refused.status, (await refused.json())["code"]) == (500, 0)
        (tmp_path / "away").rename(tmp_path / "files")
        assert (await api("POST", where, data=form({"content": "x"}, RED)))[0] == 200
    assert caplog.text.count("No such file or directory") >= 2
