"""Settings of slots, poster and supervisor: from the environment and `.env`, read once in `main()`.

The engine reads its own (`worker.engine.settings`); slots and engine never see the bot's token.
"""

import os
import re
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal, NoReturn, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings

from worker.contract.log_lines import LogFormat
from worker.contract.message.languages import SOURCE, usable
from worker.contract.settings_errors import ListenAddress, complaints, redis_address
from worker.contract.shared_settings import Seconds, SharedSettings
from worker.contract.types.timings import Timings

ENGINE_SOCKET = Path(".easel/run/engine.sock")  # the default for the engine and for its clients
SOCKET_PATH_MAX = 100  # sun_path holds 104 bytes on macOS, 108 on Linux
EX_USAGE = 2
_MEBIBYTE = 1024 * 1024


def default_name() -> str:
    """The host's name, reduced to what is safe in keys and logs."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", socket.gethostname())[:60] or "worker"


class Settings(SharedSettings):
    """What every process of a worker but the engine needs, beside the shared settings. Durations are in seconds.

    Attributes:
        redis_url: may hold a password, hence a secret.
        slots: RQ workers beside one engine; one more than its places hides the time between two renders.
        engine_socket: Unix socket of the engine.
        engine_nice: how far the engine stands back for everything else on the machine, 0 to 19.
        worker: name of this worker in Redis and in logs.
        renew: between two signs of life of a running job; well below the lease.
        edit_every: between two edits of a message that only show progress.
        unposted_max_mib: MiB of unposted pictures in Redis beyond which nothing is claimed.
        attempt_max: backstop for one attempt, well above what the engine's own budgets allow.
        engine_patience: how long an attempt goes on asking an engine that has no free place.
        engine_silence: how long an engine may say nothing, in the middle of a render or when asked how it is; it gives
            a sign of life every two seconds.
        store_patience: how long finished pictures wait for a Redis that is away.
        discord_cdn: base of the addresses from which pictures to upscale are fetched, and no others.
        restart_first, restart_max: pause before a child that died starts again; doubles each time.
        drain: how long a shutdown waits for running renders and last edits.
        log_format: `json` for programs.
        worker_metrics: host and port at which Prometheus reads the metrics of all parts; empty: nowhere.
    """

    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    slots: int = Field(default=2, ge=1, le=64)
    engine_socket: Path = ENGINE_SOCKET
    engine_nice: int = Field(default=0, ge=0, le=19)
    worker: str = Field(default_factory=default_name)
    renew: Seconds = 1.0
    edit_every: Seconds = 3.0
    unposted_max_mib: int = Field(default=512, ge=1)
    attempt_max: int = Field(default=1800, ge=10)
    engine_patience: Seconds = 10.0
    engine_silence: float = Field(default=15.0, ge=3)
    store_patience: Seconds = 120.0
    discord_cdn: str = "https://cdn.discordapp.com"
    restart_first: Seconds = 0.5
    restart_max: Seconds = 30.0
    drain: Seconds = 120.0
    worker_metrics: ListenAddress = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: LogFormat = "text"

    @field_validator("worker")
    @classmethod
    def _name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", name):
            raise ValueError("it must be 1 to 60 letters, digits, dots, dashes or underscores")
        return name

    @field_validator("redis_url")
    @classmethod
    def _scheme(cls, url: SecretStr) -> SecretStr:
        redis_address(url.get_secret_value())
        return url

    @field_validator("discord_cdn")
    @classmethod
    def _cdn(cls, address: str) -> str:
        return http_address(address)

    @field_validator("engine_socket")
    @classmethod
    def _short(cls, path: Path) -> Path:
        if len(os.fsencode(path)) > SOCKET_PATH_MAX:
            raise ValueError(f"it is longer than the {SOCKET_PATH_MAX} bytes that a Unix socket's path may have")
        return path

    @property
    def timings(self) -> Timings:
        """The durations that the contract needs."""
        unposted_max = self.unposted_max_mib * _MEBIBYTE
        return replace(super().timings, renew=self.renew, edit_every=self.edit_every, unposted_max=unposted_max)


class PosterSettings(Settings):
    """What the poster needs besides: the only process of a worker that holds the bot's token.

    Attributes:
        posts: messages that are worked on at once.
        post_lease: how long a message stays with a poster that no longer answers.
        post_timeout: for one request to Discord, uploads included.
        language: in which messages are written, as the bot's: one of `languages.available()`.
    """

    discord_token: SecretStr = Field(validation_alias="DISCORD_TOKEN")
    discord_api: str = "https://discord.com/api/v10"
    posts: int = Field(default=8, ge=1, le=64)
    post_lease: Seconds = 10.0
    post_timeout: Seconds = 50.0
    language: str = SOURCE

    @field_validator("discord_token")
    @classmethod
    def _present(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().strip():
            raise ValueError("it is empty; copy the token from the Bot page of your application")
        return token

    @field_validator("language")
    @classmethod
    def _language(cls, code: str) -> str:
        return usable(code)

    @field_validator("discord_api")
    @classmethod
    def _address(cls, address: str) -> str:
        return http_address(address)


AnySettings = TypeVar("AnySettings", bound=BaseSettings)


def load(kind: type[AnySettings]) -> AnySettings:
    """Read the settings; a bad one ends the process with one line that names it and its fix."""
    try:
        return kind()
    except ValidationError as error:
        _refuse(kind, error)


def http_address(text: str) -> str:
    """The base of an HTTP API as it may be put before a path. Raises ValueError in words for a person."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        whole = False
    if not whole or re.search(r"\s", text):
        raise ValueError("it must be a whole address such as https://discord.com/api/v10")
    return text.rstrip("/")


def _refuse(kind: type[BaseSettings], error: ValidationError) -> NoReturn:
    for line in complaints(kind, error):
        print(f"easel: {line}", file=sys.stderr)  # noqa: T201
    raise SystemExit(EX_USAGE)
