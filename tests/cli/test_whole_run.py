"""The project itself: `ringback run` in one terminal, `ringback phone` in another."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.store.server import running_server

ROOT = Path(__file__).parents[2]
RINGBACK = Path(sys.executable).parent / "ringback"
PATIENCE = 50.0


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def outside(**more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing, and has no Redis on the PATH."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "REDIS_URL" and not name.startswith(("TWILIO_", "RINGBACK_"))
    }
    return kept | {"PATH": "/usr/bin:/bin"} | more


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The example company in a folder with a space in its path, on ports of its own."""
    folder = tmp_path / "some where"
    folder.mkdir()
    shutil.copy(ROOT / "Procfile", folder)
    shutil.copytree(ROOT / "flows", folder / "flows")
    config = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for old, new in zip(("port: 8080", "port: 8100"), free_ports(), strict=True):
        assert config.count(old) == 1
        config = config.replace(old, f"port: {new}")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    return folder


@pytest.fixture
def run(company: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (company / "log").open("wb") as log:
        process = subprocess.Popen(
            [RINGBACK, "run"], cwd=company, env=outside(), stdout=log, stderr=subprocess.STDOUT
        )
    yield process
    process.terminate()
    process.wait()


def wait_until_ready(company: Path, run: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + PATIENCE
    while "Ringback answers at" not in (said := (company / "log").read_text()):
        assert run.poll() is None and time.monotonic() < deadline, said
        time.sleep(0.05)
    return said


def phone(company: Path, typed: str) -> str:
    carrier = re.search(r"telephone company is at (\S+)", (company / "log").read_text())
    assert carrier is not None
    done = subprocess.run(
        [RINGBACK, "phone", "--fast", "--carrier", carrier[1]],
        cwd=company,
        env=outside(),
        input=typed,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(180)
def test_a_caller_who_phones_in_hears_the_company_until_the_run_is_ended(
    company: Path, run: "subprocess.Popen[bytes]"
) -> None:
    said = wait_until_ready(company, run)
    assert "+46846500400" in said
    assert "ringback phone" in said
    for page in re.findall(r"http://\S+(?:/phone|/_carrier/)", said):
        with urllib.request.urlopen(page) as answer:
            assert answer.headers["Content-Type"].startswith("text/html"), page

    heard = phone(company, "4\nh\n")
    assert "Answered." in heard
    assert "en-GB For English, press 4." in heard
    assert "You hung up" in heard

    assert stat.S_IMODE((company / "var" / "account.json").stat().st_mode) == 0o600
    url = running_server(company / "var" / "store")
    assert url is not None
    with Redis.from_url(url) as store:
        kept = store.dbsize()
    assert kept > 0

    run.send_signal(signal.SIGINT)
    assert run.wait(PATIENCE) == 0, (company / "log").read_text()
    said = (company / "log").read_text()
    assert "Traceback" not in said
    order = [said.index(f"ringback | ending {name}\n") for name in ("web", "clock", "worker")]
    assert order[0] == min(order)
    assert running_server(company / "var" / "store") is None
