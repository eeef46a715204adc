#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who asks for help, however it is typed, gets one and the same reply (R1) on
the SIM she wrote to, short-lived and without a trace at the network (R4, R31,
R32). A handler sees the case at once, opens it with the agency's key, claims
and closes it; when she writes again it is open again."""
import threading

import tincay
from tincay import eq, ok, phone


def check_replies(world, texts):
    replies = []
    for (number, modem), text in texts.items():
        world.sim.text(number, text, modem)
    for number, modem in texts:
        replies += world.sim.wait(number)
        eq(len(world.sim.inbox(number)), 1, "replies to one text")
        eq(replies[-1]["from"], f"+84900000{900 + modem}", "the SIM it is from")
    eq({r["text"] for r in replies}, {tincay.N1}, "the replies")
    for sent in world.sim.air():
        eq((sent["text"], sent["vp"], sent["srr"], sent["class"], sent["udh"]),
           (tincay.N1, 5, False, None, ""), "the reply as it was on the air")
    eq(len(world.sim.air()), len(texts), "segments on the air")


def start_poll(world):
    """A handler waits for what changes from now on."""
    seen = []
    cursor = world.get("/cases?agency=HPN", "lan")["cursor"]
    poll = threading.Thread(target=lambda: seen.append(
        world.get(f"/cases?agency=HPN&after={cursor}&wait=60", "lan")))
    poll.start()
    return poll, seen


def scenario(world):
    poll, seen = start_poll(world)
    texts = {(phone(101), 1): "Giúp tôi", (phone(102), 1): "giup toi",
             (phone(103), 2): "Giups tooi"}
    check_replies(world, texts)
    poll.join(tincay.DEADLINE)
    ok(seen and seen[0]["cases"], "the long poll saw no case")
    eq(seen[0]["cases"][0]["urgency"], 1, "urgency of SUPPORT")

    cases = world.wait_cases("HPN", 3)
    eq(len(cases), 3, "cases")
    opened = [world.open_case("HPN", c["code"]) for c in cases]
    eq(sorted((i["number"], i["text"], i["intent"]) for o in opened for i in o),
       sorted((number, text, "SUPPORT") for (number, _), text in
              texts.items()), "what the key opens")

    code = cases[0]["code"]
    number = opened[0][0]["number"]
    world.ctl("case", "claim", code, user="lan")
    world.ctl("case", "claim", code, user="lan")
    world.ctl("case", "claim", code, user="mai", code=1)
    world.post(f"/cases/{code}/claim", user="mai", status=409)
    world.post(f"/cases/{code}/close", {"outcome": "helped"}, "mai", 403)
    world.ctl("case", "close", code, "--outcome", "helped", user="lan")
    ok(code not in [c["code"] for c in world.cases("HPN")],
       "a closed case is still in the queue")

    world.sim.text(number, "giup toi voi")
    again = world.wait_cases("HPN", 1, lambda c: c["code"] == code)[0]
    eq((again["state"], again["items"], again["claimed_by"]),
       ("new", 2, None), "the case after she wrote again")
    world.sim.wait(number, 2)


tincay.main(scenario, modems=2)
