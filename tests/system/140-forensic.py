#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbers and texts that went through everything are nowhere to be found in
clear: not in the state folder, a backup, the log (R21, R23)."""
import os
import re
import sqlite3

import forensic
import tincay
from tincay import eq, ok, phone
from tpdu import text_part

NUMBERS = [phone(731), phone(732), phone(733)]
CRY = "Giúp tôi với, mưa lũ cuốn mất cầu treo rồi ạ"
HALF = "Tôi kể nửa đầu câu chuyện con trâu vàng"
NEWS = "Song An: xem phim ngoai troi toi thu Sau tai san van hoa"


def search(paths):
    """Every hit, as (file, number or text, form)."""
    out = []
    for number in NUMBERS:
        needles = forensic.make_needles(number, [CRY, HALF, NEWS])
        for path in forensic.walk(paths):
            out += [(path, number[-3:], form) for form, _ in
                    forensic.search_file(path, needles)]
    return out


def plant(world):
    """A case, half a text, a person who subscribed, one who was imported and
    got a campaign, replies and reports."""
    world.sim.text(NUMBERS[0], CRY)
    world.sim.wait(NUMBERS[0])
    world.sim.pdu(text_part(NUMBERS[0], HALF, 2, 1))
    world.sim.text(NUMBERS[1], "DK")
    world.sim.wait(NUMBERS[1])
    world.sim.text(NUMBERS[1], "CO")
    world.sim.wait(NUMBERS[1], 2)
    world.import_people([NUMBERS[2]], "xa")
    made = world.campaign("phim", "xa", NEWS)
    world.wait_campaign(made, lambda c: c["recipients"]["delivered"] == 1,
                        "it is delivered")
    world.sim.call("call", **{"from": NUMBERS[1], "to": "modem1",
                              "seconds": 2, "ring_ms": 100})
    case = world.wait_cases("HPN")[0]
    world.open_case("HPN", case["code"])
    world.ctl("people", "list", user="hoa")
    world.sim.wait_empty()


def backup(world, path):
    source = sqlite3.connect(f"file:{world.state}/tincay.db?mode=ro", uri=True)
    copy = sqlite3.connect(path)
    source.backup(copy)
    copy.close()
    source.execute("VACUUM INTO ?", (path + ".vacuum",))
    source.close()


def check_canary(world, path):
    """What was put there on purpose is found, so the search works here."""
    copy = sqlite3.connect(path)
    copy.execute("CREATE TABLE canary(a, b)")
    copy.execute("INSERT INTO canary VALUES(?, ?)", (int(NUMBERS[0][1:]), CRY))
    copy.commit()
    copy.close()
    hits = {number for p, number, _ in search([path]) if p == path}
    ok(NUMBERS[0][-3:] in hits, "the canary is not found")
    canary = world.write("state/canary", f"from={NUMBERS[2]} text={NEWS}\n")
    ok(search([world.state]), "the canary in the state folder is not found")
    os.unlink(canary)


def check_log(world):
    """R23: at most the last three digits, never a text."""
    for line in world.log.lines:
        digits = re.sub(r"[^0-9]", "", line)
        for number in NUMBERS:
            ok(number[3:] not in digits, f"a number in the log: {line}")
    words = [w for text in (CRY, HALF, NEWS) for w in text.split()
             if len(w) > 4]
    for line in world.log.lines:
        ok(sum(w in line for w in words) < 2, f"a text in the log: {line}")
    ok(world.log.find(r"from=\.\.\.731"), "the log has no line of the text")


def scenario(world):
    plant(world)
    log = os.path.join(world.dir, "tincayd.log")
    ok(os.path.getsize(world.state + "/tincay.db-wal") > 0, "there is no WAL")
    eq(search([world.state, log]), [], "what is found while it runs")
    copy = os.path.join(world.dir, "backup.db")
    backup(world, copy)
    eq(search([copy, copy + ".vacuum"]), [], "what is found in a backup")
    world.kill()
    eq(search([world.state, log]), [], "what is found after a power cut")
    world.start()
    world.stop()
    eq(search([world.state, log]), [], "what is found after the end")
    check_log(world)
    check_canary(world, copy)


tincay.main(scenario)
