#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A long text that comes in parts, in any order, is one item, whole and once;
a long broadcast arrives whole."""
import tincay
from tincay import eq, ok, phone

STORY = ("Giúp tôi với. " + "Tôi kể từ đầu: đường vào thôn bị ngập, nhà có "
         "hai con nhỏ, trời mưa từ đêm qua. ") * 4
PLAIN = "Giup toi. " + " ".join(f"cau so {n}," for n in range(40)) + " het."
NEWS = ("Xã Song An mời bà con họp về phòng, chống bạo lực gia đình lúc 8 giờ "
        "sáng thứ Bảy tại Nhà văn hóa.")


def check_inbound(world):
    sent = {phone(131): (STORY, 8), phone(132): (PLAIN, 16)}
    for number, (text, ref_bits) in sent.items():
        world.sim.call("fault", modem="modem1", kind="shuffle", count=1)
        ok(world.sim.text(number, text, ref_bits=ref_bits) > 2, "parts")
    for number in sent:
        world.sim.wait(number)
    found = {}
    for case in world.wait_cases("HPN", 2):
        eq(case["items"], 1, "items of a long text")
        item, = world.open_case("HPN", case["code"])
        found[item["number"]] = item["text"]
    eq(found, {n: text for n, (text, _) in sent.items()}, "assembled texts")
    world.sim.wait_empty()
    eq(len(world.sim.air()), 2, "replies")


def check_outbound(world):
    numbers = [phone(n) for n in range(141, 145)]
    world.import_people(numbers, "thon")
    made = world.campaign("hop", "thon", NEWS)
    done = world.wait_campaign(made, lambda c: c["state"] == "done" and
                               c["recipients"]["delivered"] == 4,
                               "everybody is reached")
    eq((done["coding"], done["segments"]), ("ucs2", 2), "how it is cut")
    for number in numbers:
        message, = world.sim.inbox(number)
        eq((message["text"], message["parts"], message["duplicates"],
            message["complete"]), (NEWS, 2, 0, True), "what arrived")


def scenario(world):
    check_inbound(world)
    check_outbound(world)


tincay.main(scenario)
