"""Points discord.py at the addresses of the settings, so that a stand-in is used like the real thing."""

from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.voice_client import VoiceClient
from yarl import URL

from bot.settings import Settings


def point_discord_at(settings: Settings) -> None:
    """Set discord.py's three base addresses. They are class attributes, so this holds for the whole process."""
    Route.BASE = settings.discord_api.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway)
    Asset.BASE = settings.discord_cdn.rstrip("/")
    VoiceClient.warn_nacl = VoiceClient.warn_dave = False  # Easel has no voice, so nothing for it is missing
