# SPDX-License-Identifier: GPL-2.0-or-later
"""The books of a world in which things go wrong: what people wrote and what
campaigns wanted, compared at the end with the database and with the journal of
the air. A scenario writes texts and starts campaigns through a Ledger, does its
worst, calls settle() and check_inbound() while the daemon runs, and
check_outbound() when it has stopped:

  - every text that was sent to us is one item of a case, once, whole;
  - each text for help has exactly one reply message;
  - no part of a message was on the air twice;
  - what the database says of a part is what the air and the reports say, or
    it is uncertain, or failed and never on the air; and each segment on the
    air belongs to one part."""
import collections
import statistics

import tincay
from tincay import N1, eq, ok

OTHERS = ("CAX", "YTE", "DCTC", "TRIAGE")
PAGE = 500


def row_id(text):
    """An id as the database has it, from the hex of the API."""
    number = int(text, 16)
    return number - (1 << 64) if number >> 63 else number


def plea(n):
    """A text for help, different for each n; a number in it could be taken for
    the hour of a call."""
    return "giup toi viec " + "".join("zwqxkvbdfj"[int(d)] for d in str(n))


def now(world):
    """The time of the journal's last line."""
    return max(e["t"] for e in world.sim.journal())


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


class Ledger:
    def __init__(self, world):
        self.world = world
        self.sent = collections.defaultdict(list)   # texts by number
        self.campaigns = {}                         # id: (numbers, text)
        self.people = {}                            # number by row id

    # --- what is wanted ---

    def text(self, number, text, modem, **fields):
        """Somebody asks for help; the texts of a number must be different."""
        self.world.sim.text(number, text, modem, **fields)
        self.sent[number].append(text)

    def add_people(self, numbers, list_name):
        """Import them; the last three digits must tell all people apart."""
        self.world.import_people(numbers, list_name)
        ending = {n[-3:]: n for n in numbers}
        after = ""
        while after is not None:
            page = self.world.get(f"/people?limit={PAGE}{after}", "hoa")
            for person in page["people"]:
                number = ending.get(person["number"][-3:])
                if number is not None:
                    self.people[row_id(person["id"])] = number
            after = "&after=" + page["next"] if page.get("next") else None

    def campaign(self, name, list_name, numbers, text):
        """Start one; its id in the API."""
        made = self.world.campaign(name, list_name, text)
        self.campaigns[made] = (numbers, text)
        return made

    # --- the end ---

    def settle(self):
        """Wait until nothing is queued, on the air, on a SIM, or on its way
        back."""
        for made in self.campaigns:
            self.world.wait_campaign(
                made, lambda c: c["state"] == "done" and
                c["recipients"]["sending"] == 0, "done")
        tincay.eventually(self._is_done, "the queues are empty")
        tincay.eventually(self._is_at_rest, "the modems are at rest")

    def _is_done(self):
        """Nothing waits, and no modem has what may come back to the queue."""
        status = self.world.get("/status", "kim")
        return not any(status["queue"].values()) and \
            all(m["state"] != "busy" for m in status["modem_list"])

    def _is_at_rest(self):
        status = self.world.sim.call("status")
        busy = any(m["sm_used"] or m["me_used"] or m["waiting"] or m["on_air"]
                   for m in status["modems"])
        sent = sum(a["srr"] for a in self.world.sim.air())
        return not busy and len(self.world.sim.journal("report")) == sent

    def check_inbound(self):
        """Every text is one item, once."""
        found = collections.defaultdict(list)
        for case in self.world.cases("HPN"):
            for item in self.world.open_case("HPN", case["code"]):
                found[item["number"]].append(item["text"])
        for number in set(found) | set(self.sent):
            eq(sorted(found[number]), sorted(self.sent[number]),
               f"items of ...{number[-3:]}")
        for agency in OTHERS:
            eq(self.world.cases(agency), [], f"cases of {agency}")

    def check_outbound(self):
        """The daemon has stopped. The parts that are uncertain, and the
        segments that belong to them."""
        air = self.world.sim.air()
        self._check_twice(air)
        parts = self._load_parts(air)
        contacts, left = self._match_certain(parts, air)
        uncertain = [p for p in parts if p.state == "uncertain"]
        match_uncertain(uncertain, contacts, left)
        self._check_messages(parts, contacts)
        return parts, left

    def _check_twice(self, air):
        """The air alone: nobody got a part twice."""
        count = collections.Counter((a["to"], a["text"]) for a in air)
        for (number, text), times in count.items():
            wanted = len(self.sent[number]) if text == N1 else 1
            ok(times <= wanted, f"on the air {times} times, not {wanted}: "
               f"...{number[-3:]} {text!r}")

    def _texts(self, air):
        """(text, end of the header) by campaign and seq. A long text as it
        arrived whole at anybody; the cut itself is a matter of unit tests."""
        out = {}
        for made, (_, text) in self.campaigns.items():
            cut = {int(a["udh"][-2:], 16): (a["text"], a["udh"][-4:])
                   for a in air if a["udh"] and a["text"] in text}
            if cut:
                eq("".join(t for _, (t, _) in sorted(cut.items())), text,
                   "the parts of a long text")
            out[row_id(made)] = cut or {1: (text, "")}
        return out

    def _load_parts(self, air):
        texts = self._texts(air)
        rows = self.world.db(
            "SELECT p.*, m.contact_id, m.person_id, m.campaign_id,"
            " m.template, m.nparts, m.concat_ref FROM part p JOIN message m"
            " ON m.id = p.message_id")
        return [Part(row, self.people, texts) for row in rows]

    def _match_certain(self, parts, air):
        """Parts whose end is known name their segment by modem and TP-MR.
        Returns the numbers of the contacts and the segments that are left
        over."""
        left = {(a["modem"], a["tp_mr"]): a for a in air}
        eq(len(left), len(air), "TP-MR came round; make the run shorter")
        reports = {(r["modem"], r["tp_mr"])
                   for r in self.world.sim.journal("report")}
        # The rest of a message of which a part failed is cancelled.
        failed = {p.row["message_id"] for p in parts if p.state == "failed"}
        contacts = {}
        for part in parts:
            ok(part.state in ("sent", "delivered", "uncertain") or
               part.row["message_id"] in failed,
               f"a part that is {part.state}")
            if part.state in ("uncertain", "failed", "cancelled"):
                continue
            key = (part.modem, part.row["tp_mr"])
            entry = left.pop(key, None)
            ok(entry is not None, "no segment for a part that is "
               f"{part.state}, or two parts for one: modem and TP-MR {key}")
            ok(part.fits(entry, contacts),
               f"another part was on the air: {entry}")
            if part.owner is not None:
                contacts[part.owner] = entry["to"]
            # A report that came and a part that was sent make it delivered.
            eq(part.state, "delivered" if key in reports else "sent",
               f"state of modem and TP-MR {key}")
        eq(len(set(contacts.values())), len(contacts), "a contact is a number")
        return contacts, list(left.values())

    def _check_messages(self, parts, contacts):
        """One reply a text; every message has its parts once."""
        replies = collections.Counter(p.owner for p in parts
                                      if p.owner is not None)
        eq(sum(replies.values()), sum(map(len, self.sent.values())),
           "replies")
        for contact, number in contacts.items():
            eq(replies[contact], len(self.sent[number]),
               f"replies to ...{number[-3:]}")
        count = collections.Counter(
            (p.row["campaign_id"], p.row["person_id"], p.row["seq"])
            for p in parts if p.owner is None)
        eq(set(count.values()) - {1}, set(), "a campaign part is there once")
        wanted = {row_id(made): len(numbers)
                  for made, (numbers, _) in self.campaigns.items()}
        for campaign, people in wanted.items():
            reached = {p.row["person_id"] for p in parts
                       if p.row["campaign_id"] == campaign}
            eq(len(reached), people, "people of a campaign")


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


def check_rate(world, modem, windows):
    """A modem that has no fault went on as before while others had theirs: the
    usual time from one segment to the next is not twice as long inside the
    windows (pairs of journal times) as outside."""
    starts = [a["t"] for a in world.sim.air(modem)]
    inside, outside = [], []
    for before, after in zip(starts, starts[1:]):
        during = any(begin < after and before < end for begin, end in windows)
        (inside if during else outside).append(after - before)
    ok(inside and outside, f"modem {modem} sent nothing to compare")
    ok(statistics.median(inside) < 2 * statistics.median(outside),
       f"modem {modem} was slower: {statistics.median(inside)} us, not "
       f"{statistics.median(outside)} us a segment")
