"""Hosts of one machine: who reaches whom. In a process of its own, which alone may make namespaces."""

import os
import subprocess
import sys

import pytest

from tests.e2e.local import ROOT
from tests.hosts import network
from tests.hosts.__main__ import main

_PLAY = """
import socket, subprocess, sys
from tests.hosts.network import OUTSIDE, Network

def reaches(host):
    code = f"import socket; socket.create_connection(('{OUTSIDE}', 99), 0.3)"
    command = [*host.within, sys.executable, "-S", "-c", code]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

def gets_there(host):
    return any(reaches(host) for _ in range(60))  # what was asked while the cable was out is asked again later

net = Network(("one", "two"))
one, two = net["one"], net["two"]
with socket.create_server((OUTSIDE, 99)):
    told = [gets_there(one)]
    one.lose(OUTSIDE)
    told.append(reaches(one))
    one.find(OUTSIDE)
    two.unplug()
    told += [gets_there(one), reaches(two)]
    two.plug()
    told.append(gets_there(two))
kept = subprocess.Popen([*one.within, "sleep", "60"])
while one.kill() == 0:
    pass
print(*told, kept.wait(), one.kill())
net.close()
"""


def test_cables_are_pulled_and_put_back() -> None:
    if why := network.refused():
        pytest.skip(why)
    command = ["unshare", "-Urn", sys.executable, "-c", _PLAY]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["True", "False", "True", "False", "True", "-9", "0"], done.stderr


def test_where_nobody_may_make_hosts_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(network, "refused", lambda: "this machine lets nobody make network namespaces: no")
    monkeypatch.delenv(network.INSIDE, raising=False)
    assert main([]) == 2
    assert capsys.readouterr().err == ("python -m tests.hosts: this machine lets nobody make network namespaces: no\n")
