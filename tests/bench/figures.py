# SPDX-License-Identifier: GPL-2.0-or-later
"""What the measurements of scripts/bench share: the table, worlds that are
ended whatever comes, and figures out of the simulator's journal."""
import json
import math
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "system"))
import tincay  # noqa: E402

ROWS = []


def head():
    print(f"  {'what':<52} {'value':>8} {'unit':<10} {'samples':<8} goal")


def row(what, value, unit, samples, goal):
    ROWS.append({"what": what, "value": value, "unit": unit,
                 "samples": samples, "goal": goal})
    print(f"  {what:<52} {value:>8} {unit:<10} n={samples:<6} {goal}",
          flush=True)


def absent(what, why):
    """A figure that could not be had."""
    ROWS.append({"what": what, "value": None, "reason": why})
    print(f"  {what:<52} {'-':>8} {why}", flush=True)


def in_world(kit, build, work, modems=1, air=300):
    """Run work(world) in a world of its own."""
    world = tincay.World(build, kit, modems=modems, air=air)
    try:
        world.set_up()
        work(world)
    finally:
        why = world.tear_down()
    if why:
        raise tincay.Failure(why)
    shutil.rmtree(world.dir)


def percentile(values, p):
    """The smallest value that p percent are not above."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * p / 100) - 1)]


def air_used_percent(sim, modem=1):
    """Sum of the air times / (end of the last - start of the first)."""
    starts = sim.journal("air_start", modem=modem)
    ends = sim.journal("air_end", modem=modem)
    total = sum(e["t"] for e in ends) - sum(s["t"] for s in starts)
    return 100 * total / (ends[-1]["t"] - starts[0]["t"])


def send_commands(sim):
    """When the first byte of each AT+CMGS was read."""
    lines = tincay.read_lines(os.path.join(sim.dir, "journal"))
    entries = (json.loads(line) for line in lines if '"rx"' in line)
    return [e["t"] for e in entries if e["data"].startswith("AT+CMGS=")]


def reply_latency_ms(sim, number, event="cmti"):
    """From +CMTI written (or the text stored) to the first byte of the
    AT+CMGS of the reply read."""
    asked = [e for e in sim.journal(event) if e["from"] == number]
    aired = [e for e in sim.air() if e["to"] == number]
    before = [t for t in send_commands(sim) if t <= aired[0]["t"]]
    return (max(before) - asked[0]["t"]) / 1000


def status_kib(pid, key):
    for line in tincay.read_lines(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1])
    raise tincay.Failure(f"no {key} of {pid}")


def cpu_ns(pid):
    return sum(int(tincay.read_lines(f"/proc/{pid}/task/{t}/schedstat")[0]
                   .split()[0]) for t in tincay.list_dir(f"/proc/{pid}/task"))
