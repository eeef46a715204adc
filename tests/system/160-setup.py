#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Before there are keys to seal a case with, no modem is started and a text
waits on its SIM; once RECOVERY and TRIAGE have theirs it is read."""
import os
import shutil

import tincay
from tincay import N1, eq, ok, phone


def health(world):
    return world.http("GET", "/api/v1/health", tcp=True).json


def scenario(world):
    world.start_sim()
    for name in ("data.key", "pp", "TRIAGE.key", "RECOVERY.key"):
        shutil.copy2(os.path.join(world.kit, name), world.dir)
    world.start(wait_modems=False)
    world.sim.text(phone(601), "giup toi")
    eq(health(world)["status"], "setup", "health")
    eq(sorted(world.get("/status")["missing"]), sorted(
        f"key {a}" for a in tincay.AGENCIES), "what is missing")
    world.ctl("key", "new", "TRIAGE", "--passphrase-file", world.dir + "/pp",
              "--out", world.dir + "/TRIAGE.key")
    eq(world.children(), {}, "modems that run with half of the keys")
    eq(world.sim.modem()["sm_used"], 1, "the text is on the SIM")
    eq(world.sim.air(), [], "replies")
    world.ctl("key", "new", "RECOVERY", "--passphrase-file", world.dir + "/pp",
              "--out", world.dir + "/RECOVERY.key")
    eq(world.sim.wait(phone(601))[0]["text"], N1, "the reply")
    world.sim.wait_empty()
    ok(world.log.find("case opened"), "no case")

    # HPN had no key then: TRIAGE can open the case.
    world.write("pw", tincay.PASSWORD + "\n")
    world.ctl("user", "add", "tam", "--agency", "TRIAGE", "--role", "handler",
              "--password-file", world.dir + "/pw")
    world.login("tam")
    case = world.wait_cases("TRIAGE")[0]
    eq(world.texts("TRIAGE", case["code"]), ["giup toi"], "the text")


tincay.main(scenario, set_up=False)
