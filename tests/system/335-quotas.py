#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A SIM sends so much in an hour and no more, of which a campaign has its share:
then it waits, and whoever asks for help is answered at once from the rest; a cry
for help even when nothing is left. An hour later the campaign goes on, over a
restart, too. People see what is used up."""
import tincay
from tincay import eq, ok, phone

PEOPLE = [phone(n) for n in range(400, 415)]
TEXT = "Song An: hop thon luc 8 gio"
LIMIT, SHARE = 10, 60       # an hour; percent
CAMPAIGN = LIMIT * SHARE // 100


def segments(world):
    return [a for a in world.sim.air() if a["text"] == TEXT]


def quota(world, span="hour"):
    return world.get("/modems/m1", "kim")["quota"][span]


def drain(world, wanted):
    """The campaign has sent so many, and must wait."""
    tincay.eventually(lambda: len(segments(world)) == wanted,
                      f"{wanted} segments of the campaign")
    tincay.eventually(lambda: quota(world)["campaign_used"] == CAMPAIGN,
                      "the share is used up")


def ask_help(world, n, text="giup toi"):
    world.sim.text(phone(n), text)
    eq(len(world.sim.wait(phone(n))), 1, f"answers to {n}")


def scenario(world):
    # Uneven distances between campaign texts are those of the minute.
    world.modem_options = {1: {"per_minute": 1000, "per_hour": LIMIT,
                               "campaign_share": SHARE}}
    world.set_up()
    world.import_people(PEOPLE, "xa")
    made = world.campaign("A", "xa", TEXT)
    drain(world, CAMPAIGN)
    eq(quota(world), {"used": CAMPAIGN, "limit": LIMIT,
                      "campaign_used": CAMPAIGN, "campaign_limit": CAMPAIGN},
       "what is used up")
    eq(quota(world, "day")["limit"], None, "no limit of a day")
    lines = world.http("GET", "/metrics", user="kim").body.decode()
    ok(f'tincay_modem_quota_used{{modem="m1",span="hour",by="campaign"}} '
       f'{CAMPAIGN}\n' in lines, lines)

    # The rest is for those who ask, one of them after a restart.
    for n in range(CAMPAIGN, LIMIT):
        ask_help(world, 420 + n)
        if n == CAMPAIGN:
            world.restart()
            world.login("kim")
            eq(quota(world)["campaign_used"], CAMPAIGN, "after a restart")
    eq(quota(world)["used"], LIMIT, "all is used up")
    eq(len(segments(world)), CAMPAIGN, "segments of the campaign meanwhile")
    ask_help(world, 431, "cuu")     # never held back
    eq(quota(world)["used"], LIMIT + 1, "one more, for a cry for help")

    world.clock.advance(3700)
    drain(world, 2 * CAMPAIGN)
    world.clock.advance(3700)
    world.wait_campaign(made, lambda c: c["state"] == "done",
                        "the campaign ends")
    eq(sorted(a["to"] for a in segments(world)), sorted(PEOPLE), "receivers")


tincay.main(scenario, set_up=False)
