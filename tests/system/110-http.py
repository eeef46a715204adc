#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients that do wrong get their status and harm nobody else; a client that
asks twice gets the same answer once done."""
import json
import re
import socket

import tincay
from tincay import eq, ok

HUGE = 17 << 20
CLIENTS = 20


def raw(method, path, body, token):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def connect(world):
    sock = socket.create_connection(("127.0.0.1", world.port),
                                    tincay.DEADLINE)
    return sock


def read_answers(sock, count):
    """Status of each answer of a connection that stays open."""
    out = []
    with sock.makefile("rb") as f:
        for _ in range(count):
            out.append(int(f.readline().split()[1]))
            length = 0
            while (line := f.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            f.read(length)
    return out


def check_between(world):
    """One bad request between two good ones, all in one write."""
    token = world.tokens["hoa"]
    with connect(world) as sock:
        sock.sendall(raw("POST", "/lists", {"name": "truoc"}, token)
                     + raw("POST", "/lists", {"name": "truoc"}, token)
                     + raw("POST", "/lists", b"{broken", token)
                     + raw("POST", "/lists", {"name": "sau"}, token))
        eq(read_answers(sock, 4), [201, 409, 400, 201], "answers")
    names = {x["name"] for x in world.get("/lists", "hoa")["lists"]}
    ok({"truoc", "sau"} <= names, f"lists: {names}")


def check_statuses(world):
    case = "/api/v1/cases?agency="
    for method, path, body, user, status in (
            ("GET", "/api/v1/lists", None, None, 401),
            ("GET", "/api/v1/lists", None, "lan", 403),
            ("GET", case + "CAX", None, "lan", 403),
            ("GET", case + "HPN", None, "hoa", 403),
            ("POST", "/api/v1/users", {"name": "x"}, "hoa", 403),
            ("GET", "/api/v1/nothing", None, "hoa", 404),
            ("DELETE", "/api/v1/lists", None, "hoa", 405),
            ("POST", "/api/v1/lists", "name=x", "hoa", 415),
            ("POST", "/api/v1/lists", {}, "hoa", 422),
            ("POST", "/api/v1/lists", {"name": 1}, "hoa", 422),
            ("POST", "/api/v1/lists", {"name": "x", "y": 1}, "hoa", 422),
            ("POST", "/api/v1/lists", [], "hoa", 400)):
        reply = world.http(method, path, body, user, tcp=True)
        eq(reply.status, status, f"{method} {path} {body} {reply!r}")
        eq(reply.headers["Content-Type"], "application/problem+json",
           f"kind of the answer {reply!r}")
    reply = world.http("GET", "/api/v1/lists", None, "hoa",
                       {"Host": "evil.example"}, tcp=True)
    eq(reply.status, 400, "another Host")
    reply = world.http("GET", "/api/v1/lists", None, None,
                       {"Authorization": "Bearer " + "A" * 43}, tcp=True)
    eq(reply.status, 401, "a token that nobody has")
    # On the socket root may set up, and nothing else.
    eq(world.http("GET", "/api/v1/users").status, 200, "set-up on the socket")
    eq(world.http("GET", case + "HPN").status, 403, "cases for root")
    eq(world.http("POST", "/api/v1/lists", {"name": "r"}).status, 403,
       "a list of root")


def check_huge(world):
    head = raw("POST", "/lists", b"", world.tokens["hoa"]).replace(
        b"Content-Length: 0", b"Content-Length: %d" % HUGE)
    with connect(world) as sock:
        sock.sendall(head)
        eq(read_answers(sock, 1), [413], "a body that is too large")


def polls(world):
    """How many long polls wait, as the daemon counts them."""
    metrics = world.http("GET", "/metrics", user="kim").body.decode()
    return int(re.search(r"^tincay_http_polls (\d+)$", metrics,
                         re.MULTILINE).group(1))


def check_gone(world):
    """Clients that wait for cases and go away leave nothing behind."""
    request = (f"GET /api/v1/cases?agency=HPN&wait=60&after="
               f"{world.get('/cases?agency=HPN', 'lan')['cursor']} HTTP/1.1\r\n"
               f"Host: localhost\r\nAuthorization: Bearer "
               f"{world.tokens['lan']}\r\n\r\n").encode()
    clients = [connect(world) for _ in range(CLIENTS)]
    for sock in clients:
        sock.sendall(request)
    tincay.eventually(lambda: polls(world) == CLIENTS, "they all wait")
    for sock in clients:
        sock.close()
    tincay.eventually(lambda: polls(world) == 0, "nobody waits")
    world.sim.text(tincay.phone(241), "giup toi")
    eq(len(world.wait_cases("HPN")), 1, "cases for who stayed")


def check_replay(world):
    key = {"Idempotency-Key": "mot-lan"}
    first = world.http("POST", "/api/v1/lists", {"name": "lap"}, "hoa", key)
    again = world.http("POST", "/api/v1/lists", {"name": "lap"}, "hoa", key)
    eq((again.status, again.body), (first.status, first.body), "the replay")
    eq(first.status, 201, "the first")
    other = world.http("POST", "/api/v1/lists", {"name": "khac"}, "hoa", key)
    eq(other.status, 422, "the same key with another body")
    without = world.http("POST", "/api/v1/lists", {"name": "lap"}, "hoa")
    eq(without.status, 409, "without the key")
    world.restart()
    again = world.http("POST", "/api/v1/lists", {"name": "lap"}, "hoa", key)
    eq((again.status, again.body), (first.status, first.body),
       "the replay after a restart")


def scenario(world):
    check_between(world)
    check_statuses(world)
    check_huge(world)
    check_gone(world)
    check_replay(world)


tincay.main(scenario)
