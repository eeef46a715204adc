#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A start without the data key: everything is received and nothing is sent,
until somebody types the passphrase. kill -9 in between loses and doubles
nothing, a late answer is a task (R3), an opt-out that waited counts before
anything goes out, and no text can be read on the disk meanwhile."""
import os
import subprocess

import tincay
from tincay import N1, eq, ok, phone
from tpdu import text_part

SECRET = "chong toi danh, so nha 47"
PEOPLE = [phone(n) for n in range(401, 411)]
TEXT = "Song An: hop thon"


def wrap(world):
    """From a plain key to one with a passphrase, as an administrator does."""
    world.write("dpp", "khoa du lieu rat dai\n")
    subprocess.run([world.program("tincayd"), "--wrap-key",
                    world.dir + "/data.wrapped", "--from",
                    f"file:{world.dir}/data.key", "--passphrase-file",
                    world.dir + "/dpp"], check=True)
    world.options.append(f'key_source = "passphrase:{world.dir}/data.wrapped"')
    os.rename(world.dir + "/data.key", world.dir + "/in-a-safe")


def status(world, user=None):
    return world.get("/status", user)


def waiting(world, count):
    tincay.eventually(
        lambda: status(world).get("locked", {}).get("waiting") == count,
        f"{count} wait")
    world.sim.wait_empty()


def unlock(world, passphrase="dpp", code=0):
    return world.ctl("unlock", "--passphrase-file",
                     f"{world.dir}/{passphrase}", code=code)


def refused(world):
    """What needs the key says so; what does not is answered."""
    eq(world.http("GET", "/api/v1/health", tcp=True).json["status"], "locked",
       "health")
    eq(status(world)["state"], "locked", "state")
    ok("tincay_locked 1" in world.http("GET", "/metrics").body.decode(),
       "the metrics do not say it")
    for path, user in (("/people", "hoa"), ("/campaigns", "hoa")):
        eq(world.http("GET", "/api/v1" + path, user=user).status, 503, path)
    eq(world.http("POST", "/api/v1/people/forget", {"number": phone(1)},
                  "hoa").status, 403, "who may not, may not")
    eq(world.http("POST", "/api/v1/lists", {"name": "x"}, "hoa").status, 503,
       "a list")
    eq(world.http("POST", "/api/v1/unlock", {"passphrase": "x" * 20},
                  "lan").status, 403, "a handler")
    shown = world.get("/cases?agency=HPN", "lan")
    eq(shown["cases"], [], "cases")
    ok("locked_waiting" in shown, "the queue does not say it")
    ok("ĐANG KHÓA" in subprocess.run(
        [world.program("tincayctl"), "-s", world.socket, "--token-file",
         world.dir + "/lan.tok", "case", "queue", "HPN"], check=True,
        capture_output=True).stderr.decode(), "nor does tincayctl")


def nothing_on_disk(world):
    for folder, _, names in os.walk(world.state):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                data = f.read()
            for what in (b"danh, so nha", b"900000420", b"0900000420"):
                ok(what not in data, f"{what} is in {name}")


def receive(world):
    world.sim.text(phone(420), SECRET)
    waiting(world, 1)
    world.sim.pdu(text_part(phone(421), "giup toi, dai ", 2, 1))
    waiting(world, 2)
    world.kill()
    world.sim.text(phone(422), "giup toi")
    world.start()
    world.sim.text(PEOPLE[0], "TC")
    world.sim.call("call", **{"from": phone(423), "to": "modem1"})
    waiting(world, 5)
    world.kill()
    world.start()
    world.sim.pdu(text_part(phone(421), "lam", 2, 2))
    waiting(world, 6)
    nothing_on_disk(world)


def wrong(world):
    world.write("wrong", "khoa nao day nhi\n")
    for _ in range(3):
        unlock(world, "wrong", 1)
    reply = world.http("POST", "/api/v1/unlock", {"passphrase": "x" * 20})
    eq(reply.status, 429, "the fourth try")
    ok(int(reply.headers["Retry-After"]) >= 1, "it does not say how long")


def opened(world, before):
    """In its order, once, with its time; and it sends again."""
    tincay.eventually(lambda: unlocked(world), "unlocked")
    eq(world.http("POST", "/api/v1/unlock", {"passphrase": "x" * 20}).status,
       409, "a second time")
    cases = world.wait_cases("HPN", 4)
    eq(len(cases), 4, "cases")
    texts = sorted(t for c in cases for t in world.texts("HPN", c["code"]))
    eq(texts, sorted([SECRET, "giup toi, dai lam", "giup toi", ""]), "texts")
    late = [c for c in cases if c["call_back"]]
    eq(len(late), 3, "answers that would be late are tasks")
    for n in (420, 421, 422, 423):
        eq(world.sim.inbox(phone(n)), [], f"answers to {n}")
    world.sim.text(phone(430), "giup toi")
    eq(world.sim.wait(phone(430))[0]["text"], N1, "who writes then")
    ok(len(world.sim.air()) > before, "nothing is sent")


def unlocked(world):
    reply = world.http("POST", "/api/v1/unlock", {"passphrase": "x"})
    if reply.status == 409:
        return True
    reply = subprocess.run(
        [world.program("tincayctl"), "-s", world.socket, "unlock",
         "--passphrase-file", world.dir + "/dpp"], check=False,
        capture_output=True)
    return reply.returncode == 0


def scenario(world):
    world.import_people(PEOPLE, "xa")
    made = world.campaign("dai", "xa", TEXT,
                          start_at=world.clock.now() + 600)
    world.stop()
    wrap(world)
    world.start()
    before = len(world.sim.air())
    world.write("lan.tok", "")
    world.ctl("status", user="lan")
    refused(world)
    receive(world)
    world.clock.advance(3600)
    world.restart()
    wrong(world)
    eq(len(world.sim.air()), before, "segments on the air while locked")
    opened(world, before)
    world.wait_campaign(made, lambda c: c["state"] == "done", "the campaign")
    sent = [a["to"] for a in world.sim.air() if a["text"] == TEXT]
    eq(sorted(sent), PEOPLE[1:], "TC that waited counts")
    world.stop()
    eq(world.db("SELECT count(*) FROM locked_inbound")[0][0], 0, "rows left")
    with_another_key(world)


def with_another_key(world):
    """The key of another database is refused, not used."""
    subprocess.run([world.program("tincayd"), "--new-key",
                    world.dir + "/data.key"], check=True)
    world.options.pop()
    try:
        world.start()
    except tincay.Failure as failure:
        ok("not that of this database" in str(failure), str(failure))
        return
    raise tincay.Failure("it runs with another key")


tincay.main(scenario)
