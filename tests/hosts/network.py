"""Hosts on one machine: a network namespace for each, joined by a bridge, and no rights are needed for any of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.process import dying_with_parent

INSIDE = "EASEL_TESTS_INSIDE"  # set for the process that may make namespaces
_TOOLS = ("ip", "unshare", "nsenter")
_NET = "10.77.0"
OUTSIDE = f"{_NET}.1"  # of the namespace that holds the bridge: the rest of the world, Discord in it
_NOWHERE = "02:00:00:00:00:99"  # a hardware address that nobody has
_PATIENCE = 10.0


def refused() -> str:
    """Why there can be no namespaces here; empty where there can."""
    missing = [name for name in _TOOLS if shutil.which(name) is None]
    if sys.platform != "linux" or missing:
        return f"several hosts take Linux with {', '.join(missing or _TOOLS)} (packages iproute2 and util-linux)"
    tried = subprocess.run(
        ["unshare", "-Urn", "sh", "-c", "ip link add hosts type bridge && ip link add to-one type veth peer name lan"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = (tried.stderr or f"status {tried.returncode}").strip().splitlines()
    return f"this machine lets nobody make network namespaces: {said[-1]}" if tried.returncode else ""


def enter(module: str, arguments: Sequence[str]) -> int:
    """Run a module again where it may make namespaces; returns its exit status."""
    command = ["unshare", "-Urn", sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, env=os.environ | {INSIDE: "1"}) as process:
        while True:
            with suppress(KeyboardInterrupt):  # it gets the same, and ends in its own order
                return process.wait()


class Host:
    """One host. Its address is its alone; what runs there was started through `within`.

    Attributes:
        within: what goes before the command of a process that is to run there.
    """

    def __init__(self, name: str, number: int) -> None:
        self.name, self.address = name, f"{_NET}.{number}"
        self._outer = f"to-{name}"[:15]
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL,
            preexec_fn=dying_with_parent(),  # noqa: PLW1509 - it only calls prctl
        )  # fmt: skip
        self._space = self._namespace()
        self.within = ("nsenter", f"--net=/proc/{self._holder.pid}/ns/net", "--")
        _ip("link", "add", self._outer, "type", "veth", "peer", "name", "lan", "netns", str(self._holder.pid))
        _ip("link", "set", self._outer, "master", "hosts", "up")
        self._here("addr", "add", f"{self.address}/24", "dev", "lan")
        for each in ("lan", "lo"):
            self._here("link", "set", each, "up")

    def unplug(self) -> None:
        """Pull its cable: nothing arrives in either direction, and nobody is told."""
        _ip("link", "set", self._outer, "down")

    def plug(self) -> None:
        """Put the cable back."""
        _ip("link", "set", self._outer, "up")

    def lose(self, other: str) -> None:
        """What it sends to one address alone arrives nowhere."""
        self._here("neigh", "replace", other, "lladdr", _NOWHERE, "dev", "lan", "nud", "permanent")

    def find(self, other: str) -> None:
        """Have it reach that address again."""
        self._here("neigh", "del", other, "dev", "lan")

    def processes(self) -> Iterator[psutil.Process]:
        """All that run there, whoever started them."""
        for process in psutil.process_iter():
            with suppress(OSError, psutil.Error):
                if process.pid != self._holder.pid and _space(process.pid) == self._space:
                    yield process

    def kill(self) -> int:
        """End all that runs there at once, as a power cut does; returns how many processes that was."""
        struck: set[int] = set()
        until = time.monotonic() + _PATIENCE
        while found := list(self.processes()):  # until none is left of those that were just being started
            if time.monotonic() > until:
                raise TimeoutError(f"{found} do not end")
            for process in found:
                struck.add(process.pid)
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            time.sleep(0.02)
        return len(struck)

    def close(self) -> None:
        self.kill()
        self._holder.kill()
        self._holder.wait()

    def _here(self, *arguments: str) -> None:
        _run(*self.within, "ip", *arguments)

    def _namespace(self) -> str:
        until = time.monotonic() + _PATIENCE
        while (found := _space(self._holder.pid)) == _space(os.getpid()):
            if time.monotonic() > until:
                raise TimeoutError(f"no network namespace for {self.name}")
            time.sleep(0.01)
        return found


class Network:
    """All hosts. They see one another and this process, which is at `OUTSIDE`."""

    def __init__(self, names: Sequence[str]) -> None:
        _ip("link", "set", "lo", "up")
        _ip("link", "add", "hosts", "type", "bridge")
        _ip("addr", "add", f"{OUTSIDE}/24", "dev", "hosts")
        _ip("link", "set", "hosts", "up")
        self.hosts = {name: Host(name, number) for number, name in enumerate(names, 2)}

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]

    def close(self) -> None:
        for host in self.hosts.values():
            host.close()
        _ip("link", "del", "hosts")


def _space(pid: int) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


def _ip(*arguments: str) -> None:
    _run("ip", *arguments)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
