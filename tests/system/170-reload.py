#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""SIGHUP takes a good content pack at once and keeps the old one when the new
one is broken; texts that come meanwhile are answered, all of them."""
import os
import shutil
import signal

import tincay
from tincay import N1, eq, phone

NEW = "Da nhan duoc tin. Can bo se goi lai. Khong can nua: soan THOI."


def edit(world, old, new):
    path = os.path.join(world.content, "intents.conf")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    tincay.ok(old in text, f"intents.conf does not hold {old!r}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def reply(world, number):
    world.sim.text(number, "giup toi")
    return world.sim.wait(number)[0]["text"]


def reload(world, pattern):
    mark = world.log.mark()
    world.daemon.send_signal(signal.SIGHUP)
    world.log.wait(pattern, mark)
    return world.log.lines[mark:]


def large_pack(world):
    """5,000 keywords more, none of which anybody writes."""
    onsets = "b c ch đ gi h kh l m n ng nh ph qu r s t th tr v".split()
    rimes = ("áo ầu ẹm ến ơi ưởng ộc úi ứt ỳnh iết uổi ươm ắp oạt uyên êu ĩa "
             "ục ôm").split()
    words = [o + r for r in rimes for o in onsets]
    keys = [f'"{words[n % 400]} {words[(n // 400 + 7 * n) % 400]}"'
            for n in range(5000)]
    with open(os.path.join(world.content, "intents.conf"), "a",
              encoding="utf-8") as f:
        for n in range(10):
            f.write(f'intent "BENCH{n}" {{\n\tkeywords = {{'
                    + ", ".join(keys[500 * n:500 * n + 500])
                    + '}\n\taction = case\n\tagencies = {"HPN"}\n'
                    "\turgency = U3\n\treply = N1\n}\n")


def reload_under_load(world):
    """Every fifth text meets a reload."""
    phones = [phone(n) for n in range(720, 750)]
    mark = world.log.mark()
    for n, number in enumerate(phones):
        world.sim.text(number, "giup toi")
        if n % 5 == 2:
            world.daemon.send_signal(signal.SIGHUP)
    for number in phones:
        eq([m["text"] for m in world.sim.wait(number)], [NEW],
           "the reply during a reload")
    tincay.ok(world.log.find("reloaded", mark), "no reload was seen")
    eq(world.log.find("reload refused", mark), [], "reloads that were refused")


def scenario(world):
    world.content = os.path.join(world.dir, "content")
    shutil.copytree(tincay.CONTENT, world.content)
    world.set_up()
    eq(reply(world, phone(701)), N1, "the reply before")

    edit(world, N1, "x" * 161)
    lines = reload(world, "reload refused")
    tincay.ok(any("intents.conf:" in line and "segment" in line
                  for line in lines), f"no reason in {lines}")
    eq(reply(world, phone(702)), N1, "the reply after a broken pack")

    edit(world, "x" * 161, NEW)
    reload(world, "reloaded")
    eq(reply(world, phone(703)), NEW, "the reply after a good pack")

    large_pack(world)
    reload(world, "reloaded")
    reload_under_load(world)

    os.unlink(os.path.join(world.content, "intents.conf"))
    reload(world, "reload refused")
    eq(reply(world, phone(704)), NEW, "the reply without a pack")
    eq(len(world.log.find("modem online")), 1, "starts of the modem")


tincay.main(scenario, set_up=False)
