#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A quiz before and after, and a pledge, by SMS: totals when a round is closed,
none that are small, and nothing that tells who has answered."""
import tincay
from tincay import eq, phone

THANKS = "Song An: da nhan cau tra loi. Xin cam on."
NONE = ("Song An: luc nay chua mo tra loi, hoac so khong dung. Xin xem lai bang "
        "tin.")


def send(world, n, text, want):
    had = len(world.sim.inbox(phone(n)))
    world.sim.text(phone(n), text)
    eq(world.sim.wait(phone(n), had + 1)[had]["text"], want, f"{n}: {text}")


def shown(world, quiz):
    return [(r["round"], r["choice"], r["answers"], r["total"])
            for r in world.ctl("quiz", "show", quiz, user="tuan")["results"]]


def scenario(world):
    quiz = world.ctl("quiz", "new", "Luật", "--question", "Ai quyết định?",
                     "--choices", "3", user="hoa")["id"]
    send(world, 601, "Q 1", NONE)
    world.ctl("quiz", "open", quiz, user="hoa")
    for n in range(601, 608):
        send(world, n, "Q 2", THANKS)
    for n in range(608, 610):
        send(world, n, "Q3", THANKS)
    send(world, 601, "q 3", THANKS)      # the first answer counts
    send(world, 610, "Q 4", NONE)
    eq(shown(world, quiz), [], "results of an open round")
    world.restart()
    world.ctl("quiz", "close", quiz, user="tuan")
    before = [("before", 1, 0, 9), ("before", 2, None, 9),
              ("before", 3, None, 9)]
    eq(shown(world, quiz), before, "before")
    world.ctl("quiz", "open", quiz, user="hoa", code=1)
    world.ctl("quiz", "open", quiz, "--round", "after", "--days", "3",
              user="hoa")
    for n in range(601, 607):
        send(world, n, "Q 1", THANKS)
    world.clock.advance(3 * 24 * 3600 + 60)
    for user in ("hoa", "tuan"):
        world.login(user)
    world.log.wait("quiz is over")
    eq(shown(world, quiz), before + [("after", 1, 6, 6), ("after", 2, 0, 6),
                                     ("after", 3, 0, 6)], "before and after")
    pledge = world.ctl("quiz", "new", "Không bạo lực", "--question",
                       "Tôi cam kết", "--pledge", user="hoa")["id"]
    world.ctl("quiz", "open", pledge, user="hoa")
    for n in range(620, 625):
        send(world, n, "CAM KET", THANKS)
    world.ctl("quiz", "close", pledge, user="hoa")
    eq(shown(world, pledge), [("before", 1, 5, 5)], "pledges")
    world.stop()
    eq(world.db("SELECT count(*) AS n FROM quiz_voter")[0]["n"], 0, "voters")
    eq(world.db("SELECT count(*) AS n FROM person")[0]["n"], 0, "people")


tincay.main(scenario)
