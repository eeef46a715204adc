#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""libgammu blocks, naps and aborts: only tincay-modem is linked with it, and
tincay-modem with no library that sees the network or the database."""
import shutil
import subprocess

import tincay
from tincay import ok

PROGRAMS = ["tincayd", "tincay-modem", "tincayctl", "tincay-sim"]
NOT_IN_MODEM = ["sqlite", "event", "curl", "sodium", "jansson", "confuse"]


def needed(path):
    out = subprocess.run(["readelf", "-d", path], capture_output=True,
                         check=True).stdout.decode()
    return [line.split("[")[1].rstrip("]") for line in out.splitlines()
            if "(NEEDED)" in line]


def scenario(world):
    if shutil.which("readelf") is None:
        raise tincay.Skip("no readelf")
    for name in PROGRAMS:
        libraries = " ".join(needed(world.program(name)))
        ok(("libGammu" in libraries) == (name == "tincay-modem"),
           f"{name} needs {libraries}")
        if name == "tincay-modem":
            for word in NOT_IN_MODEM:
                ok(word not in libraries, f"{name} needs {libraries}")
    for word in ("sqlite", "curl"):
        ok(word in " ".join(needed(world.program("tincayd"))), word)


tincay.main(scenario, set_up=False)
