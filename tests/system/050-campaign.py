#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign needs two people, reaches everybody once, can be stopped at any
segment, and respects who says no while it runs."""
import collections

import tincay
from tincay import N1, eq, ok, phone

PEOPLE = [phone(n) for n in range(201, 241)]
AIR_MS = 60


def to_people(world, text):
    """Segments of this campaign on the air so far."""
    return [a for a in world.sim.air() if a["text"] == text]


def wait_air(world, text, count):
    tincay.eventually(lambda: len(to_people(world, text)) >= count,
                      f"{count} segments of {text!r}")


def check_sum(world, made, wanted_state, people=len(PEOPLE)):
    """The states of all recipients together are the list, and what was sent
    is what the air saw. Everybody's report is in."""
    campaign = world.wait_campaign(
        made, lambda c: c["state"] == wanted_state and
        c["recipients"]["sending"] == 0, wanted_state)
    aired = len(to_people(world, campaign["text"]))
    campaign = world.wait_campaign(
        made, lambda c: c["recipients"]["delivered"] == aired,
        f"{aired} are delivered")
    states = dict(campaign["recipients"])
    eq(states.pop("total"), people, "recipients")
    eq(sum(states.values()), people, f"the sum of {states}")
    numbers = collections.Counter(a["to"] for a in
                                  to_people(world, campaign["text"]))
    eq([n for n, times in numbers.items() if times > 1], [], "sent twice")
    for number in PEOPLE:
        got = [m for m in world.sim.inbox(number)
               if m["text"] == campaign["text"]]
        eq(len(got), numbers[number], f"texts at {number}")
    return states


def check_two_people(world):
    made = world.post("/campaigns", {"name": "A", "lists": ["xa"],
                                     "text": "Song An: khong duoc gui"}, "quan")
    path = f"/campaigns/{made['id']}"
    world.post(path + "/start", user="quan", status=409)
    world.post(path + "/approve", user="tuan", status=409)   # not checked
    world.post(path + "/check", user="quan")
    world.post(path + "/start", user="tuan", status=409)
    world.post(path + "/approve", user="hoa", status=403)    # no approver
    world.post(path + "/approve", user="quan", status=403)   # the author
    world.ctl("campaign", "approve", made["id"], user="quan", code=1)
    world.post(path + "/start", user="tuan", status=409)
    eq(world.campaign_get(made["id"])["state"], "checked", "state")


def check_opt_out(world):
    """Three people who have not got it yet write TC. Once their text is off
    the SIM, and so committed, nothing more goes to them."""
    text = "Song An: hop thon luc 8 gio"
    made = world.campaign("B", "xa", text)
    wait_air(world, text, 3)
    served = {a["to"] for a in to_people(world, text)}
    leavers = [n for n in PEOPLE if n not in served][-3:]
    for number in leavers:
        world.sim.text(number, "TC")
    states = check_sum(world, made, "done")
    removed = {d["from"]: d["t"] for d in world.sim.journal("deleted")
               if not d["report"]}
    late = [a for a in to_people(world, text)
            if a["to"] in leavers and a["t"] > removed[a["to"]]]
    eq(late, [], "segments after TC")
    missed = set(PEOPLE) - {a["to"] for a in to_people(world, text)}
    ok(missed and missed <= set(leavers), f"who did not get it: {missed}")
    eq(states["suppressed"], len(missed), "suppressed recipients")
    for number in leavers:
        ok(any("da ngung" in m["text"] for m in
               world.sim.wait(number, 1 if number in missed else 2)),
           "the answer to TC")
    return leavers


def check_pause(world, leavers):
    text = "Song An: tiem chung thu Bay"
    made = world.campaign("C", "xa", text)
    wait_air(world, text, 5)
    world.ctl("campaign", "pause", made, user="hoa")
    # What was with the modem goes out; the reply that comes behind it proves
    # that the modem is free.
    world.sim.text(phone(290), "giup toi")
    world.sim.wait(phone(290))
    before = len(to_people(world, text))
    world.sim.text(phone(291), "giup toi")
    eq(world.sim.wait(phone(291))[0]["text"], N1, "help while it is paused")
    eq(len(to_people(world, text)), before, "segments while it is paused")
    ok(before < len(PEOPLE) - len(leavers), "it was over before the pause")
    world.post(f"/campaigns/{made}/start", user="tuan", status=409)
    world.ctl("campaign", "resume", made, user="tuan")
    # Frozen at approval: who said no before is no recipient at all.
    people = len(PEOPLE) - len(leavers)
    states = check_sum(world, made, "done", people)
    eq(states["delivered"], people, "delivered")


def check_cancel(world, leavers):
    text = "Song An: huy giua chung"
    made = world.campaign("D", "xa", text)
    wait_air(world, text, 5)
    world.ctl("campaign", "cancel", made, user="hoa")
    world.sim.text(phone(292), "giup toi")
    world.sim.wait(phone(292))
    states = check_sum(world, made, "cancelled", len(PEOPLE) - len(leavers))
    ok(states["cancelled"] > 0 and states["queued"] == 0, f"{states}")
    world.post(f"/campaigns/{made}/resume", user="tuan", status=409)


def scenario(world):
    world.import_people(PEOPLE, "xa")
    check_two_people(world)
    leavers = check_opt_out(world)
    check_pause(world, leavers)
    check_cancel(world, leavers)
    eq([a for a in world.sim.air() if "khong duoc" in a["text"]], [],
       "the campaign that nobody approved")


tincay.main(scenario, air=AIR_MS)
