#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""People sign up for events by SMS and are reminded on the day before, in
sending hours, once, over a restart: only who comes, wants it and may be texted.
In the end every inbox is what the ledger says."""
import datetime

import tincay
from tincay import MORNING, N1, eq, ok, phone

JOINED = ("Song An: da ghi ten ban du su kien sap toi. Gio va noi to chuc se "
          "nhan truoc 1 ngay. Khong di duoc: soan HUYSK.")
NONE = ("Song An: su kien duoc bao tren loa va bang tin truoc 1 ngay. Muon hoi "
        "them: soan SU KIEN va cau hoi.")
LEFT = "Song An: da bo ten ban khoi su kien. Muon du lai: soan SU KIEN."
MEET = "Song An: nhac ban Hop phu nu, 8:00 13/3, Hoi truong xa." \
       " Khong di duoc: soan HUYSK."
TALK = "Song An: nhac ban Noi chuyen suc khoe, 14:00 13/3, Nha van hoa xa." \
       " Khong di duoc: soan HUYSK."
# who does what, and what is in the inbox in the end beside the answers
GUESTS = {
    501: (["SU KIEN"], [MEET]),
    502: (["SK 2"], [TALK]),
    503: (["SK 1", "SK 2"], [MEET, TALK]),
    504: (["4", "HUYSK"], []),
    505: (["SK 1", "TC"], []),
    506: (["TC", "SK 1"], [MEET]),
    507: (["SK 1", "THOI"], []),
    508: (["SK 9"], []),
    509: (["SK 1", "sk1"], [MEET]),
    510: (["giup toi", "SK 1"], [MEET]),
}
ANSWERS = {"SU KIEN": JOINED, "SK 1": JOINED, "SK 2": JOINED, "sk1": JOINED,
           "4": JOINED, "HUYSK": LEFT, "SK 9": NONE, "giup toi": N1,
           "THOI": None,
           "TC": "Song An: da ngung gui tin den so nay. Nhan lai: soan DK. "
                 "Ban van co the nhan tin hoac goi khi can."}


def at(hour, minute=0, day=0):
    return MORNING.replace(hour=hour, minute=minute) + \
        datetime.timedelta(days=day)


def when(day, hour):
    return (MORNING + datetime.timedelta(days=day)).strftime(
        f"%Y-%m-%d {hour}:00")


def make(world, name, place, hour):
    made = world.ctl("event", "new", name, "--at", when(3, hour), "--place",
                     place, "--list", "xa", user="hoa")
    world.ctl("event", "approve", made["id"], user="hoa", code=1)
    return world.ctl("event", "approve", made["id"], user="tuan")


def sign_up(world):
    for n, (texts, _) in GUESTS.items():
        for text in texts:
            had = len(world.sim.inbox(phone(n)))
            mark = world.log.mark()
            world.clock.advance(2)  # what came later was wanted later
            world.sim.text(phone(n), text)
            if ANSWERS[text] is None:
                world.log.wait("inbound text", mark)
                continue
            got = world.sim.wait(phone(n), had + 1)
            eq(got[had]["text"], ANSWERS[text], f"answer to {text}")


def jump(world, time):
    world.clock.set(time)
    for user in ("hoa", "tuan"):
        world.login(user)


def inbox(world, n):
    """What came that is no answer."""
    return sorted(m["text"] for m in world.sim.inbox(phone(n))
                  if m["text"] in (MEET, TALK))


def check(world, events):
    for n, (_, want) in GUESTS.items():
        eq(inbox(world, n), sorted(want), f"reminders of {n}")
    shown = {e["name"]: (e["guests"], e["left"], e["to_remind"])
             for e in world.ctl("event", "list", user="tuan")["events"]}
    eq(shown, {"Họp phụ nữ": (7, 1, 0), "Nói chuyện sức khỏe": (2, 0, 0)},
       "counts")
    world.stop()
    rows = world.db("SELECT e.name, n.state, n.reason FROM notice n"
                    " JOIN event e ON e.id = n.event_id")
    told = [r for r in rows if r["state"] in ("sent", "delivered")]
    wanted = sum(len(w) for _, w in GUESTS.values())
    eq(len(told), wanted, "told by the ledger")
    left = sorted((r["state"], r["reason"]) for r in rows if r not in told)
    eq(left, [("cancelled", ""), ("suppressed", "opted_out"),
              ("suppressed", "opted_out")], "and the rest")
    eq(world.db("SELECT count(*) AS n FROM person WHERE consenting")[0]["n"],
       1, "nobody subscribed by it but the one who was")
    ok(events[0]["number"] == 1 and events[1]["number"] == 2, "numbers")


def scenario(world):
    world.import_people([phone(500)], "xa")
    events = [make(world, "Họp phụ nữ", "Hội trường xã", "08"),
              make(world, "Nói chuyện sức khỏe", "Nhà văn hóa xã", 14)]
    sign_up(world)
    jump(world, at(20, 59, 1))
    eq([n for n in GUESTS if inbox(world, n)], [], "reminded two days before")
    jump(world, at(7, 29, 2))
    world.sim.text(phone(511), "HD")
    world.sim.wait(phone(511))
    eq([n for n in GUESTS if inbox(world, n)], [], "reminded before 07:30")
    jump(world, at(7, 30, 2))
    tincay.eventually(lambda: inbox(world, 501), "the first reminder")
    world.restart()
    wanted = {n: sorted(want) for n, (_, want) in GUESTS.items()}
    tincay.eventually(lambda: {n: inbox(world, n) for n in GUESTS} == wanted,
                      "all reminders")
    jump(world, at(7, 45, 2))
    world.sim.text(phone(512), "HD")
    world.sim.wait(phone(512))
    check(world, events)


tincay.main(scenario, air=50)
