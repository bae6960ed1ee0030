"""The bot's settings: from the environment and `.env`, checked once, handed down."""

from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from yarl import URL

from worker.contract.log_lines import LogFormat
from worker.contract.message.languages import SOURCE, usable
from worker.contract.settings_errors import ListenAddress, complaints, redis_address
from worker.contract.shared_settings import SharedSettings
from worker.contract.types.request import STEPS_MAX
from worker.contract.types.server_settings import AT_ONCE_MAX, MEGAPIXELS_MAX, PER_MINUTE_MAX, PICTURES_A_DAY_MAX

SHARDS_MAX = 10_000

Cap = Annotated[int, Field(ge=1, le=AT_ONCE_MAX)]
Rate = Annotated[int, Field(ge=0, le=PER_MINUTE_MAX)]
Day = Annotated[int, Field(ge=0, le=PICTURES_A_DAY_MAX)]

_HOW = {
    "DISCORD_TOKEN": "Copy the bot's token from https://discord.com/developers/applications (Bot → Reset Token).",
    "EASEL_DISCORD_API": "Leave it out for the real Discord.",
    "EASEL_DISCORD_GATEWAY": "Leave it out for the real Discord.",
    "EASEL_DISCORD_CDN": "Leave it out for the real Discord.",
    "EASEL_REDIS_URL": "For example redis://127.0.0.1:6379/0",
}


class Settings(SharedSettings):
    """Everything that can be set about the bot; each field is `EASEL_<NAME>` in the environment."""

    discord_token: SecretStr = Field(validation_alias="DISCORD_TOKEN", description="the bot's token")
    discord_api: str = Field("https://discord.com/api/v10", description="base of Discord's HTTP API")
    discord_gateway: str = Field(
        "wss://gateway.discord.gg/", description="Discord's gateway, after its API named one for the start"
    )
    discord_cdn: str = Field("https://cdn.discordapp.com", description="base of Discord's CDN")
    redis_url: SecretStr = Field(SecretStr("redis://127.0.0.1:6379/0"), description="Redis or Valkey")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="what is logged")
    log_format: LogFormat = Field("text", description="text, or json for programs")

    language: str = Field(SOURCE, description="in which the bot speaks, as posters do")

    model: str = Field("", description="id of the model for people who choose none; empty: the first there is")
    count: int = Field(4, ge=1, le=4, description="pictures for people who choose no count")
    count_max: int = Field(4, ge=1, le=4, description="most pictures in one request")
    cap_person: Cap = Field(3, description="requests a person may have at once in a server whose admins set nothing")
    cap_person_everywhere: Cap = Field(10, description="requests that one person may have at once over all servers")
    cap_server: Cap = Field(20, description="requests that one server may have waiting or running")
    cap_total: Cap = Field(500, description="requests that may wait or run altogether")
    rate_person: Rate = Field(20, description="requests that one person may start a minute; 0: any number")
    rate_server: Rate = Field(120, description="requests that one server may start a minute; 0: any number")
    day_person: Day = Field(0, description="pictures a day of one person in one server, at most; 0: any number")
    day_server: Day = Field(0, description="pictures a day of one server, at most; 0: any number")
    steps_max: int = Field(STEPS_MAX, ge=1, le=STEPS_MAX, description="most steps in one request")
    megapixels_max: float = Field(
        MEGAPIXELS_MAX, gt=0, le=MEGAPIXELS_MAX, description="largest picture that is drawn; 1 is 1024 × 1024"
    )
    limits: str = Field("", description="a file with more limits, and with tiers of servers; empty: none")

    shard: str = Field("", description="0/2: the first of two bots that share the servers; empty: all of them")
    bot_metrics: ListenAddress = Field("", description="host:port at which Prometheus reads metrics; empty: nowhere")

    defer_after: float = Field(1.5, gt=0, le=2.5, description="seconds until an answer is deferred")
    redis_timeout: float = Field(5.0, gt=0, le=60, description="seconds to wait for Redis in all")

    @field_validator("language")
    @classmethod
    def _language(cls, code: str) -> str:
        return usable(code)

    @field_validator("discord_api", "discord_gateway", "discord_cdn")
    @classmethod
    def _address(cls, value: str) -> str:
        url = URL(value)
        if url.scheme not in {"http", "https", "ws", "wss"} or not url.host:
            raise ValueError("it must be a whole address such as https://discord.com/api/v10")
        return value

    @field_validator("shard")
    @classmethod
    def _shard(cls, value: str) -> str:
        number, _, of = value.partition("/")
        if value and not (number.isdecimal() and of.isdecimal() and int(number) < int(of) <= SHARDS_MAX):
            raise ValueError("it must be such as 0/2 for the first of two bots, and 1/2 for the second")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr) -> SecretStr:
        redis_address(value.get_secret_value())
        return value

    @property
    def shards(self) -> dict[str, Any]:
        """Which of how many shards this bot is, as discord.py takes it; nothing: as many as Discord recommends."""
        number, _, of = self.shard.partition("/")
        return {"shard_ids": [int(number)], "shard_count": int(of)} if of else {}

    @property
    def everywhere(self) -> int:
        """Requests that one person may have at once, at most; who allows many in each server means them."""
        told = "cap_person_everywhere" in self.model_fields_set
        return self.cap_person_everywhere if told else max(self.cap_person, self.cap_person_everywhere)


def variables() -> list[tuple[str, str, str]]:
    """Every setting as (variable, default, what it is), the bot's own first; secrets without their default."""
    rows = []
    for name, field in sorted(Settings.model_fields.items(), key=lambda each: each[0] in SharedSettings.model_fields):
        default = "required" if field.is_required() else str(field.get_default())
        if isinstance(field.get_default(), SecretStr):
            default = field.get_default().get_secret_value()
        rows.append((_variable(name), default, field.description or ""))
    return rows


def complaint(error: ValidationError) -> str:
    """One line for every bad setting: its variable, what it must be, how to put it right. Shows no secret."""
    return "\n".join(_with_help(line) for line in complaints(Settings, error))


def _with_help(line: str) -> str:
    how = _HOW.get(line.split(maxsplit=1)[0])
    return f"{line.rstrip('.')}. {how}" if how else line


def _variable(field: str) -> str:
    if field in {"discord_token", "DISCORD_TOKEN"}:
        return "DISCORD_TOKEN"
    return f"EASEL_{field.removeprefix('EASEL_')}".upper()
