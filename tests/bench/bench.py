#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure tincay on simulated modems and print one table; gammu-smsd, smstools
and kannel on the same ones, where they are installed.

  scripts/bench [--build DIR] [--only WORD] [--full] [--json]

Air time and latencies come from the simulator's journal, which says when each
AT byte came and went. --full takes the 60 s that the idle figure is defined
for (10 s otherwise), and more samples. Words: pipeline audience classify campaign idle
start poll desk ussd people cost air peers."""
import argparse
import json
import os
import shutil
import sys
import tempfile

import daemon
import desk
import figures
import peers
import radio
from figures import tincay


def worlds(full):
    """What is measured in a world of its own: number of modems, what."""
    seconds = 60 if full else 10
    return {
        "campaign": (1, radio.bench_campaign),
        "idle": (1, lambda w: radio.bench_idle(w, 100 if full else 20)),
        "start": (1, daemon.bench_start),
        "poll": (1, daemon.bench_poll),
        "desk": (1, desk.bench_desk),
        "ussd": (1, daemon.bench_ussd),
        "people": (1, daemon.bench_people),
        "cost": (4, lambda w: radio.bench_idle_cost(w, seconds)),
    }


def measure(args, build, kit):
    if args.only in "pipeline":
        daemon.bench_pipeline(build)
    if args.only in "audience":
        daemon.bench_audience(build)
    if args.only in "classify":
        daemon.bench_classify(build)
    tincay.make_kit(build, kit)
    for name, (modems, work) in worlds(args.full).items():
        if args.only in name:
            figures.in_world(kit, build, work, modems=modems)
    if args.only in "air":
        radio.bench_air_all(build, kit, args.full)
    if args.only in "peers":
        peers.bench_peers(build, kit)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    kit = tempfile.mkdtemp(prefix="tincay-kit-")
    tincay.become_reaper()
    figures.head()
    try:
        measure(args, os.path.abspath(args.build), kit)
    finally:
        tincay.end_orphans([], patience=0)
        shutil.rmtree(kit)
    if args.json:
        print(json.dumps(figures.ROWS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
