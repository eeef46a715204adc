#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody dials the commune's USSD code through an operator's gateway: menus
there and back, a wish is a case although the session dies, once; without the
secret nobody comes in."""
import urllib.parse

import tincay
from tincay import eq, ok, phone

SECRET = "mot-bi-mat-that-dai-cua-cong"
TYPE = "application/x-www-form-urlencoded"


def call(world, session, number, text, secret=SECRET, path="/ussd", **more):
    """What the gateway does. The status and the answer."""
    form = {"sessionId": session, "phoneNumber": number, "text": text,
            "serviceCode": "*999#", **more}
    if path != "/ussd":
        del form["text"]
    headers = {"Content-Type": TYPE}
    if secret:
        headers["Authorization"] = "Bearer " + secret
    reply = world.http("POST", path, urllib.parse.urlencode(form).encode(),
                       headers=headers, tcp=True)
    return reply.status, reply.body.decode()


def check_menus(world):
    number = phone(611)
    status, first = call(world, "s1", number, "")
    eq(status, 200, "first step")
    ok(first.startswith("CON ") and "\n1 " in first and "\n0 " in first,
       f"first screen: {first!r}")
    status, hour = call(world, "s1", number, "2")
    ok(hour.startswith("CON "), f"after a choice: {hour!r}")
    # The session may end here: the case is there.
    eq(len(world.wait_cases("HPN", 1)), 1, "cases after the choice")
    eq(call(world, "s1", number, "2*9")[1][:4], "END ", "after the hour")
    eq(call(world, "s1", number, "2*9")[1][:4], "END ", "asked twice")
    case = world.wait_cases("HPN", 1)[0]
    eq(case["items"], 2, "what was filed")
    eq([i["callback"] for i in world.open_case("HPN", case["code"])],
       ["", "T3 10/03 09:00-10:00"], "the hour, with its date")
    eq(world.sim.air(), [], "nothing is sent")


def check_resume(world):
    number = phone(612)
    call(world, "s2", number, "2")
    eq(call(world, "s2", number, "", path="/ussd/end", status="Failed"),
       (200, ""), "notice of the end")
    ok("\n8 " in call(world, "s3", number, "")[1], "8 is offered")
    ok(call(world, "s3", number, "8*7")[1].startswith("END "), "8 and an hour")
    eq({c["items"] for c in world.wait_cases("HPN", 2)}, {2},
       "the wish was filed once, then the hour")


def check_left(world):
    """0 ends at once, on a screen that says nothing, and nothing is offered to
    whoever dials next; what was chosen before is kept."""
    number = phone(614)
    call(world, "s5", number, "2")
    eq(call(world, "s5", number, "2*0"), (200, "END Cam on. Chao ban."), "0")
    ok("\n8 " not in call(world, "s6", number, "")[1], "8 is offered after 0")
    eq(call(world, "s6", number, "0"), (200, "END Cam on. Chao ban."), "0 first")
    eq(len(world.wait_cases("HPN", 3)), 3, "the wish before 0")


def check_from(world):
    """Other addresses are refused, with the secret as well."""
    world.options.append('ussd_from = {"127.0.0.2"}')
    world.restart()
    eq(call(world, "s7", phone(615), "2")[0], 403, "from another address")
    eq(call(world, "s7", phone(615), "2", path="/ussd/end")[0], 403, "its end")
    world.login("lan")
    eq(len(world.cases("HPN")), 3, "cases after that")


def check_refused(world):
    number = phone(613)
    eq(call(world, "s4", number, "2", secret=None)[0], 403, "no secret")
    eq(call(world, "s4", number, "2", secret=SECRET + "x")[0], 403, "wrong")
    eq(call(world, "s4", number, "2*x")[0], 422, "no path")
    eq(call(world, "s4", number, "2*" + "9" * 182)[0], 422, "too long")
    eq(call(world, "", number, "2")[0], 422, "no session")
    eq(world.http("POST", "/ussd?key=" + SECRET, {"sessionId": "s4"},
                  tcp=True).status, 415, "JSON")
    eq(world.http("POST", "/ussd?key=" + SECRET,
                  f"sessionId=s4&phoneNumber={number}".encode(),
                  headers={"Content-Type": TYPE}, tcp=True).status, 200,
       "secret as a parameter")
    eq(world.http("POST", "/ussd?key=" + SECRET,
                  f"sessionId=s4&phoneNumber={number}".encode(),
                  headers={"Content-Type": TYPE}).status, 403,
       "not by the control socket")
    eq(len(world.wait_cases("HPN", 2)), 2, "cases after all that")


def scenario(world):
    world.write("ussd.secret", SECRET + "\n")
    world.options = [f'ussd_secret_file = "{world.dir}/ussd.secret"']
    world.restart()
    check_menus(world)
    check_resume(world)
    check_refused(world)
    check_left(world)
    check_from(world)
    eq([line for line in world.log.lines if SECRET in line], [],
       "the secret in the log")


tincay.main(scenario)
