#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tincayd, tincay-modem or both are killed at 50 random moments of a busy
exchange: campaigns run, texts for help come in on every modem, delivery
reports come back. At the end

  - every text that was sent to us is one item of a case, once, whole;
  - each text for help has exactly one reply message;
  - no part of a message was on the air twice;
  - what the database says of a part is what the air and the reports say, or
    it is uncertain, or failed and never on the air; and each segment on the
    air belongs to one part."""
import collections
import os
import random
import signal
import threading
import time

import tincay
from tincay import N1, eq, ok, phone

MODEMS = 6
AIR_MS = 120
KILLS = 50
CALM_S = 0.25       # a kill comes up to so long after a sign of progress
TEXT_EVERY_S = 0.2
HELPERS = [phone(n) for n in range(941, 991)]
LONG = " va toi ke them mot doan dai de tin nay phai cat thanh nhieu phan," * 3
PLAIN = [phone(n) for n in range(100, 400)]
ACCENTED = [phone(n) for n in range(400, 500)]
PLAIN_TEXT = "Song An: hop thon luc 8 gio"
ACCENTED_TEXT = ("Xã Song An mời bà con họp về phòng, chống bạo lực gia đình "
                 "lúc 8 giờ sáng thứ Bảy tại Nhà văn hóa.")


class Helpers(threading.Thread):
    """People who write for help while everything is being killed."""

    def __init__(self, world, chance):
        super().__init__()
        self.world = world
        self.chance = chance
        self.done = threading.Event()
        self.sent = collections.defaultdict(list)
        self.error = None

    def run(self):
        n = 0
        try:
            while not self.done.wait(self.chance.uniform(0, 2 * TEXT_EVERY_S)):
                n += 1
                number = HELPERS[n % len(HELPERS)]    # R30: not too often
                text = f"giup toi lan {n}" + (LONG if n % 5 == 0 else "")
                self.world.sim.text(number, text,
                                    self.chance.randint(1, MODEMS))
                self.sent[number].append(text)
        except Exception as error:
            self.error = error


def kill_modem(world, chance):
    children = world.children()
    if not children:
        return False
    pid = children[chance.choice(sorted(children))]
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_one(world, chance):
    """Kill something; which, and whether a modem was among it."""
    what = chance.choice(["tincayd", "tincay-modem", "modem, then daemon",
                          "daemon, then modem"])
    if what == "tincay-modem":
        return what, kill_modem(world, chance)
    has_modem = False
    if what == "modem, then daemon":
        has_modem = kill_modem(world, chance)
    children = world.children()
    world.kill()
    if what == "daemon, then modem" and children:
        pid = children[chance.choice(sorted(children))]
        if pid in tincay.child_pids(os.getpid()):   # it is ours now
            os.kill(pid, signal.SIGKILL)
            has_modem = True
    world.start(wait_modems=False)
    return what, has_modem


def kill_all(world, chance, kills):
    """The kills, each after something has happened since the last one."""
    count = collections.Counter()
    seen = 0
    for _ in range(kills):
        tincay.eventually(
            lambda s=seen: len(world.sim.journal("air_end", "deleted")) > s,
            "life goes on after a kill")
        time.sleep(chance.uniform(0, CALM_S))   # the random moment
        what, _ = kill_one(world, chance)
        count[what] += 1
        seen = len(world.sim.journal("air_end", "deleted"))
    return count


def is_at_rest(world):
    """Nothing is queued, on the air, on a SIM, or on its way back."""
    status = world.sim.call("status")
    busy = any(m["sm_used"] or m["waiting"] or m["on_air"]
               for m in status["modems"])
    sent = sum(a["srr"] for a in world.sim.air())
    return not busy and len(world.sim.journal("report")) == sent


def settle(world, campaigns):
    for made in campaigns:
        world.wait_campaign(made, lambda c: c["state"] == "done" and
                            c["recipients"]["sending"] == 0, "done")
    tincay.eventually(lambda: sum(world.get("/status", "kim")["queue"]
                                  .values()) == 0, "the queues are empty")
    tincay.eventually(lambda: is_at_rest(world), "the modems are at rest")


def check_inbound(world, sent):
    """Every text is one item, once."""
    found = collections.defaultdict(list)
    for case in world.cases("HPN"):
        for item in world.open_case("HPN", case["code"]):
            found[item["number"]].append(item["text"])
    for number in HELPERS:
        eq(sorted(found[number]), sorted(sent[number]),
           f"items of ...{number[-3:]}")
    for agency in ("CAX", "YTE", "DCTC", "TRIAGE"):
        eq(world.cases(agency), [], f"cases of {agency}")


def check_twice(air, sent):
    """The air alone: nobody got a part twice."""
    count = collections.Counter((a["to"], a["text"]) for a in air)
    for (number, text), times in count.items():
        wanted = len(sent[number]) if text == N1 else 1
        ok(times <= wanted, f"on the air {times} times, not {wanted}: "
           f"...{number[-3:]} {text!r}")


class Part:
    """A row of part with its message, and what it may look like on the air."""

    def __init__(self, row, people, texts):
        self.row = row
        self.modem = int(row["modem"][1:]) if row["modem"] else 0
        self.state = row["state"]
        self.number = people.get(row["person_id"])
        self.owner = row["contact_id"]
        if row["campaign_id"] is None:
            self.text, self.udh = N1, ""
            eq((row["template"], row["nparts"]), ("N1", 1), "a reply")
        else:
            self.text, self.udh = texts[row["campaign_id"]][row["seq"]]
            if self.udh:
                self.udh = f"050003{row['concat_ref']:02x}{self.udh}"

    def fits(self, entry, contacts):
        """May this segment be this part?"""
        if (entry["modem"], entry["text"], entry["udh"]) != \
                (self.modem, self.text, self.udh):
            return False
        if self.owner is None:
            return entry["to"] == self.number
        return contacts.get(self.owner, entry["to"]) == entry["to"]


def campaign_texts(world, campaigns):
    """(text, end of the header) by campaign and seq, from what arrived whole
    at anybody; the cut itself is a matter of unit tests."""
    texts = {campaigns[0]: {1: (PLAIN_TEXT, "")}, campaigns[1]: {}}
    for entry in world.sim.air():
        if entry["udh"]:
            seq = int(entry["udh"][-2:], 16)
            texts[campaigns[1]][seq] = (entry["text"], entry["udh"][-4:])
    eq("".join(text for _, (text, _) in
               sorted(texts[campaigns[1]].items())), ACCENTED_TEXT,
       "the parts of the long text")
    return texts


def load_parts(world, people, texts):
    rows = world.db(
        "SELECT p.*, m.contact_id, m.person_id, m.campaign_id, m.template,"
        " m.nparts, m.concat_ref FROM part p JOIN message m"
        " ON m.id = p.message_id")
    return [Part(row, people, texts) for row in rows]


def match_certain(world, parts, air):
    """Parts whose end is known name their segment by modem and TP-MR. Returns
    the numbers of the contacts and the segments that are left over."""
    by_reference = {(a["modem"], a["tp_mr"]): a for a in air}
    eq(len(by_reference), len(air), "TP-MR came round; make the run shorter")
    reports = {(r["modem"], r["tp_mr"]) for r in world.sim.journal("report")}
    # Given back by a modem that was ending; the rest of it is cancelled.
    failed = {p.row["message_id"] for p in parts if p.state == "failed"}
    contacts = {}
    left = dict(by_reference)
    for part in parts:
        ok(part.state in ("sent", "delivered", "uncertain") or
           part.row["message_id"] in failed, f"a part that is {part.state}")
        if part.state in ("uncertain", "failed", "cancelled"):
            continue
        key = (part.modem, part.row["tp_mr"])
        entry = left.pop(key, None)
        ok(entry is not None, f"no segment for a part that is {part.state}, "
           f"or two parts for one: modem and TP-MR {key}")
        ok(part.fits(entry, contacts), f"another part was on the air: {entry}")
        if part.owner is not None:
            contacts[part.owner] = entry["to"]
        # A report that came and a part that was sent make it delivered.
        eq(part.state, "delivered" if key in reports else "sent",
           f"state of modem and TP-MR {key}")
    eq(len(set(contacts.values())), len(contacts), "a contact is a number")
    return contacts, list(left.values())


def match_uncertain(parts, contacts, left):
    """Each segment that no certain part claims belongs to one uncertain part:
    a matching that covers all of them must exist."""
    taken = {}

    def place(entry, tried):
        for i, part in enumerate(parts):
            if i in tried or not part.fits(entry, contacts):
                continue
            tried.add(i)
            if i not in taken or place(taken[i], tried):
                taken[i] = entry
                return True
        return False

    for entry in left:
        ok(place(entry, set()), f"a segment that belongs to no part: {entry}")


def check_messages(parts, contacts, sent):
    """One reply a text; every message has its parts once."""
    replies = collections.Counter(p.owner for p in parts
                                  if p.owner is not None)
    eq(sum(replies.values()), sum(map(len, sent.values())), "replies")
    for contact, number in contacts.items():
        eq(replies[contact], len(sent[number]),
           f"replies to ...{number[-3:]}")
    eq(max(collections.Counter(
        (p.row["campaign_id"], p.row["person_id"], p.row["seq"])
        for p in parts if p.owner is None).values()), 1, "campaign parts")
    eq(len([p for p in parts if p.owner is None]),
       len(PLAIN) + 2 * len(ACCENTED), "campaign parts")


def people_numbers(world):
    """Number by id of person: the last digits, which the list shows."""
    numbers = {n[-3:]: n for n in PLAIN + ACCENTED}
    out = {}
    after = ""
    while True:
        page = world.get(f"/people?limit=500{after}", "hoa")
        for person in page["people"]:
            number = int(person["id"], 16)
            out[number - (1 << 64) if number >> 63 else number] = \
                numbers[person["number"][-3:]]
        if not page.get("next"):
            return out
        after = "&after=" + page["next"]


def scenario(world):
    seed = world.args.seed
    print(f"seed {seed}")
    chance = random.Random(seed)
    world.sim.call("report", mode="on", ms=30)
    world.import_people(PLAIN, "gan")
    world.import_people(ACCENTED, "xa")
    people = people_numbers(world)
    helpers = Helpers(world, random.Random(seed + 1))
    helpers.start()
    try:
        campaigns = [world.campaign("A", "gan", PLAIN_TEXT),
                     world.campaign("B", "xa", ACCENTED_TEXT)]
        count = kill_all(world, chance, world.args.kills)
    finally:
        helpers.done.set()
        helpers.join()
    ok(helpers.error is None, f"a text could not be sent: {helpers.error}")
    settle(world, campaigns)
    check_inbound(world, helpers.sent)
    world.stop()

    air = world.sim.air()
    check_twice(air, helpers.sent)
    ids = [int(made, 16) for made in campaigns]
    ids = [i - (1 << 64) if i >> 63 else i for i in ids]
    parts = load_parts(world, people, campaign_texts(world, ids))
    contacts, left = match_certain(world, parts, air)
    uncertain = [p for p in parts if p.state == "uncertain"]
    match_uncertain(uncertain, contacts, left)
    check_messages(parts, contacts, helpers.sent)
    ok(len(uncertain) <= MODEMS * world.args.kills, "doubts")
    print(f"{dict(count)}; {sum(map(len, helpers.sent.values()))} texts, "
          f"{len(air)} segments, {len(uncertain)} uncertain, of which "
          f"{len(left)} were on the air, "
          f"{sum(p.state == 'failed' for p in parts)} failed")


def add_arguments(parser):
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--kills", type=int, default=KILLS)


tincay.main(scenario, add_arguments=add_arguments, modems=MODEMS, air=AIR_MS)
