#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The life of a case with the real programs: nobody claims it and the roster is
texted, step by step; it is claimed, noted, handed over, referred with her
consent to an agency that had no copy, and opened there; its first agency gets a
new key."""
import os
import re

import tincay
from tincay import N1, eq, ok, phone

HER = phone(1)
REVIEWER = phone(105)
ON_DUTY = {"lan": phone(101), "mai": phone(102), "tam": phone(104)}


def put_on_duty(world):
    for name, number in ON_DUTY.items():
        world.ctl("user", "phone", name, number)
    world.ctl("duty", "set", "HPN", "--user", "lan", "--deputy", "mai",
              "--until", "2026-12-01", user="lan")
    world.ctl("duty", "ack", user="lan")
    world.ctl("duty", "set", "TRIAGE", "--user", "tam", "--until",
              "2026-12-01")
    world.ctl("duty", "set", "CAX", "--user", "cuc", "--until", "2026-12-01",
              user="lan", code=1)
    eq(len(world.ctl("duty", "show")["terms"]), 2, "terms")
    world.write("pw", tincay.PASSWORD + "\n")
    world.ctl("user", "add", "vy", "--agency", "YTE", "--role", "reviewer",
              "--password-file", world.dir + "/pw")
    world.ctl("user", "phone", "vy", REVIEWER)


def alert(world, name, count, code):
    """The last text on the phone of somebody on duty: queue, urgency, code."""
    text = world.sim.wait(ON_DUTY[name], count)[-1]["text"]
    ok("HPN" in text and "U1" in text and code in text, text)
    ok("90000" not in text and "giup" not in text, text)


def check_escalation(world):
    world.sim.text(HER, "giup toi")
    eq(world.sim.wait(HER)[0]["text"], N1, "her answer")
    code = world.wait_cases("HPN")[0]["code"]
    for minutes, name in ((31, "lan"), (30, "mai"), (30, None), (30, "tam")):
        mark = world.log.mark()
        world.clock.advance(minutes * 60)
        world.log.wait(f"case overdue code={code}", mark)
        if name is not None:
            alert(world, name, 1, code)
    eq([c["code"] for c in world.cases("TRIAGE")], [code], "TRIAGE sees it")
    eq(len(world.sim.inbox(HER)), 1, "texts on her phone")
    return code


def check_work(world, code):
    world.ctl("case", "claim", code, user="mai")
    ok("nhận" in world.ctl("case", "claim", code, user="lan", code=1),
       "claimed twice")
    world.ctl("case", "note", code, "--text", "đã gọi, hẹn thứ ba",
              user="mai")
    eq(world.cases("HPN", "mai")[0]["state"], "active", "after a note")
    ok("đã gọi, hẹn thứ ba" in world.texts("HPN", code), "the note")
    world.ctl("case", "contact", code, "--state", "safe", "--hours", "8-9",
              user="mai")
    world.ctl("case", "call", code, user="mai", code=1)  # it is after 11
    world.ctl("case", "call", code, "--reason", "asked", user="mai")
    world.ctl("case", "hand", code, "lan", user="mai")
    world.ctl("case", "next", code, "--at", "2026-03-11 08:00", user="lan")
    mark = world.log.mark()
    world.clock.set(tincay.MORNING.replace(day=11, hour=8, minute=0))
    world.login("lan")
    world.login("yen")
    world.log.wait(f"case is_due code={code}", mark)


def check_referral(world, code):
    key = ["--key", f"{world.dir}/HPN.key", "--passphrase-file",
           f"{world.dir}/pp"]
    ok("agreed" in world.ctl("case", "refer", code, "YTE", *key, user="lan",
                             code=1), "without her consent")
    world.ctl("case", "consent", code, "YTE", "--how", "voice", user="lan")
    ok("sealed_key" in world.ctl("case", "refer", code, "YTE", user="lan",
                                 code=1), "without a copy of the key")
    world.ctl("case", "refer", code, "YTE", *key, user="lan")
    eq([c["state"] for c in world.cases("YTE")], ["referred"], "the offer")
    world.ctl("case", "show", code, user="yen", code=1)
    world.ctl("case", "accept", code, user="yen")
    ok("giup toi" in world.texts("YTE", code), "YTE reads what she wrote")
    ok("giup toi" in world.texts("HPN", code), "and HPN still")
    world.ctl("case", "close", code, "--outcome", "helped", user="lan", code=1)
    world.ctl("case", "close", code, "--outcome", "helped", user="yen")
    eq(world.cases("YTE"), [], "open cases")


def check_rotation(world, code):
    """A new key for HPN: what was sealed to the last one opens with it."""
    new = f"{world.dir}/HPN-new.key"
    done = world.ctl("key", "rotate", "HPN", "--key", f"{world.dir}/HPN.key",
                     "--out", new, "--passphrase-file", f"{world.dir}/pp",
                     "--new-passphrase-file", f"{world.dir}/pp", user="lan")
    eq(done, {"resealed": 1, "failed": 0}, "copies sealed anew")
    world.ctl("case", "show", code, "--key", f"{world.dir}/HPN.key",
              "--passphrase-file", f"{world.dir}/pp", user="lan", code=1)
    os.replace(new, f"{world.dir}/HPN.key")
    ok("giup toi" in world.texts("HPN", code), "with the new key")


def check_head(world):
    """What the reviewer was texted in the morning is still in the ledger; a
    digit that differs is found."""
    text = world.sim.wait(REVIEWER)[-1]["text"]
    found = re.search(r"11/3: ([0-9]+:[0-9a-f]{15})([0-9a-f])\b", text)
    ok(found, text)
    head, last = found.groups()
    ok(world.ctl("audit", "verify", "--head", head + last)["good"], "the head")
    world.ctl("audit", "verify", "--head",
              head + ("0" if last != "0" else "1"), code=1)


def scenario(world):
    put_on_duty(world)
    code = check_escalation(world)
    check_work(world, code)
    check_head(world)
    check_referral(world, code)
    check_rotation(world, code)
    ok(world.ctl("audit", "verify")["good"], "the ledger")


tincay.main(scenario)
