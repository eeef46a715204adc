#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A modem program that speaks out of turn is killed, and the log names what it
said. Its successor serves the SIM."""
import os

import tincay
from tincay import eq, phone

PROGRAM = """#!/bin/sh
# The first time: a PONG before the HELLO.
if mkdir "{dir}/spoken" 2>/dev/null; then
	printf '\\0\\0\\0\\0\\017\\0\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0' >&3
	exec cat <&3 >/dev/null
fi
exec "{modem}"
"""


def scenario(world):
    world.copy_kit()
    world.start_sim()
    program = world.write("modem", PROGRAM.format(
        dir=world.dir, modem=world.program("tincay-modem")), 0o700)
    world.modem_program = lambda: program
    world.start()
    eq(os.path.isdir(os.path.join(world.dir, "spoken")), True, "it spoke")
    world.log.wait("modem child sent a bad frame name=m1 type=PONG$")
    world.log.wait("modem child ended name=m1 signal=9 ")
    world.sim.text(phone(131), "giup toi")
    world.sim.wait(phone(131))


tincay.main(scenario, set_up=False)
