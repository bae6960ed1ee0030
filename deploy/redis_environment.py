"""Which Redis a command talks to."""

from pydantic import SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

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
