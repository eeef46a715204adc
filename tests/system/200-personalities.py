#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The modem of each maker comes up, takes a text off its memory, answers it,
sends its share of a campaign, and dials, in the form that it understands, which
is found once and remembered."""
import contextlib
import sqlite3

import tincay
from tincay import N1, eq, ok, phone

MAKERS = ["huawei", "zte", "quectel", "simcom"]
PEOPLE = [phone(n) for n in range(100, 160)]
ACCENTED = "Bạn còn 150 tin nhắn, dùng đến 31/12/2027."
TEXT_FORM = 1    # enum ml_ussd_form
LONG = "giup toi, " + "toi ke mot doan dai de tin nay co nhieu phan, " * 5


def check_help(world, n):
    """A text for help to modem n is one item, and answered on that modem."""
    number = phone(n)
    world.sim.text(number, f"giup toi {n}", n)
    world.sim.text(number, LONG.strip(), n)
    inbox = world.sim.wait(number, 1)
    eq([m["text"] for m in inbox], [N1], f"answers of {MAKERS[n - 1]}")
    eq(inbox[0]["from"], f"+84900000{900 + n}", "the modem that answers")


def check_ussd(world, n):
    done = world.ctl("modem", "ussd", f"m{n}", "*098#", "1", "2", user="kim")
    steps = [(s["status"], s["text"]) for s in done["steps"]]
    eq([text for _, text in steps],
       ["1. Goi cuoc\n2. Kiem tra so du\n3. Thoat", "1. SMS100\n2. SMS500",
        "Ban da dang ky goi SMS500."], f"menus of {MAKERS[n - 1]}")
    eq([status for status, _ in steps], ["menu", "menu", "done"],
       f"steps of {MAKERS[n - 1]}")
    done = world.ctl("modem", "ussd", f"m{n}", "*102#", user="kim")
    eq(done["steps"][0]["text"], ACCENTED, f"accents of {MAKERS[n - 1]}")


def forms(world):
    return [row["ussd_form"] for row in
            world.db("SELECT ussd_form FROM modem ORDER BY name")]


def check_forms(world):
    """A form that was remembered and does not fit any more, as when the stick
    was exchanged for another: the one that does is found, and remembered."""
    for n in range(1, len(MAKERS) + 1):
        check_ussd(world, n)
    world.stop()
    found = forms(world)
    with contextlib.closing(sqlite3.connect(world.state + "/tincay.db")) as db:
        with db:
            db.execute("UPDATE modem SET ussd_form = ? WHERE name = 'm1'",
                       (TEXT_FORM,))
    world.start()
    world.login("kim")
    for n in range(1, len(MAKERS) + 1):
        check_ussd(world, n)
    tries = world.log.find("ussd tries another form name=m1 ")
    ok(tries, f"{MAKERS[0]} understood that form")
    world.stop()
    print(f"forms {found}, then {forms(world)} after {len(tries)} in vain")
    mark = world.log.mark()
    world.start()
    world.login("kim")
    for n in range(1, len(MAKERS) + 1):
        check_ussd(world, n)
    eq(world.log.find("ussd tries another form ", mark), [],
       "tries after a restart")


def scenario(world):
    world.modem_options = {n: {"ussd_codes": ["*098#", "*102#"]}
                           for n in range(1, len(MAKERS) + 1)}
    world.set_up()
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
    check_forms(world)


tincay.main(scenario, set_up=False, modems=len(MAKERS),
            sim_options=["--personality", ",".join(MAKERS)])
