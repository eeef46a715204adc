#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Trusted addresses with the real programs (M19): registered from a file, sealed
to DCTC, given to a case by voice, counted; and every road by which one could
leave is tried: campaigns, the content pack at a reload, at tincayd -t and at a
start, USSD screens, every answer of the API, the log, the state folder and a
copy of it, what went over the air. A new key of DCTC opens them, no other."""
import os
import shutil
import signal
import sqlite3
import subprocess
import urllib.parse

import forensic
import tincay
from tincay import N1, USERS, eq, ok, phone

PLACE = "Nhà sàn mái đỏ cạnh rẫy hồ tiêu, dốc Ông Thịnh"
KEEPER = "Rơ Châm H'Lép"
NUMBER = phone(780)
ROUTE = "qua cầu treo Bến Mộng rồi rẽ trái ở gốc đa"
LEAKS = ["Song An: moi ba con den nha san mai do canh ray",
         "Song An: hoi RO CHAM H'LEP de biet",
         f"Song An: goi 0{NUMBER[3:6]} {NUMBER[6:9]} {NUMBER[9:]}",
         "Song An: đi qua cầu treo Bến Mộng"]
SECRET = "mot-bi-mat-that-dai-cua-cong"


def register(world):
    path = world.write("keeper", f"name: Nhà chị Lép\nplace: {PLACE}\nkeeper: "
                       f"{KEEPER}\nphone: 0{NUMBER[3:]}\ntransport: {ROUTE}\n")
    os.chmod(path, 0o644)
    world.ctl("address", "add", "--file", path, "--places", "2", user="dao",
              code=1)  # others can read it
    os.chmod(path, 0o600)
    world.ctl("address", "add", "--file", path, "--places", "2", user="lan",
              code=1)
    eq(world.ctl("address", "add", "--file", path, "--places", "2",
                 user="dao"), {"label": "A"}, "its label")
    os.unlink(path)


def show(world, key="DCTC", code=0, user="dao"):
    return world.ctl("address", "show", "A", "--key", f"{world.dir}/{key}.key",
                     "--passphrase-file", f"{world.dir}/pp", user=user,
                     code=code)


def check_show(world):
    shown = show(world)["address"]
    eq((shown["place"], shown["keeper"], shown["phone"]),
       (PLACE, KEEPER, NUMBER), "what DCTC reads")
    for key in ("HPN", "RECOVERY", "TRIAGE"):
        show(world, key=key, code=1)
    show(world, user="lan", code=1)


def check_place(world):
    her = phone(781)
    world.sim.text(her, "tam lanh")
    eq(world.sim.wait(her)[0]["text"], N1, "her answer")
    code = world.wait_cases("DCTC")[0]["code"]
    assign = ("address", "assign", "A", code, "--how", "voice")
    world.ctl(*assign, user="dao", code=1)  # not claimed
    world.ctl("case", "claim", code, user="dao")
    ok("call" in world.ctl(*assign, user="dao", code=1), "before a call")
    world.ctl("case", "call", code, "--reason", "asked", user="dao")
    eq(world.ctl(*assign, user="dao")["free"], 1, "places free")
    world.ctl(*assign, user="dao", code=1)  # she has one
    world.ctl("case", "close", code, "--outcome", "helped", user="dao", code=1)
    world.ctl("address", "remove", "A", user="dao", code=1)
    eq(world.ctl("address", "list", user="dao")["addresses"][0]["stays"][0]
       ["case"], code, "who is there")
    eq([e["detail"] for e in world.ctl("case", "show", code, user="dao")
        ["events"] if e["act"] == "address_given"], ["A"], "in the ledger")
    world.ctl("address", "release", "A", code, user="dao")
    world.ctl("case", "close", code, "--outcome", "helped", user="dao")
    eq(len(world.sim.inbox(her)), 1, "texts on her phone")


def check_campaigns(world):
    world.import_people([phone(782)], "xa")
    for text in LEAKS:
        for fields in ({"text": text}, {"text": "ok", "name": text}):
            reply = world.http("POST", "/api/v1/campaigns",
                               {"name": "thu", "lists": ["xa"], **fields},
                               user="hoa")
            eq(reply.status, 422, f"a draft with {text}")
            ok("san" not in reply.body.decode(), "it is not quoted")
    made = world.ctl("campaign", "new", "thu", "--list", "xa", "--text",
                     "Song An: chieu phim", user="hoa")
    world.ctl("campaign", "edit", made["id"], "--text", LEAKS[0], user="hoa",
              code=1)
    world.ctl("list", "new", "cau treo ben mong", user="hoa", code=1)


def pack(world, name, old, new):
    path = os.path.join(world.content, name)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    ok(old in text, f"{name} does not hold {old!r}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def test_config(world, status):
    done = subprocess.run([world.program("tincayd"), "-t", "-c",
                           world.dir + "/tincay.conf"], capture_output=True,
                          env=world.environment(), check=False)
    eq(done.returncode, status, f"tincayd -t: {done.stderr.decode()}")
    return done.stderr.decode()


def check_pack(world):
    """A reply and a screen that hold it: refused at a reload; when the daemon is
    started all the same they are held back, and nothing else is."""
    test_config(world, 0)
    pack(world, "intents.conf", N1, "Da nhan tin. Qua cau treo Ben Mong.")
    ok("N1" in test_config(world, 1), "tincayd -t tells which text")
    mark = world.log.mark()
    world.daemon.send_signal(signal.SIGHUP)
    world.log.wait("reload refused", mark)
    world.sim.text(phone(783), "giup toi")
    eq(world.sim.wait(phone(783))[0]["text"], N1, "the old pack answers")
    pack(world, "menus.conf", '"Thoat"', '"Mai do canh ray"')
    world.restart()
    world.log.wait("must not go out")
    world.sim.text(phone(784), "giup toi")
    world.wait_cases("HPN", 2)
    form = {"sessionId": "s1", "phoneNumber": phone(785), "text": "2"}
    reply = world.http("POST", "/ussd", urllib.parse.urlencode(form).encode(),
                       headers={"Content-Type":
                                "application/x-www-form-urlencoded",
                                "Authorization": "Bearer " + SECRET}, tcp=True)
    eq((reply.status, reply.body), (200, b"END "), "the screen")
    eq(len(world.wait_cases("HPN", 3)), 3, "what was asked for is kept")
    eq(world.sim.inbox(phone(784)), [], "what was sent")


def check_answers(world):
    """Everything that anybody can fetch; the address is in none of it."""
    routes = subprocess.run([world.program("tincayd"), "--print-routes"],
                            capture_output=True, check=True)
    paths = {line.split()[1] for line in routes.stdout.decode().splitlines()
             if line.startswith("GET\t") and "{" not in line}
    ok("/api/v1/addresses" in paths and "/metrics" in paths, paths)
    paths |= {"/api/v1/addresses/A"}
    seen = []
    needles = forensic.make_needles(NUMBER, [PLACE, KEEPER, ROUTE])
    for user in [*USERS, None]:
        for path in sorted(paths):
            reply = world.http("GET", path, user=user)
            if path.startswith("/api/v1/addresses") and user != "dao":
                eq(reply.status, 403, f"{path} for {user}")
            seen.append(reply.body)
    blob = b"\n".join(seen)
    eq([form for form, find in needles if find(blob) >= 0], [],
       "what the API tells")


def search(paths):
    needles = forensic.make_needles(NUMBER, [PLACE, KEEPER, ROUTE])
    return [(path, form) for path in forensic.walk(paths)
            for form, _ in forensic.search_file(path, needles)]


def check_traces(world):
    log, sim = world.dir + "/tincayd.log", world.dir + "/sim"
    eq(search([world.state, log, sim]), [], "what is found while it runs")
    source = sqlite3.connect(f"file:{world.state}/tincay.db?mode=ro", uri=True)
    copy = world.dir + "/copy.db"
    source.execute("VACUUM INTO ?", (copy,))
    source.close()
    eq(search([copy]), [], "what is found in a copy")
    canary = world.write("canary", f"to {PLACE}")
    ok(search([canary]), "the search works")
    world.kill()
    eq(search([world.state, log, sim]), [], "what is found after a power cut")
    world.start()


def check_rotation(world):
    new = f"{world.dir}/DCTC-new.key"
    world.ctl("key", "rotate", "DCTC", "--key", f"{world.dir}/DCTC.key",
              "--out", new, "--passphrase-file", f"{world.dir}/pp",
              "--new-passphrase-file", f"{world.dir}/pp", user="dao")
    show(world, code=1)
    os.replace(new, f"{world.dir}/DCTC.key")
    eq(show(world)["address"]["place"], PLACE, "with the new key")


def scenario(world):
    world.options += [f'ussd_secret_file = "{world.write("us", SECRET)}"',
                      'ussd_from = {"127.0.0.1"}']
    world.content = os.path.join(world.dir, "content")
    shutil.copytree(tincay.CONTENT, world.content)
    world.set_up()
    register(world)
    check_show(world)
    check_place(world)
    check_campaigns(world)
    check_pack(world)
    check_answers(world)
    check_traces(world)
    check_rotation(world)
    world.ctl("address", "remove", "A", user="dao")
    eq(world.ctl("address", "list", user="dao")["addresses"], [], "the end")
    ok(world.ctl("audit", "verify")["good"], "the ledger")


tincay.main(scenario, set_up=False)
