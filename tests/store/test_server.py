"""The private server: it ends with its run, keeps what was written, and never has two owners."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from ivr.store.address import ServerError, reach, without_password
from ivr.store.server import PrivateServer, private_server, running_server, server_program

# A run that is killed cannot be this process, so it is one of its own.
A_RUN = """
import sys, time
from pathlib import Path
from redis import Redis
from ivr.store.server import private_server
with private_server(Path(sys.argv[1]), appendfsync="always") as url:
    Redis.from_url(url).set("promise", "kept")
    print(url, flush=True)
    time.sleep(60)
"""


def eventually(holds: Callable[[], bool], within: float = 20.0) -> bool:
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def answers(url: str) -> bool:
    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except RedisConnectionError:
        return False


@pytest.fixture
def a_run(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", A_RUN, str(tmp_path / "store")], stdout=subprocess.PIPE, text=True
    ) as run:
        yield run
        run.kill()


def url_of(run: "subprocess.Popen[str]") -> str:
    assert run.stdout is not None
    with run.stdout:
        return run.stdout.readline().strip()


def test_what_was_written_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        with private_server(tmp_path) as url, Redis.from_url(url) as client:
            assert client.incr("runs") == number


def test_the_server_is_gone_when_its_block_is_left(tmp_path: Path) -> None:
    with private_server(tmp_path) as url:
        assert answers(url)
    assert not answers(url)


@pytest.mark.parametrize(
    "name", ["with a space", 'quote " and \\ and %', "räksmörgås", "a=b", "x" * 200]
)
def test_any_directory_will_do(tmp_path: Path, name: str) -> None:
    for number in (1, 2):
        with private_server(tmp_path / name) as url, Redis.from_url(url) as client:
            assert client.incr("runs") == number
            # RQ asks for it, and redis-py cannot read every path in the answer.
            assert "addr" in client.client_info()


def test_a_temporary_directory_with_a_space_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "a tmp"))
    with private_server(tmp_path / "with a space") as url, Redis.from_url(url) as client:
        assert "addr" in client.client_info()


def test_a_relative_directory_stays_where_it_was_when_the_process_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    server = PrivateServer(Path("store"))
    monkeypatch.chdir("/")
    server.start()
    server.stop()
    assert (tmp_path / "store" / "server.lock").exists()


def test_the_same_url_serves_again_after_a_stop_in_the_middle(tmp_path: Path) -> None:
    server = PrivateServer(tmp_path / ("long" * 40))
    server.start()
    url = server.url
    with Redis.from_url(url) as client:
        client.set("kept", "yes")
        server.stop()
        with pytest.raises(RedisConnectionError):
            client.get("kept")
        server.start()
        assert client.get("kept") == b"yes"
    assert server.url == url
    server.stop()


def test_what_was_told_to_be_on_disk_survives_a_power_cut(tmp_path: Path) -> None:
    server = PrivateServer(tmp_path, appendfsync="always")
    server.start()
    with Redis.from_url(server.url) as client:
        client.set("promise", "kept")
    server.kill()
    with private_server(tmp_path) as url, Redis.from_url(url) as client:
        assert client.get("promise") == b"kept"


def test_others_can_find_a_running_server_by_its_directory(tmp_path: Path) -> None:
    assert running_server(tmp_path / "a b") is None
    with private_server(tmp_path / "a b") as url:
        assert running_server(tmp_path / "a b") == url
    assert running_server(tmp_path / "a b") is None


def test_nobody_else_can_open_the_socket(tmp_path: Path) -> None:
    with private_server(tmp_path):
        assert (tmp_path / "server.sock").stat().st_mode & 0o077 == 0


def test_a_second_run_on_the_same_directory_is_refused_and_named(tmp_path: Path) -> None:
    with private_server(tmp_path) as url:
        with pytest.raises(ServerError, match=rf"process {os.getpid()}\) is using .*REDIS_URL"):
            PrivateServer(tmp_path).start()
        assert answers(url)


def test_the_server_ends_when_its_run_is_killed_outright(
    a_run: "subprocess.Popen[str]",
) -> None:
    url = url_of(a_run)
    assert answers(url)
    a_run.kill()
    a_run.wait()
    assert eventually(lambda: not answers(url))


def test_a_run_can_follow_at_once_on_one_that_was_killed_outright(
    tmp_path: Path, a_run: "subprocess.Popen[str]"
) -> None:
    url_of(a_run)
    a_run.kill()
    a_run.wait()
    with private_server(tmp_path / "store") as url, Redis.from_url(url) as client:
        assert client.get("promise") == b"kept"


def test_a_server_that_has_outlived_its_run_and_its_watchdog_is_ended_first(
    tmp_path: Path, a_run: "subprocess.Popen[str]"
) -> None:
    url = url_of(a_run)
    # Stopped, the watchdog sees nothing; and the run is gone.
    watchdog = _child_named(a_run.pid, "leash.py")
    os.kill(watchdog, signal.SIGSTOP)
    try:
        a_run.kill()
        a_run.wait()
        assert answers(url)
        assert running_server(tmp_path / "store") is None
        with private_server(tmp_path / "store") as again, Redis.from_url(again) as client:
            assert client.get("promise") == b"kept"
    finally:
        os.kill(watchdog, signal.SIGCONT)


def _child_named(parent: int, name: str) -> int:
    table = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in table.splitlines()]
    return next(int(row[0]) for row in rows if int(row[1]) == parent and name in row[2])


def test_a_damaged_file_is_one_sentence_with_the_reason(tmp_path: Path) -> None:
    with private_server(tmp_path) as url, Redis.from_url(url) as client:
        client.set("a", "b")
    manifest = next((tmp_path / "appendonlydir").glob("*.manifest"))
    manifest.write_text("nonsense\n")
    with pytest.raises(ServerError, match=r"stopped at once: .+ \(all of it is in .*server.log\)"):
        PrivateServer(tmp_path).start()


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServerError, match="cannot be made: Not a directory"):
        PrivateServer(tmp_path / "file" / "store").start()


def test_a_server_on_the_path_serves_where_the_wheel_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "redis-server").symlink_to(server_program())
    _without_the_wheel(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_program() == tmp_path / "redis-server"


def test_a_server_on_the_path_that_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "redis-server"
    old.write_text(f"#!{shutil.which('sh')}\necho 'Redis server v=6.2.14 sha=00000000:0'\n")
    old.chmod(0o755)
    _without_the_wheel(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError, match=r"install valkey or redis 7.0 or newer.*REDIS_URL"):
        server_program()


def _without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis://127.0.0.1:1/0", "nothing answers at redis://127.0.0.1:1/0 .Connection refused."),
        ("redis://u:topsecret@127.0.0.1:1", "nothing answers at redis://127.0.0.1:1 "),
        ("unix:///nowhere/at/all.sock", "nothing answers at .*No such file or directory"),
        ("localhost:6379", "is 'localhost:6379', but should look like redis://HOST"),
        ("redis://:topsecret@[::1/0", "should look like redis://HOST"),
        ("redis://h:99999999/0", "should look like redis://HOST"),
    ],
)
def test_a_wrong_redis_url_is_one_sentence_without_the_password(url: str, sentence: str) -> None:
    with pytest.raises(ServerError, match=sentence) as caught:
        reach(url)
    assert str(caught.value).startswith("REDIS_URL")
    assert "topsecret" not in str(caught.value)


def test_a_server_that_wants_a_password_says_so_in_one_sentence(tmp_path: Path) -> None:
    with private_server(tmp_path) as url, Redis.from_url(url) as client:
        reach(url)
        client.config_set("requirepass", "topsecret")
        with pytest.raises(ServerError, match="refuses the user or password"):
            reach(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:secret@host:6379/0", "redis://host:6379/0"),
        ("rediss://user:se@cret@host/1", "rediss://host/1"),
        ("redis://:secret@[::1", "redis://[::1"),
        ("unix:///a/b.sock?password=secret&db=0", "unix:///a/b.sock?password=&db=0"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown
