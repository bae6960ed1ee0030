"""What a person reads about a setting that cannot be used: its variable, what it must be, what it is now."""

import re
from typing import Annotated, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings
from redis.asyncio.connection import parse_url

from .redis_check.errors import PERCENT

_SOCKET = "unix://"
_REDIS_SCHEMES = ("redis://", "rediss://", _SOCKET)
_SHOWN = 60  # characters of a bad value
PORT_MAX = 65_535


def redis_address(url: str) -> None:
    """Raise ValueError, in words for a person, when this is no address of a Redis."""
    if not url.startswith(_REDIS_SCHEMES):
        raise ValueError("it must look like redis://host:6379/0 (or rediss://, unix://)")
    login = _login(url)
    if set(login) & set("/#?[]") or re.search(r"\s", login):
        # What follows would be taken for a path, and the rest of the password for a port or another host.
        raise ValueError(f"its user or password holds a character that cannot stand there as it is; {PERCENT}")
    try:
        parts = urlsplit(url)
        whole = url.startswith(_SOCKET) or (bool(parts.hostname) and re.fullmatch(r"/?\d*", parts.path) is not None)
        parse_url(url)
    except ValueError:  # its words may hold the password
        whole = False
    if not whole:
        raise ValueError(f"it is not a whole address; its port and database must be numbers, and {PERCENT}")


def listen_address(text: str) -> tuple[str, int]:
    """Host and port to listen at. Raises ValueError in words for a person."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.path or parts.username is not None:
        raise ValueError("it must be an address such as 127.0.0.1:9464, or :: in brackets before the port")
    return host, port


def _listens(text: str) -> str:
    if text:
        listen_address(text)
    return text


ListenAddress = Annotated[str, AfterValidator(_listens)]  # of a setting; "" for nowhere


def _login(url: str) -> str:
    """User and password of an address, as far as a person may have meant them: up to the last @ before its options."""
    rest = url.split("://", 1)[1]
    if url.startswith(_SOCKET) and rest.startswith("/"):
        return ""
    login, at, _ = rest.rpartition("@")
    if at and "?" in login and "=" in login.rpartition("?")[2]:  # the @ stands in an option
        login = login.rpartition("?")[0].rpartition("@")[0]
    return login if at else ""


def complaints(kind: type[BaseSettings], error: ValidationError) -> list[str]:
    """One line for every bad setting: its variable, what it must be and what it is now. Shows no secret."""
    return [_complaint(kind, each) for each in error.errors(include_url=False, include_context=False)]


def _complaint(kind: type[BaseSettings], error: ErrorDetails) -> str:
    place = str(error["loc"][0]) if error["loc"] else "settings"
    name = place if place.isupper() else f"{kind.model_config.get('env_prefix', '')}{place}".upper()
    if error["type"] == "missing":
        return f"{name} is not set. Set it in the environment or in .env."
    field = kind.model_fields.get(place)
    own = error["type"] == "value_error"
    what = error["msg"].removeprefix("Value error, ") if own or field is None else f"it must be {_wanted(field)}"
    secret = field is None or SecretStr in (field.annotation, *get_args(field.annotation))
    now = "" if secret else f'; now "{str(error["input"])[:_SHOWN]}"'
    return f"{name} is not usable: {what}{now}"


def _wanted(field: FieldInfo) -> str:
    """What a field takes, in words: its kind and its bounds."""
    choices = [str(choice) for choice in get_args(field.annotation)]
    if choices:
        return f"{', '.join(choices[:-1])} or {choices[-1]}"
    bounds = {
        name: getattr(each, name) for each in field.metadata for name in ("ge", "gt", "le") if hasattr(each, name)
    }
    words = "a whole number" if field.annotation is int else "a number"
    if {"ge", "le"} <= bounds.keys():
        return f"{words} from {bounds['ge']} to {bounds['le']}"
    if "ge" in bounds:
        return f"{words}, {bounds['ge']} or more"
    if "gt" in bounds:
        words += f" above {bounds['gt']}"
    return f"{words}, at most {bounds['le']}" if "le" in bounds else words
