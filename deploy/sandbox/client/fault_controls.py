"""The part of the client that arms faults and does what no person could do."""

from collections.abc import Mapping, Sequence

from .connection import Connection
from .entities import Interaction, Json, Name, id_of


class FaultControls(Connection):
    """What no person could do: faults, the gateway, the clock, permissions, servers."""

    async def fault(self, method: str = "*", path: str = "*", **how: object) -> int:
        """Arm a fault (see README: Faults), e.g. `fault("PATCH", "*/messages/*", status=503, times=2)`."""
        body = {"method": method, "path": path, **how}  # times=None means without end, so None must arrive
        return int((await self.call("POST", "/faults", json=body))["id"])

    async def faults(self) -> list[Json]:
        """The faults that are still armed, with how often each was met (`hits`)."""
        return list(await self.get("/faults"))

    async def clear_faults(self) -> None:
        """Disarm all faults."""
        await self.call("DELETE", "/faults")

    async def clock(self, *, scale: float | None = None, jump: float | None = None) -> float:
        """Scale time, or jump ahead by so many seconds; returns the sandbox's time."""
        return float((await self.post("/clock", scale=scale, jump=jump))["now"])

    async def expire_token(self, interaction: Interaction | int) -> None:
        """End an interaction's token now, before its 15 minutes are over."""
        await self.post(f"/interactions/{id_of(interaction)}/expire")

    async def cut_gateway(self, *, code: int = 4000, abort: bool = False, shard: int | None = None) -> None:
        """Close the bot's gateway connections; with `abort` the TCP connection just ends."""
        await self.post("/gateway", action="disconnect", code=code, abort=abort, shard=shard)

    async def gateway_faults(self, **how: object) -> Json:
        """How the gateway treats connections from now on (see README: The gateway), e.g. `ack=False, late=0.5`."""
        return dict(await self.call("POST", "/gateway/manners", json=how))

    async def ask_heartbeat(self) -> None:
        """Have the gateway ask its clients for a heartbeat (op 1)."""
        await self.post("/gateway", action="heartbeat")

    async def ask_reconnect(self) -> None:
        """Have the gateway ask its clients to reconnect (op 7)."""
        await self.post("/gateway", action="reconnect")

    async def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Tell all clients that their session is invalid (op 9)."""
        await self.post("/gateway", action="invalidate", resumable=resumable)

    async def rate_limits(self, enabled: bool | None = None, **more: int) -> Json:
        """Switch limits on or off, or set `ban_after`, `session_starts`, `max_concurrency`; returns how they stand."""
        return dict(await self.post("/rate-limits", enabled=enabled, **more))

    async def chaos(
        self, seed: str | int | None = None, *, intensity: float = 1.0, rates: Mapping[str, float] | None = None,
        seconds: float | None = None,
    ) -> Json:  # fmt: skip
        """Let things go wrong by a seed (see README: Chaos), for so long or until `stop_chaos`."""
        body = {"seed": seed, "intensity": intensity, "rates": dict(rates or {}), "seconds": seconds}
        return dict(await self.post("/chaos", **body))

    async def chaos_so_far(self) -> Json:
        """What it is set to and what it has done."""
        return dict(await self.get("/chaos"))

    async def stop_chaos(self) -> Json:
        """No more chaos; returns what it has done."""
        return dict(await self.call("DELETE", "/chaos"))

    async def overwrite(self, channel: Name, of: Name, *, allow: Sequence[str] = (), deny: Sequence[str] = ()) -> None:
        """Set a channel's overwrite for a role or person, by permission names ("ATTACH_FILES")."""
        await self.post("/overwrite", channel=channel, of=of, allow=list(allow), deny=list(deny))

    async def role(self, guild: Name, role: Name, *, allow: Sequence[str] = (), deny: Sequence[str] = ()) -> None:
        """Give a role permissions, or take them from it, by name ("ATTACH_FILES")."""
        await self.post("/role", guild=guild, role=role, allow=list(allow), deny=list(deny))

    async def set_dms(self, person: Name, *, opened: bool) -> None:
        """Whether the bot may write direct messages to this person."""
        await self.post("/dms", person=person, open=opened)

    async def delete_channel(self, channel: Name) -> None:
        """Delete a channel or thread, as an admin would."""
        await self.post("/delete-channel", channel=channel)

    async def install(self, guild: Name, installed: bool, *, outage: bool = False) -> None:
        """Add the bot to a server, or throw it out; with `outage` Discord cannot reach it, or can again."""
        await self.post("/install", guild=guild, installed=installed, outage=outage)

    async def reset(self) -> None:
        """Back to the default world; the bot stays connected."""
        await self.post("/reset")
