"""The sandbox as a whole: its parts put together, and the web server around them."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from . import control, page
from .faults.ban import Ban
from .faults.chaos import Chaos
from .faults.faults import Faults
from .faults.ratelimit import RateLimits
from .gateway.gateway_faults import GatewayFaults
from .gateway.hub import Hub
from .gateway.session_limits import SessionLimits
from .gateway.socket import Socket
from .http import RESOURCES, cdn, entry, hosts
from .recording.exchanges import Exchanges
from .recording.stream import Stream
from .services.announce import Announcer
from .services.interactions import TOKEN_SECONDS, Interactions
from .services.messages import Messages
from .services.people import PersonActions
from .services.reactions import Reactions
from .services.threads import Threads
from .state import defaults
from .state.clock import LATEST, Clock
from .state.files import Files
from .state.ids import Snowflakes
from .state.model import Json
from .state.store import VERSION, Saved, Store, WorldSaver, world_of


class Sandbox:
    """All parts of one stand-in for Discord."""

    def __init__(self, *, shards: int = 1, max_concurrency: int = 1, store: Store | None = None) -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        self.stream = Stream()
        self.exchanges = Exchanges(self.clock.now)
        self.hub = Hub(self.stream, self.exchanges, SessionLimits(self.clock, max_concurrency))
        self.faults = Faults()
        self.limits = RateLimits(self.clock)
        self.ban = Ban(self.clock)
        self.chaos = Chaos()
        self.hub.after_send = self.chaos.event
        self.command_creates: list[float] = []
        self.shards = shards
        self.base_url = ""
        self.hosts: set[str] = set()  # names under which it answers, besides those of loopback
        self.store = store
        saved = store.load() if store is not None else None
        self._fill(saved)
        self.token = make_token(self.world.app_id)

    def _fill(self, saved: Saved | None = None) -> None:
        """A new world or the one that was kept, and the services that act on it."""
        self.world = defaults.build() if saved is None else world_of(saved)
        self.world.now = self.clock.now
        self.files = Files(self.clock, self.ids, self.store.files if self.store is not None else None)
        self.files.base = f"{self.base_url}/cdn"
        if saved is None:
            self.files.resume({}, self.files.key, "")
        else:
            self.clock.jump(max(0.0, min(saved.now, LATEST) - self.clock.now()))  # it may have been jumped ahead
            self.ids.last, self.command_creates = saved.last_id, saved.command_creates
            self.files.resume(saved.files, saved.key, saved.base)
        self.announce = Announcer(self.world, self.hub, self.stream)
        self.messages = Messages(self.world, self.clock, self.ids, self.files, self.announce)
        self.threads = Threads(self.world, self.clock, self.ids, self.messages, self.announce)
        self.interactions = Interactions(self.world, self.clock, self.ids, self.messages, self.announce)
        self.reactions = Reactions(self.world, self.announce)
        self.actions = PersonActions(
            self.world, self.clock, self.ids, self.files, self.messages, self.reactions, self.interactions,
            self.announce,
        )  # fmt: skip

    def snapshot(self) -> Saved:
        """All that a restart keeps."""
        world, recent = self.world, self.clock.now() - TOKEN_SECONDS
        return Saved(
            VERSION, self.clock.now(), self.ids.last, self.files.base, self.files.key, world.bot, world.people,
            list(world.guilds.values()), [each for each in world.channels.values() if each.guild_id is None],
            list(world.commands.values()), [each for each in world.interactions.values() if each.created > recent],
            self.files.held, [(*key, rows) for key, rows in world.command_permissions.items()],
            self.command_creates, world.command_syncs, world.emojis, world.privileged_intents,
        )  # fmt: skip

    def resume(self) -> None:
        """Restart the timers of what was waiting when the sandbox was stopped."""
        self.interactions.resume()
        self.threads.resume()

    def reset(self) -> None:
        """Back to the default world. Bots stay connected and keep their commands, as they sync only on changes."""
        old = self.world
        self.clock.stop()
        self.clock.set_scale(1.0)
        self.faults.clear()
        self.chaos.stop()
        self.ban.lift()
        self.hub.gateway_faults.change(GatewayFaults().facts())
        self.exchanges.clear()
        self.limits.clear()
        self._fill()
        self.world.commands, self.world.command_syncs = old.commands, old.command_syncs
        self.world.privileged_intents = old.privileged_intents
        for guild in self.world.guilds.values():
            self.announce.guild_joined(guild)
        self.stream.publish("reset")

    def enforce_limits(self, enabled: bool) -> None:
        """Whether rate limits and limits on session starts refuse anyone."""
        self.limits.enabled = self.hub.session_limits.enabled = enabled

    def locate(self, base_url: str) -> None:
        """Say at which address it listens (`http://127.0.0.1:8099`), for all the links that it hands out."""
        self.base_url = base_url
        self.files.base = f"{base_url}/cdn"

    @property
    def gateway_url(self) -> str:
        """The gateway's address, as bots are told it."""
        return self.base_url.replace("http", "ws", 1) + "/gateway"

    def info(self) -> Json:
        """Where everything is, for configuring a bot."""
        return {
            "token": self.token, "application_id": str(self.world.app_id), "api": f"{self.base_url}/api/v10",
            "gateway": self.gateway_url, "cdn": f"{self.base_url}/cdn", "page": f"{self.base_url}/",
        }  # fmt: skip


def make_token(app_id: int) -> str:
    """A bot token of the usual form; its first part names the application."""
    first = base64.urlsafe_b64encode(str(app_id).encode()).decode().rstrip("=")
    return f"{first}.sandbox.{secrets.token_urlsafe(27)}"


def build_app(box: Sandbox) -> web.Application:
    """The web application with the API, the gateway, the CDN, the control API and the page."""
    middlewares = [hosts.guard(box.hosts), entry.plain_errors]
    app = web.Application(middlewares=middlewares, client_max_size=160 * 1024 * 1024)
    for resource in RESOURCES:
        for endpoint in resource.ROUTES:
            app.router.add_route(endpoint.method, entry.PREFIX + endpoint.path, entry.bind(box, endpoint))

    async def gateway(request: web.Request) -> web.StreamResponse:
        if box.hub.gateway_faults.refuse is not None:
            return web.Response(status=box.hub.gateway_faults.refuse, text="The gateway is set to refuse connections.")
        return await Socket(request, box.world, box.hub, box.token, box.gateway_url).run()

    for path in ("/gateway", "/gateway/"):
        app.router.add_get(path, gateway)
    cdn.add_routes(app, box)
    control.add_routes(app, box)
    page.add_routes(app)
    return app


@asynccontextmanager
async def saving(box: Sandbox) -> AsyncIterator[None]:
    """Restart timers, and where there is a folder save what changes."""
    box.resume()
    if box.store is None:
        yield
        return
    saver = WorldSaver(box.store, box.snapshot)
    box.stream.on_change = saver.touch
    async with saver.writing():
        yield


@asynccontextmanager
async def serve(box: Sandbox, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Sandbox]:
    """Listen until the block ends; port 0 takes a free one. `host` is an address of this machine."""
    box.hosts.add(host)
    runner = web.AppRunner(build_app(box), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        box.locate(f"http://{host}:{bound}")
        async with saving(box):
            yield box
    finally:
        box.clock.stop()
        box.stream.close()
        for session in box.hub.of_shard(None):
            if session.link is not None:
                session.link.close(1001)
        await runner.cleanup()
