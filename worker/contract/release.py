"""Which Easel this is."""

from importlib.metadata import PackageNotFoundError, version

UNKNOWN = "unknown"


def release() -> str:
    """Its version; UNKNOWN where it is run from its folder without having been installed."""
    try:
        return version("easel")
    except PackageNotFoundError:
        return UNKNOWN
