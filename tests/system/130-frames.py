#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A tincay-modem that breaks the protocol is killed and started again after a
growing pause; the daemon and the modem beside it do not notice."""
import os
import sys
import time

import tincay
from tincay import N1, eq, ok, phone

# Looks at its CONFIG without taking it, to learn which modem it is; the last
# one becomes the real program.
ROGUE = '''#!{python}
import os, socket, struct, sys
link = socket.socket(fileno=3)
def frame(kind, body=b"", version=1, length=None):
    return struct.pack("<IHHQ", len(body) if length is None else length, kind,
                       version, 0) + body
def string(s):
    return struct.pack("<I", len(s)) + s
HELLO = frame(1, string(b"tincay-modem") + string(b"0"))
data = b""
while b"/spool/" not in data:
    data = link.recv(4096, socket.MSG_PEEK)
name = data.split(b"/spool/")[1].split(b"/")[0].decode()
attacks = {{
    "m1": b"\\xff" * 64,                              # no frame at all
    "m2": frame(1, length=0xffffffff),                # huge
    "m3": frame(1, length=65521),                     # one byte too long
    "m4": frame(1, HELLO[16:], version=2),            # another version
    "m5": frame(1, HELLO[16:] + b"x"),                # bytes left over
    "m6": frame(10, b"\\0" * 200),                    # a text before HELLO
    "m7": HELLO + frame(3, b"\\0" * 200),             # what only tincayd says
    "m8": HELLO + frame(9, b"\\0" * 25),              # of a part never sent
    "m9": frame(1, struct.pack("<I", 0xfffffff0)),    # a string without end
    "m10": HELLO + HELLO[:20],                        # half a frame, silence
    "m11": b"",                                       # silence
}}
if name == "{real}":
    os.execve({program!r}, ["tincay-modem"], dict(os.environ))
if name == "m12":
    sys.exit(3)
link.sendall(attacks[name])
while link.recv(65536):     # until tincayd closes, or kills
    pass
'''
KILLED = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m9"]
SILENT = ["m8", "m10", "m11"]
MODEMS = 13
REAL = f"m{MODEMS}"


def check_killed(world, name):
    world.log.wait(f'modem killing name={name} .*reason="protocol"', count=2)
    world.log.wait(f"modem child ended name={name} signal=9", count=2)


def check_help(world, number):
    world.sim.text(number, "giup toi", MODEMS)
    eq(world.sim.wait(number)[0]["text"], N1, "help beside them")


def scenario(world):
    rogue = world.write("rogue", ROGUE.format(
        python=sys.executable, real=REAL,
        program=world.program("tincay-modem")), 0o700)
    world.modem_program = lambda: rogue
    world.copy_kit()
    world.start_sim()
    began = time.monotonic()
    world.start(wait_modems=False)
    world.log.wait(f"modem online name={REAL} ")
    check_help(world, phone(751))
    for name in KILLED:
        check_killed(world, name)
    world.log.wait("result for an unknown part")
    world.log.wait("modem child ended name=m12 signal=0 exit=3", count=2)
    ok(time.monotonic() - began >= 0.5, "they were started again at once")
    world.log.wait("modem starting name=m1 from=backoff", count=3)
    ok(time.monotonic() - began >= 0.5 + 1 + 2, "the pause does not grow")

    check_help(world, phone(752))
    modems = {m["name"]: m for m in world.get("/modems", "kim")["modems"]}
    for name in SILENT:
        eq(modems[name]["state"], "starting", f"state of {name}")
    ok(modems[REAL]["restarts"] == 0, "the modem beside them was restarted")
    eq(len(world.log.find("daemon ready")), 1, "starts of the daemon")
    with open(f"/proc/{world.daemon.pid}/statm", encoding="ascii") as f:
        resident = int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    ok(resident < 512 << 20, f"the daemon has grown to {resident >> 20} MiB")


tincay.main(scenario, set_up=False, modems=MODEMS)
