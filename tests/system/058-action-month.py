#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An Action Month: three campaigns to overlapping lists on five modems, with a
canary, opt-outs, one text a day, quiet hours, a budget, a hard end and a daemon
that is killed. In the end every phone's inbox is what the ledger says: nobody
outside the rules, nobody twice, nobody forgotten but those who are uncertain.

--people N takes up to 3,000."""
import collections
import datetime

import tincay
from tincay import eq, ok

MODEMS = 5
AIR_MS = 60
PRICE = 350
TEXTS = {"A": "Song An: le phat dong Thang hanh dong, 8 gio chu nhat",
         "B": "Song An: gap mat Hoi Phu nu, 14 gio thu Bay",
         "C": "Song An: hoi thao nam gioi va gia dinh"}
START = tincay.MORNING.replace(month=11, day=15)


def number(n):
    return f"+8490{n:07d}" if n > 899 else tincay.phone(n)


def at(day, hour, minute=0):
    return START.replace(hour=hour, minute=minute) + \
        datetime.timedelta(days=day)


class Month:
    def __init__(self, world):
        self.world = world
        self.people = [number(n) for n in range(1, world.args.people + 1)]
        self.women = self.people[::2]
        self.made = {}
        self.left = {}     # number: when its TC was off the SIM
        self.removed = 0   # lines of the journal that were looked at

    # --- steps ---

    def import_sheets(self):
        head = "so_dien_thoai;nguon_dong_y;ngay_dong_y;nguoi_thu;thon"
        rows = [f"{n};phieu;2026-01-05;Hoa;{n[1:]}" for n in self.people]
        for name, chosen in (("xa", rows), ("phu nu", rows[::2])):
            reply = self.world.http(
                "POST", "/api/v1/people?list=" + name.replace(" ", "%20"),
                "\n".join([head] + chosen) + "\n", "hoa")
            eq(reply.status, 201, f"import: {reply!r}")
            eq(reply.json["listed"], len(chosen), "people on the list")

    def start(self, name, lists, **rules):
        world = self.world
        made = world.post("/campaigns", {
            "name": name, "lists": lists, "text": TEXTS[name], **rules}, "hoa")
        path = f"/campaigns/{made['id']}"
        for act, user in (("check", "hoa"), ("approve", "tuan"),
                          ("start", "tuan")):
            world.post(f"{path}/{act}", user=user)
        self.made[name] = made["id"]

    def air(self, name):
        return [a for a in self.world.sim.air() if a["text"] == TEXTS[name]]

    def wait_air(self, name, count):
        tincay.eventually(lambda: len(self.air(name)) >= count,
                          f"{count} segments of {name}")

    def wait(self, name, test, what):
        return self.world.wait_campaign(self.made[name], test, what)

    def jump(self, when):
        """The sessions of yesterday are over."""
        self.world.clock.set(when)
        for user in ("hoa", "tuan"):
            self.world.login(user)

    def kill(self):
        self.world.kill()
        self.world.start()

    def opt_out(self, count):
        """People who have not got A yet write TC, each to another modem."""
        served = {a["to"] for a in self.air("A")}
        leavers = [n for n in self.people if n not in served][-count:]
        for i, n in enumerate(leavers):
            self.world.sim.text(n, "TC", modem=i % MODEMS + 1)
        return leavers

    # --- the days ---

    def day_1(self):
        """A to both lists: ten first, then the rest; a kill, opt-outs."""
        self.start("A", ["xa", "phu nu"], canary=10)
        self.wait("A", lambda c: c["reason"] == "canary" and
                  c["recipients"]["sending"] == 0, "the canary")
        eq(len(self.air("A")), 10, "segments of the canary")
        self.world.post(f"/campaigns/{self.made['A']}/continue", user="tuan")
        self.wait_air("A", 40)
        leavers = self.opt_out(12)
        self.wait_air("A", 80)
        self.kill()
        tincay.eventually(
            lambda: len(self.deleted(leavers)) == len(leavers),
            "every TC is off its SIM")
        self.left = self.deleted(leavers)
        self.wait("A", lambda c: c["state"] == "done", "A is over")

    def deleted(self, numbers):
        return {d["from"]: d["t"] for d in self.world.sim.journal("deleted")
                if not d["report"] and d["from"] in numbers}

    def night(self):
        """B on the same day: who has had A gets it on the next, before nine
        in the evening; the rest when the morning comes."""
        self.start("B", ["phu nu"])
        self.jump(at(1, 20, 59))
        self.wait_air("B", 20)
        self.world.clock.set(at(1, 21))
        self.kill()
        self.jump(at(2, 7, 29))
        before = len(self.air("B"))
        self.jump(at(2, 7, 30))
        ok(before < len(self.women) - len(self.left), "the night came too late")
        self.wait("B", lambda c: c["state"] == "done", "B is over")

    def day_3(self):
        """C runs out of money, gets more, and ends at three."""
        self.world.clock.set(at(2, 10))
        self.start("C", ["xa"], budget=50 * PRICE,
                   end_at=int(at(2, 15).timestamp()))
        paused = self.wait("C", lambda c: c["state"] == "paused", "the budget")
        eq((paused["reason"], paused["spent"]), ("budget", 50 * PRICE),
           "why it is paused")
        path = f"/campaigns/{self.made['C']}"
        self.world.post(path + "/resume",
                        {"budget": 5000 * PRICE}, "tuan")
        self.wait_air("C", 70)
        self.world.clock.set(at(2, 15))
        self.wait("C", lambda c: c["state"] == "done", "C is over")

    # --- the account ---

    def load(self):
        """{campaign: {number: (state, reason)}} by the database."""
        numbers, after = {}, ""
        while True:
            page = self.world.get(f"/people?limit=500{after}", "hoa")
            for p in page["people"]:
                numbers[int(p["id"], 16)] = "+" + p["hamlet"]
            if not page.get("next"):
                break
            after = "&after=" + page["next"]
        eq(len(numbers), len(self.people), "people")
        names = {int(made, 16): name for name, made in self.made.items()}
        self.world.stop()
        out = {name: {} for name in self.made}
        for r in self.world.db("SELECT campaign_id, person_id, state, reason"
                               " FROM recipient"):
            out[names[r["campaign_id"]]][numbers[r["person_id"]]] = \
                (r["state"], r["reason"])
        return out

    def check_phone(self, n, account):
        """One phone: what it got is what the ledger says it got."""
        inbox = collections.Counter(
            m["text"] for m in self.world.sim.inbox(n))
        for name, text in TEXTS.items():
            state = account[name].get(n, ("none", ""))[0]
            want = {"delivered": (1,), "sent": (1,), "no_report": (1,),
                    "uncertain": (0, 1)}.get(state, (0,))
            ok(inbox[text] in want, f"{n} has {inbox[text]} of {name}, whose "
               f"ledger says {account[name].get(n)}")

    def check_air(self, account):
        """Every campaign segment keeps the rules."""
        days = collections.Counter()
        for name in TEXTS:
            for a in self.air(name):
                when = self.world.clock.driven(a["t"])
                ok(datetime.time(7, 30) <= when.time() <
                   datetime.time(21, 0, 30), f"{name} at {when}")
                ok(a["to"] in account[name], f"{a['to']} is not on {name}")
                ok(a["t"] <= self.left.get(a["to"], a["t"]),
                   f"{a['to']} got {name} after TC")
                days[a["to"], when.date()] += 1
        eq([k for k, v in days.items() if v > 1], [], "two on one day")
        late = [a for a in self.air("C")
                if self.world.clock.driven(a["t"]) > at(2, 15, 0) +
                datetime.timedelta(seconds=1)]
        eq(late, [], "segments of C after its end")

    def check(self):
        account = self.load()
        eq(set(account["A"]), set(self.people), "recipients of A")
        eq(set(account["B"]), set(self.women) - set(self.left),
           "recipients of B")
        for n in self.people:
            self.check_phone(n, account)
        self.check_air(account)
        states = {name: collections.Counter(
            f"{s} {r}".strip() for s, r in people.values())
            for name, people in account.items()}
        open_ = [s for c in states.values() for s in c
                 if s.split()[0] in ("queued", "sending")]
        eq(open_, [], "nobody waits")
        ok(states["C"]["suppressed had_enough"] > 0, "who had B that morning")
        ok(states["C"]["suppressed ended"] > 0, "who was left at the end")
        doubts = sum(c["uncertain"] for c in states.values())
        ok(doubts <= 2 * MODEMS, f"{doubts} doubts")
        for name, count in sorted(states.items()):
            print(f"{name}: {dict(count)}")


def scenario(world):
    world.clock.set(START)
    for user in ("hoa", "tuan"):
        world.login(user)
    world.sim.call("report", mode="on", ms=30)
    month = Month(world)
    month.import_sheets()
    month.day_1()
    month.night()
    month.day_3()
    month.check()


def add_arguments(parser):
    parser.add_argument("--people", type=int, default=300)


tincay.main(scenario, add_arguments=add_arguments, modems=MODEMS, air=AIR_MS)
