#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A second daemon on the same state folder ends at once, although it would
listen elsewhere: what the first has on the air is not called uncertain."""
import re
import subprocess

import tincay
from tincay import eq, ok, phone


def scenario(world):
    with open(f"{world.dir}/tincay.conf", encoding="utf-8") as f:
        conf = f.read()
    conf = re.sub(r"(?m)^control = .*$",
                  f'control = "{world.dir}/other.sock"', conf)
    conf = re.sub(r"(?m)^listen = .*$", 'listen = "127.0.0.1:1"', conf)
    path = world.write("other.conf", conf)
    world.sim.text(phone(1), "HD")
    tincay.eventually(
        lambda: world.db("SELECT 1 FROM part WHERE state = 'submitting'"),
        "the reply is on the air")
    done = subprocess.run([world.program("tincayd"), "-c", path],
                          env=world.environment(), capture_output=True,
                          timeout=tincay.DEADLINE, check=False)
    eq(done.returncode, 1, "exit of the second daemon")
    eq(len(world.db("SELECT 1 FROM part WHERE state = 'submitting'")), 1,
       "parts on the air")
    ok(b"locked" in done.stderr, "the reason is told")
    world.sim.wait(phone(1))


tincay.main(scenario, air=3000)
