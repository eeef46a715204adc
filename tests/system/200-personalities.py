#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The modem of each maker comes up, takes a text off its memory, answers it,
and sends its share of a campaign."""
import tincay
from tincay import N1, eq, ok, phone

MAKERS = ["huawei", "zte", "quectel", "simcom"]
PEOPLE = [phone(n) for n in range(100, 160)]
LONG = "giup toi, " + "toi ke mot doan dai de tin nay co nhieu phan, " * 5


def check_help(world, n):
    """A text for help to modem n is one item, and answered on that modem."""
    number = phone(n)
    world.sim.text(number, f"giup toi {n}", n)
    world.sim.text(number, LONG.strip(), n)
    inbox = world.sim.wait(number, 1)
    eq([m["text"] for m in inbox], [N1], f"answers of {MAKERS[n - 1]}")
    eq(inbox[0]["from"], f"+84900000{900 + n}", "the modem that answers")


def scenario(world):
    for n in range(1, len(MAKERS) + 1):
        check_help(world, n)
    world.sim.wait_empty(range(1, len(MAKERS) + 1))
    found = {}
    for case in world.wait_cases("HPN", len(MAKERS)):
        for item in world.open_case("HPN", case["code"]):
            found.setdefault(item["number"], []).append(item["text"])
    for n in range(1, len(MAKERS) + 1):
        eq(sorted(found.get(phone(n), [])),
           sorted([f"giup toi {n}", LONG.strip()]), f"items of {MAKERS[n - 1]}")

    world.import_people(PEOPLE, "thon")
    made = world.campaign("A", "thon", "Song An: hop thon luc 8 gio")
    world.wait_campaign(made, lambda c: c["state"] == "done" and
                        c["recipients"]["sending"] == 0, "done")
    for number in PEOPLE:
        eq(len(world.sim.wait(number)), 1, "texts of a person")
    for n, maker in enumerate(MAKERS, 1):
        ok(len(world.sim.air(n)) > 1, f"{maker} took no share")
    tincay.eventually(lambda: not world.db(
        "SELECT 1 FROM part WHERE report AND state <> 'delivered'"),
        "all reports came")


tincay.main(scenario, modems=len(MAKERS),
            sim_options=["--personality", ",".join(MAKERS)])
