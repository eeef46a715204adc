#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""SIGHUP takes a good content pack at once and keeps the old one when the new
one is broken."""
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

    os.unlink(os.path.join(world.content, "intents.conf"))
    reload(world, "reload refused")
    eq(reply(world, phone(704)), NEW, "the reply without a pack")
    eq(len(world.log.find("modem online")), 1, "starts of the modem")


tincay.main(scenario, set_up=False)
