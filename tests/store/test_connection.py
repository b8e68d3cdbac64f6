"""A store that is stopped, hangs, or was restarted in the middle."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from ivr.engine.call import Call
from ivr.store.calls import CallStore, StoredCall, Taken
from ivr.store.connection import StoreDown, connect
from ivr.store.server import PrivateServer

CALL = Call("CA1", "main", "v1", "sv", 1_763_700_000.0, turn=1)
# The carrier gives us up after this many seconds.
CARRIER_PATIENCE = 15.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrivateServer]:
    server = PrivateServer(tmp_path / "store", appendfsync="always")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Accepts connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        taken: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in taken:
            one.close()


@pytest.fixture
def full_port() -> Iterator[int]:
    """Lets nobody in: its backlog is full, so that a connection is neither made nor refused."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
        waiting = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
            waiting.append(one)
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()


def take(store: CallStore) -> object:
    return store.take_turn(CALL, answer="<Response/>", events=(), voicemail=None, now=CALL.started)


def test_a_stopped_store_is_said_so_in_one_sentence(server: PrivateServer) -> None:
    store = CallStore(connect(server.url))
    server.stop()
    with pytest.raises(
        StoreDown, match=r"^The store at \S+server\.sock cannot be reached \(.+\)\.$"
    ):
        store.read("CA1")
    with pytest.raises(StoreDown):
        take(store)


def test_a_port_where_nothing_listens_is_said_so_at_once() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    started = time.monotonic()
    with pytest.raises(StoreDown, match=rf"127\.0\.0\.1:{port} cannot be reached"):
        CallStore(connect(f"redis://127.0.0.1:{port}/0")).read("CA1")
    assert time.monotonic() - started < CARRIER_PATIENCE


@pytest.mark.parametrize("url", ["redis://127.0.0.1:{}", "redis://a:hunter2secret@127.0.0.1:{}/3"])
def test_a_store_that_hangs_is_given_up_before_the_carrier_gives_us_up(
    silent_port: int, url: str
) -> None:
    store = CallStore(connect(url.format(silent_port)))
    started = time.monotonic()
    with pytest.raises(StoreDown, match=r"does not answer in time\.$") as raised:
        take(store)
    assert time.monotonic() - started < CARRIER_PATIENCE
    assert "hunter2" not in str(raised.value)


def test_a_store_that_lets_nobody_in_is_given_up_too(full_port: int) -> None:
    store = CallStore(connect(f"redis://127.0.0.1:{full_port}/0"))
    started = time.monotonic()
    with pytest.raises(StoreDown, match="does not answer"):
        store.read("CA1")
    assert time.monotonic() - started < CARRIER_PATIENCE


def test_a_store_that_refuses_the_password_does_not_have_it_repeated(
    server: PrivateServer,
) -> None:
    url = server.url.replace("unix://", "unix://ringback:hunter2secret@")
    with pytest.raises(StoreDown, match=r"^The store at ") as raised:
        CallStore(connect(url)).read("CA1")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("url", ["", "localhost:6379", "http://localhost", "redis://localhost:x/0"])
def test_a_url_that_names_no_server_is_refused_with_the_right_form(url: str) -> None:
    with pytest.raises(StoreDown, match="should look like redis://HOST:PORT/0"):
        connect(url)


def test_a_store_restarted_in_the_middle_goes_on_without_an_error(server: PrivateServer) -> None:
    store = CallStore(connect(server.url))
    assert take(store) == Taken()
    server.stop()
    server.start()
    # The connection is broken and the script forgotten: neither is the caller's business.
    assert store.read("CA1") == StoredCall(CALL, "<Response/>", None)
    assert store.note_status("CA1", "completed", 1, 5, CALL.started, "callback")


def test_a_store_killed_in_the_middle_has_every_turn_that_was_taken(
    server: PrivateServer,
) -> None:
    store = CallStore(connect(server.url))
    assert take(store) == Taken()
    server.kill()
    server.start()
    assert store.read("CA1") == StoredCall(CALL, "<Response/>", None)


def test_every_connection_that_a_restart_broke_is_made_anew(server: PrivateServer) -> None:
    client = connect(server.url)
    all_at_once = threading.Barrier(8)

    def ask() -> bool:
        all_at_once.wait()
        return bool(client.set("key", "value"))

    with ThreadPoolExecutor(8) as threads:
        for _ in range(2):
            assert all([asked.result() for asked in [threads.submit(ask) for _ in range(8)]])
            server.stop()
            server.start()
    assert client.get("key") == b"value"


def test_a_process_that_was_forked_has_connections_of_its_own(server: PrivateServer) -> None:
    client = connect(server.url)
    ours = client.client_id()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(client.client_id()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    theirs = os.read(reading, 100)
    os.close(reading)
    os.waitpid(child, 0)
    assert theirs.isdigit()
    assert int(theirs) != ours
    assert client.client_id() == ours


def test_a_command_that_is_refused_costs_no_connection(server: PrivateServer) -> None:
    client = connect(server.url)
    ours = client.client_id()
    with pytest.raises(ResponseError):
        client.eval("no such language", 0)
    assert client.client_id() == ours


def test_scripts_that_the_server_forgot_are_sent_again(server: PrivateServer) -> None:
    client = connect(server.url)
    store = CallStore(client)
    client.script_flush()
    assert take(store) == Taken()


def test_a_server_without_memory_left_is_a_store_that_is_down(server: PrivateServer) -> None:
    client = connect(server.url)
    client.config_set("maxmemory", "1")
    with pytest.raises(StoreDown, match=r"refuses \(.*maxmemory"):
        take(CallStore(client))
