#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every intent does what it says: who gets a case, who must not see it, what
is answered, and when nothing is."""
import tincay
from tincay import FALLBACK, N1, N2, eq, ok, phone

HEALTH = "Tram Y te Song An tu van suc khoe phu nu"
DAY = 24 * 3600


def answer(world, number, text, count=1):
    """The text of the newest of so many replies that this phone has."""
    world.sim.text(number, text)
    return world.sim.wait(number, count)[-1]["text"]


def codes(world, agency):
    return {c["code"] for c in world.cases(agency)}


def scenario_sos(world):
    eq(answer(world, phone(111), "CUU toi voi"), N2, "reply to SOS")
    case = world.wait_cases("CAX")[0]
    eq(case["urgency"], 0, "urgency of SOS")
    eq(codes(world, "CAX"), codes(world, "HPN"), "the case of both agencies")
    for agency in ("CAX", "HPN"):
        eq(world.texts(agency, case["code"]), ["CUU toi voi"],
           f"what {agency} reads")
    world.post(f"/cases/{case['code']}/claim", user="cuc")


def scenario_safe_address(world):
    eq(answer(world, phone(112), "tin cậy"), N1, "reply to SAFE_ADDR")
    code = world.wait_cases("DCTC")[0]["code"]
    for agency in ("HPN", "CAX", "YTE", "TRIAGE"):
        user = tincay.HANDLERS[agency]
        ok(code not in codes(world, agency), f"{agency} has the case listed")
        reply = world.http("GET", f"/api/v1/cases/{code}", user=user)
        eq(reply.status, 404, f"the case for {agency}")
        world.post(f"/cases/{code}/claim", user=user, status=404)


def scenario_health(world):
    ok(answer(world, phone(113), "suc khoe").startswith(HEALTH),
       "the word alone is answered with information")
    eq(codes(world, "YTE"), set(), "cases of a request for information")
    eq(answer(world, phone(114), "suc khoe, toi bi ra mau nhieu"), N1,
       "reply to a question")
    eq(len(world.wait_cases("YTE")), 1, "cases of a question")


def scenario_consent(world):
    number = phone(115)
    ok("Dong y soan CO" in answer(world, number, "DK"), "reply to DK")
    ok("da dang ky" in answer(world, number, "CO", 2), "reply to CO")
    ok("da ngung gui" in answer(world, number, "TC", 3), "reply to TC")
    eq(codes(world, "TRIAGE"), set(), "cases of a subscription")
    eq(answer(world, phone(116), "có"), FALLBACK, "CO without a question")
    case = world.wait_cases("TRIAGE")[0]
    eq([(i["text"], i["intent"]) for i in
        world.open_case("TRIAGE", case["code"])], [("có", "FALLBACK")],
       "the case of CO without a question")


def scenario_hush(world):
    """THOI takes back the reply that waits, is not answered, and shows."""
    number = phone(117)
    world.sim.call("fault", modem="modem1", kind="refuse", count=1, code=38)
    mark = world.log.mark()
    world.sim.text(number, "giup toi")
    world.log.wait("part queued .* outcome=refused", mark)
    world.sim.text(number, "thôi")
    case = world.wait_cases("HPN", 1, lambda c: c["hushed"])[0]
    eq(case["items"], 1, "items of the hushed case")
    # Whoever writes next is answered, she is not.
    eq(answer(world, phone(118), "giup toi"), N1, "reply to the next one")
    eq(world.sim.inbox(number), [], "what reached the phone")
    states = [m for m in world.get("/messages?limit=100", "kim")["messages"]
              if m["reason"] == "hushed"]
    ok(len(states) == 1 and states[0]["state"] in ("cancelled", "suppressed"),
       f"the reply that waited: {states}")
    # She asks again: she is answered again.
    eq(answer(world, number, "giup toi voi"), N1, "reply after THOI")


def scenario_fallback(world):
    """R30: at most one in 24 hours, so that two machines never talk."""
    number = phone(119)
    eq(answer(world, number, "khong biet soan gi"), FALLBACK, "the first")
    world.sim.text(number, "van khong biet")
    eq(answer(world, phone(120), "giup toi"), N1, "reply to the next one")
    world.clock.advance(DAY - 60)
    world.sim.text(number, "hom sau")
    eq(answer(world, phone(121), "giup toi"), N1, "reply to the next one")
    eq(len(world.sim.inbox(number)), 1, "replies within 24 hours")
    world.clock.advance(120)
    eq(answer(world, number, "hom sau nua", 2), FALLBACK, "the second")
    world.login("tam")
    ok(any(c["items"] == 4 for c in world.cases("TRIAGE")),
       "every one of the four texts is in the case")


def scenario(world):
    scenario_sos(world)
    scenario_safe_address(world)
    scenario_health(world)
    scenario_consent(world)
    scenario_hush(world)
    scenario_fallback(world)


tincay.main(scenario)
