# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of the desk: a queue with 100,000 open cases, and a hundred handlers
who wait for the next one."""
import http.client
import json
import os
import selectors
import socket
import statistics
import subprocess
import time
import urllib.parse

from figures import cpu_ns, percentile, row, tincay

CASES = 100000
POLLERS = 100
ROUNDS = 20
IDLE_S = 10
SECRET = "mot-bi-mat-chi-de-do-thoi-gian"


class Poller:
    """One handler: a connection that is kept, one request at a time."""

    def __init__(self, world, user):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(world.socket)
        self.token = world.tokens[user]
        self.cursor = None
        self.data = b""

    def ask(self, wait):
        after = f"&after={self.cursor}&wait={wait}" if self.cursor else ""
        self.data = b""
        self.sock.sendall(
            (f"GET /api/v1/cases?agency=HPN&limit=1{after} HTTP/1.1\r\n"
             f"Host: x\r\nAuthorization: Bearer {self.token}\r\n\r\n").encode())

    def take(self):
        """Read what is there; the answer once it is whole, else None."""
        self.data += self.sock.recv(65536)
        head, _, body = self.data.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                if len(body) < int(line.split(b":")[1]):
                    return None
                answer = json.loads(body)
                self.cursor = answer["cursor"]
                return answer
        return None

    def wait(self):
        while self.take() is None:
            pass


def wakeups(world):
    """How often the daemon's loop went to sleep so far."""
    for line in tincay.read_lines(f"/proc/{world.daemon.pid}/task/"
                                  f"{world.daemon.pid}/status"):
        if line.startswith("voluntary_ctxt_switches"):
            return int(line.split()[1])
    raise tincay.Failure("no context switches")


def wakeups_idle(world):
    before = wakeups(world)
    time.sleep(IDLE_S)
    return wakeups(world) - before


def new_case(world, conn, n):
    """Somebody asks for help by USSD: one commit, and the answer behind it. When
    it was asked for."""
    form = urllib.parse.urlencode({"sessionId": f"d{n}", "text": "2",
                                   "phoneNumber": tincay.phone(n)})
    began = time.monotonic_ns()
    conn.request("POST", "/ussd", form, {
        "Authorization": "Bearer " + SECRET,
        "Content-Type": "application/x-www-form-urlencoded"})
    return began


def answered(pollers, selector, began):
    """Milliseconds until each of them has its answer."""
    ms, left = [], set(pollers)
    while left:
        for key, _ in selector.select():
            if key.data.take() is not None:
                ms.append((time.monotonic_ns() - began) / 1e6)
                left.discard(key.data)
    return ms


def bench_polls(world):
    alone = wakeups_idle(world)
    pollers = [Poller(world, "lan") for _ in range(POLLERS)]
    selector = selectors.DefaultSelector()
    for p in pollers:
        p.ask(0)
        p.wait()
        p.ask(60)
        selector.register(p.sock, selectors.EVENT_READ, p)
    time.sleep(1)
    row(f"wake-ups in {IDLE_S} s: nobody waits", alone, "", 1, "")
    row(f"wake-ups in {IDLE_S} s: {POLLERS} handlers wait",
        wakeups_idle(world), "", 1, "the same")
    conn = http.client.HTTPConnection("127.0.0.1", world.port)
    ms, last, cpu = [], [], cpu_ns(world.daemon.pid)
    for n in range(ROUNDS):
        took = answered(pollers, selector, new_case(world, conn, n))
        conn.getresponse().read()
        ms += took
        last.append(max(took))
        for p in pollers:
            p.ask(60)
        time.sleep(0.3)
    conn.close()
    cpu = cpu_ns(world.daemon.pid) - cpu
    for p in pollers:
        p.sock.close()
    row(f"new case to {POLLERS} polls, commit included: median",
        f"{statistics.median(ms):.1f}", "ms", len(ms), "")
    row(f"new case to {POLLERS} polls, commit included: p99",
        f"{percentile(ms, 99):.1f}", "ms", len(ms), "<= 50")
    row("processor time of it, a poll asked and answered",
        f"{cpu / 1000 / len(ms):.0f}", "us", len(ms), "")
    row("the last of them: median", f"{statistics.median(last):.1f}", "ms",
        len(last), "")


def bench_listing(world):
    """Pages of 100 over the API, from the top and behind a place deep in it."""
    conn = tincay.UnixConnection(world.socket, 60)
    headers = {"Authorization": "Bearer " + world.tokens["lan"]}
    ms, place = [], ""
    for _ in range(500):
        began = time.monotonic_ns()
        conn.request("GET", "/api/v1/cases?agency=HPN&limit=100" + place,
                     headers=headers)
        body = conn.getresponse().read()
        ms.append((time.monotonic_ns() - began) / 1e6)
        answer = json.loads(body)
        tincay.eq(len(answer["cases"]), 100, "cases of a page")
        place = f"&from={answer['more']}"
    conn.close()
    row(f"page of the queue, {CASES:,} cases: median",
        f"{statistics.median(ms):.1f}", "ms", len(ms), "")
    row(f"page of the queue, {CASES:,} cases: p99",
        f"{percentile(ms, 99):.1f}", "ms", len(ms), "<= 5")


def seed(world):
    """The daemon's own desk files them, into the database of this world."""
    world.stop()
    out = subprocess.run(
        [os.path.join(world.build, "tests/bench/cases"), tincay.CONTENT,
         world.state, str(CASES), world.dir + "/data.key"],
        capture_output=True, check=True).stdout
    made = json.loads(out)
    row("envelopes sealed and stored", made["envelopes_per_s"], "per s",
        made["envelopes"], "")
    row("new cases filed", made["cases_per_s"], "per s", made["cases"], "")
    row("page of 100 out of the desk itself: p99",
        f"{made['list_p99_us'] / 1000:.1f}", "ms", 2000, "<= 5")
    world.write("ussd.secret", SECRET + "\n")
    world.options = [f'ussd_secret_file = "{world.dir}/ussd.secret"']
    world.start()


def bench_desk(world):
    seed(world)
    bench_listing(world)
    bench_polls(world)
