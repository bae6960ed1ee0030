"""Which Redis a command talks to."""

from pydantic import SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from worker.contract.redis_check.outage import out_of_reach
from worker.contract.setting_files import FiledSettings
from worker.contract.settings_errors import redis_address


class RedisEnvironment(FiledSettings):
    """What it reads of the environment and `.env`, as bot and workers do."""

    model_config = SettingsConfigDict(env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore")

    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr) -> SecretStr:
        redis_address(value.get_secret_value())
        return value

    @property
    def named(self) -> bool:
        """Does EASEL_REDIS_URL name it? Else it is where a Redis usually is."""
        return "redis_url" in self.model_fields_set

    def away(self, error: BaseException, besides: str = "") -> str:
        """One line for whoever called a command that found no Redis to serve it; `besides` ends it, without a stop."""
        return out_of_reach(error, self.redis_url.get_secret_value(), named=self.named, besides=besides)
