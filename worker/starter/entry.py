"""The starter's entry in the engine's catalogue: its defaults are what people draw with."""

from worker.engine.pipeline import model_config
from worker.engine.settings import CATALOGUE

ID = "starter"


def entry() -> model_config.ModelConfig:
    """The entry, read anew."""
    return next(each for each in model_config.read(CATALOGUE).entries if each.info.id == ID)
