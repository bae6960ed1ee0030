"""The quick validator says yes to nothing that the thorough one refuses, or it would hide what is wrong."""

from itertools import islice

import pytest

from tests.deploy.sandbox.openapi import MISSING, Description, description
from tests.deploy.sandbox.openapi_bodies import bodies
from tests.deploy.sandbox.openapi_validator import Documents, Json, Validator

BODIES = 16  # the thorough one takes its time
ROUTES = ["/channels/1/messages", "/applications/1/commands", "/guilds/1/channels"]
INTEGER = {"type": "integer", "format": "int32"}
MOMENT, ADDRESS = {"type": "string", "format": "date-time"}, {"type": "string", "format": "uri"}


@pytest.fixture(scope="module")
def judge() -> Description:
    found = description()
    if found is None:
        pytest.skip(MISSING)
    return found


@pytest.mark.parametrize(
    ("schema", "instance", "right"),
    [
        (INTEGER, 2**31 - 1, True),
        (INTEGER, 2**31, False),
        (INTEGER, -(2**31) - 1, False),
        ({**INTEGER, "maximum": 7}, 8, False),
        ({"type": "array", "items": INTEGER}, [2**31], False),
        ({"type": "integer"}, True, False),
        ({"const": 1}, True, False),
        ({"enum": [0, 2]}, False, False),
        (MOMENT, "2026-01-01T00:00:00+00:00", True),
        (MOMENT, "2026-01-01T00:00:00", False),
        (MOMENT, "soon", False),
        (MOMENT, 5, False),
        (ADDRESS, "https://example.org/a", True),
        (ADDRESS, "example", False),
        ({"pattern": "^(0|[1-9][0-9]*)$"}, "05", False),
        ({"pattern": "^a$"}, "ab", False),
        ({"pattern": r"^[\w-]{1,3}$"}, "aéb", True),
        ({"maxLength": 2}, "🔁🔁", True),
        ({"maxLength": 1}, "🔁🔁", False),
        ({"uniqueItems": True}, [1, 1.0], False),
        ({"$ref": "urn:strict#/components/schemas/One"}, {"a": 2**31}, False),
        ({"$ref": "urn:strict#/components/schemas/One"}, {"b": 1}, False),
    ],
)
def test_what_is_wrong_is_found(schema: Json, instance: object, *, right: bool) -> None:
    one = {"type": "object", "properties": {"a": INTEGER}, "additionalProperties": False}
    validator = Validator(schema, Documents({"urn:strict": {"components": {"schemas": {"One": one}}}}))
    assert right or not validator.quick.is_valid(instance)
    assert (validator.errors(instance) == []) is right


@pytest.mark.parametrize("path", ROUTES)
def test_no_wrong_body_gets_by(judge: Description, path: str) -> None:
    refused = 0
    for body in islice(bodies(judge, "POST", path, BODIES), BODIES):
        list(judge.request("POST", path, body, files=False))
        (validator,) = (
            each for name, each in judge._validators.items() if name.startswith(f"POST {judge.template(path)}, ")
        )
        wrong = list(validator.thorough.iter_errors(body))
        assert not (wrong and validator.quick.is_valid(body)), body
        refused += bool(wrong)
    assert refused
