"""Addresses of Redis as people write them: what cannot be meant is refused, and no part of a password is shown."""

import pytest
from redis.asyncio.connection import parse_url

from worker.contract.settings_errors import redis_address

SECRETS = [
    "hunter",
    "hun@ter",
    "hun/ter",
    "hun#ter",
    "hun?ter",
    "12/34",
    "12#34",
    "hun[ter",
    "hun ter",
    "/hunter",
    "#hunter",
    "h%40r",
]
AS_THEY_ARE = {"hunter": "hunter", "hun@ter": "hun@ter", "h%40r": "h@r"}


@pytest.mark.parametrize("login", [":{}@", "user:{}@"])
@pytest.mark.parametrize("tail", ["host:6379/0", "host", "host/3", "10.0.0.7:7000", "[::1]:6379/0", "host/0?db=1"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_password_is_taken_whole_or_said_to_need_percents(login: str, tail: str, secret: str) -> None:
    url = "redis://" + login.format(secret) + tail
    if secret in AS_THEY_ARE:
        redis_address(url)
        assert parse_url(url)["password"] == AS_THEY_ARE[secret]
        return
    with pytest.raises(ValueError, match="percent-encoded") as caught:
        redis_address(url)
    assert secret not in str(caught.value)
    assert "hun" not in str(caught.value)


GOOD = [
    "redis://host", "redis://host:6379", "redis://host/", "rediss://u:p@host:1/0?ssl_ca_certs=/etc/ca.pem",
    "unix:///tmp/a@b.sock", "unix:///run/redis.sock?db=1", "unix://u:p@/run/redis.sock", "redis://host/0?client_name=a@b",
]  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_good_addresses_are_taken(url: str) -> None:
    redis_address(url)


@pytest.mark.parametrize(
    "url", ["host", "http://host", "redis://", "redis://:pw@", "redis://host:port", "redis://host/one"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"it must look like|not a whole address"):
        redis_address(url)
