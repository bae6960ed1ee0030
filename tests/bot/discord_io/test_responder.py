"""What the log says of an error that nobody foresaw, and what it must not."""

import pytest

from bot.discord_io.responder import explain
from worker.contract.message.languages import ENGLISH
from worker.contract.store.record import DamagedRecordError, parse
from worker.contract.types.request import Request

SECRET = "nobody else's business"


def damaged() -> Exception:
    with pytest.raises(DamagedRecordError) as caught:
        parse("7", {b"state": b"queued", b"request": f'{{"prompt": "{SECRET}"}}'.encode()})
    return caught.value


def invalid() -> Exception:
    try:
        try:
            Request.model_validate({"prompt": SECRET})
        except ValueError as error:
            raise RuntimeError("on top") from error
    except RuntimeError as error:
        return error
    raise AssertionError("a prompt alone is a request")


@pytest.mark.parametrize(("make", "named"), [(damaged, "the record of job 7 is damaged"), (invalid, "RuntimeError")])
def test_what_did_not_validate_stays_out_of_the_log(make, named, caplog):
    said = explain(make(), ENGLISH)
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert named in caplog.text
    assert record.getMessage().split()[1].rstrip(":") in (said or "")
    assert SECRET not in caplog.text
