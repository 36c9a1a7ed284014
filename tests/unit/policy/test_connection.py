"""The HTTP that is spoken with OPA, against a server that answers what a test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jade_policy.opa.connection import Connection

Serve = Callable[..., tuple[Connection, list[bytes]]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve one canned answer a request, on connections that end where an answer is empty."""
    address = tmp_path / "opa.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen()
    asked: list[bytes] = []
    connections: list[Connection] = []
    threads: list[threading.Thread] = []

    def answer(answers: list[bytes]) -> None:
        client = listener.accept()[0]
        for one in answers:
            if one == b"":
                client.close()
                client = listener.accept()[0]
            elif request := client.recv(65536):
                asked.append(request)
                client.sendall(one)
        client.close()

    def start(*answers: bytes) -> tuple[Connection, list[bytes]]:
        threads.append(threading.Thread(target=answer, args=(list(answers),)))
        threads[-1].start()
        connections.append(Connection(address))
        return connections[-1], asked

    yield start
    for connection in connections:
        connection.close()
    for thread in threads:
        thread.join(5)
    listener.close()


def test_an_answer_of_known_length(serve: Serve) -> None:
    """One message goes out, head and body together, and the connection is used again."""
    connection, asked = serve(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"result":{}}',
        b"HTTP/1.1 204 No Content\r\n\r\n",
    )
    assert connection.request("POST", "/v1/data/a", b'{"input":1}', 5) == (200, b'{"result":{}}')
    assert connection.request("DELETE", "/v1/data/b", b"", 5) == (204, b"")
    assert asked[0].startswith(b"POST /v1/data/a HTTP/1.1\r\n")
    assert asked[0].endswith(b'Content-Length: 11\r\n\r\n{"input":1}')
    assert asked[1].startswith(b"DELETE /v1/data/b HTTP/1.1\r\n")


def test_an_answer_in_chunks(serve: Serve) -> None:
    """OPA sends long answers so."""
    connection, _ = serve(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\nA;x=y\r\n2,3,4,5,6]\r\n0\r\n\r\n",
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}",
    )
    assert connection.request("POST", "/v1/data", b"{}", 5) == (200, b"[1,2,3,4,5,6]")
    assert connection.request("POST", "/v1/data", b"{}", 5) == (500, b"{}")


def test_a_server_that_closes_is_connected_to_again(serve: Serve) -> None:
    """OPA says so where it takes no more requests on a connection."""
    connection, asked = serve(
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    )
    assert connection.request("POST", "/v1/data", b"{}", 5) == (400, b"")
    assert connection.request("POST", "/v1/data", b"{}", 5) == (200, b"[]")
    assert len(asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n[1,2",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[1,2",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_half_an_answer_is_none(serve: Serve, answer: bytes) -> None:
    """What was cut off must not be taken for an answer."""
    connection, _ = serve(answer)
    with pytest.raises(OSError, match=r"the connection ended|the answer is no HTTP"):
        connection.request("POST", "/v1/data", b"{}", 5)


def test_no_answer_in_time(serve: Serve) -> None:
    """The limit holds for an answer that has begun, too."""
    connection, _ = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"-")
    with pytest.raises(TimeoutError):
        connection.request("POST", "/v1/data", b"{}", 0.05)


def test_nobody_there(tmp_path: Path) -> None:
    """As where OPA has died."""
    with pytest.raises(OSError, match="No such file"):
        Connection(tmp_path / "none.sock").request("GET", "/health", b"", 1)
