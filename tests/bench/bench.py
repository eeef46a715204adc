#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure tincay on the simulated modem and print one table.

  scripts/bench [--build DIR] [--only WORD] [--full] [--json]

Air time and latencies come from the simulator's journal, which says when each
AT byte came and went. --full takes the 60 s that the idle figure is defined
for (10 s otherwise)."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "system"))
import tincay  # noqa: E402

AIR_MS = 300
ROWS = []


def row(what, value, unit, samples, goal):
    ROWS.append({"what": what, "value": value, "unit": unit,
                 "samples": samples, "goal": goal})
    print(f"  {what:<46} {value:>10} {unit:<12} n={samples:<6} {goal}",
          flush=True)


def in_world(kit, build, work, modems=1, air=AIR_MS):
    """Run work(world) in a world of its own, which is ended whatever comes."""
    world = tincay.World(build, kit, modems=modems, air=air)
    try:
        world.set_up()
        work(world)
    finally:
        why = world.tear_down()
    if why:
        raise tincay.Failure(why)
    shutil.rmtree(world.dir)


# --- air time and help ---

def reply_latency_ms(world, number):
    """From +CMTI written to the first byte of the reply's AT+CMGS read."""
    asked = [e for e in world.sim.journal("cmti") if e["from"] == number]
    aired = [e for e in world.sim.air() if e["to"] == number]
    before = [t for t in send_commands(world) if t <= aired[0]["t"]]
    return (max(before) - asked[0]["t"]) / 1000


def send_commands(world):
    """When the first byte of each AT+CMGS was read."""
    lines = tincay.read_lines(os.path.join(world.sim.dir, "journal"))
    entries = (json.loads(line) for line in lines if '"rx"' in line)
    return [e["t"] for e in entries if e["data"].startswith("AT+CMGS=")]


def air_used_percent(world):
    starts = world.sim.journal("air_start")
    ends = world.sim.journal("air_end")
    total = sum(e["t"] for e in ends) - sum(s["t"] for s in starts)
    return 100 * total / (ends[-1]["t"] - starts[0]["t"])


def bench_idle(world):
    numbers = [tincay.phone(100 + i) for i in range(20)]
    for number in numbers:
        world.sim.text(number, "Giúp tôi")
        world.sim.wait(number)
    ms = sorted(reply_latency_ms(world, n) for n in numbers)
    row("help answered, idle: median", f"{statistics.median(ms):.0f}", "ms",
        len(ms), "<= 250")
    row("help answered, idle: worst", f"{ms[-1]:.0f}", "ms", len(ms), "<= 250")


def bench_campaign(world):
    helped = [tincay.phone(100 + i) for i in range(5)]
    people = [tincay.phone(200 + i) for i in range(40)]
    world.import_people(people, "everyone")
    campaign = world.campaign("bench", "everyone",
                              "Moi ba con du le phat dong tai nha van hoa xa")
    for i, number in enumerate(helped):
        world.sim.wait(people_reached(world, people, 5 * (i + 1)))
        world.sim.text(number, "Giúp tôi")
    world.wait_campaign(campaign, lambda c: c["state"] == "done",
                        "the campaign is done")
    for number in helped:
        world.sim.wait(number)
    ms = sorted(reply_latency_ms(world, n) for n in helped)
    row("air time used, 0.3 s a segment", f"{air_used_percent(world):.1f}",
        "%", len(world.sim.air()), ">= 93")
    row("help behind a full campaign: worst", f"{ms[-1]:.0f}", "ms", len(ms),
        f"<= {AIR_MS} + 300")


def people_reached(world, people, count):
    """Wait until so many segments were on the air; the last one's number."""
    tincay.eventually(lambda: len(world.sim.air()) >= count,
                      f"{count} segments are on the air")
    return [e["to"] for e in world.sim.air()][count - 1]


# --- the daemon ---

def bench_start(world):
    times = []
    for _ in range(5):
        world.stop()
        began = time.monotonic()
        world.start()
        times.append(1000 * (time.monotonic() - began))
    row("daemon start to first modem ready: median",
        f"{statistics.median(times):.0f}", "ms", len(times), "<= 1000")


def status_kib(pid, key):
    for line in tincay.read_lines(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1])
    raise tincay.Failure(f"no {key} of {pid}")


def cpu_ns(pid):
    return sum(int(tincay.read_lines(f"/proc/{pid}/task/{t}/schedstat")[0]
                   .split()[0]) for t in tincay.list_dir(f"/proc/{pid}/task"))


def bench_idle_cost(world, seconds):
    pids = [world.daemon.pid] + list(world.children().values())
    row("RssAnon of tincayd, idle",
        f"{status_kib(pids[0], 'RssAnon') / 1024:.1f}", "MiB", 1, "<= 10")
    row("RssAnon of a tincay-modem",
        f"{status_kib(pids[1], 'RssAnon') / 1024:.1f}", "MiB", 1, "<= 6")
    before = [cpu_ns(p) for p in pids]
    time.sleep(seconds)  # the figure is about time that passes
    used = [cpu_ns(p) - b for p, b in zip(pids, before)]
    row(f"CPU of tincayd over {seconds} idle s",
        f"{100 * used[0] / 1e9 / seconds:.3f}", "%", 1, "<= 0.1")
    row(f"CPU of a tincay-modem over {seconds} idle s",
        f"{100 * used[1] / 1e9 / seconds:.3f}", "%", 1, "")


def bench_people(world):
    """100,000 people: import in pieces, approve (freeze, consent), memory."""
    total, piece = 100000, 20000
    header = "number,consent_source,consent_date,collector\n"
    began = time.monotonic()
    for first in range(0, total, piece):
        rows = "".join(f"+849{10000000 + i},sheet,2026-01-05,Hoa\n"
                       for i in range(first, first + piece))
        reply = world.http("POST", "/api/v1/people?list=everyone",
                           header + rows, "hoa")
        tincay.eq(reply.status, 201 if reply.status == 201 else 200, "import")
    row("100,000 people imported", f"{time.monotonic() - began:.1f}", "s", 1,
        "<= 10")
    began = time.monotonic()
    world.campaign("bench", "everyone", "Moi ba con du le phat dong",
                   start=False)
    row("100,000 recipients checked and queued",
        f"{time.monotonic() - began:.2f}", "s", 1, "<= 1")
    row("RssAnon of tincayd with 100,000 people",
        f"{status_kib(world.daemon.pid, 'RssAnon') / 1024:.1f}", "MiB", 1,
        "<= 16")


def bench_poll(world):
    """A case and its reply leave after the same commit: how much later than
    the reply's AT+CMGS does the handler's poll have its answer?"""
    ms = []
    cursor = world.get("/cases?agency=HPN", "lan")["cursor"]
    for i in range(20):
        number = tincay.phone(100 + i)
        world.sim.text(number, "Giúp tôi")
        answer = world.get(f"/cases?agency=HPN&after={cursor}&wait=30", "lan")
        seen_us = time.time() * 1e6
        cursor = answer["cursor"]
        world.sim.wait(number)
        stored = [e for e in world.sim.journal("cmti")
                  if e["from"] == number][0]["t"]
        ms.append((seen_us - stored) / 1000)
    ms.sort()
    row("case seen by a long poll after +CMTI: median",
        f"{statistics.median(ms):.0f}", "ms", len(ms), "")
    row("case seen by a long poll after +CMTI: worst", f"{ms[-1]:.0f}", "ms",
        len(ms), "<= 50 after commit")


# --- without modems ---

def bench_pipeline(build):
    rates = []
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="tincay-bench-") as state:
            out = subprocess.run(
                [os.path.join(build, "tests/bench/pipeline"), tincay.CONTENT,
                 state, "20000"], capture_output=True, check=True).stdout
            rates.append(json.loads(out)["messages_per_s"])
    row("full pipeline, null transport: best", max(rates), "messages/s",
        3 * 20000, ">= 10000")
    row("full pipeline, null transport: median",
        int(statistics.median(rates)), "messages/s", 3 * 20000, ">= 10000")


def bench_audience(build):
    runs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="tincay-bench-") as state:
            out = subprocess.run(
                [os.path.join(build, "tests/bench/campaign"), tincay.CONTENT,
                 state, "100000"], capture_output=True, check=True).stdout
            runs.append(json.loads(out))

    def median(key):
        return statistics.median(r[key] for r in runs)

    row("sheet of 100,000 people read and written",
        f"{(median('read_ms') + median('import_ms')) / 1000:.1f}", "s",
        len(runs), "<= 10")
    row("longest time that it holds the loop",
        f"{max(r['longest_step_us'] for r in runs) / 1000:.0f}", "ms",
        len(runs), "")
    row("five lists of 100,000 to one recipient each",
        f"{median('freeze_ms') / 1000:.2f}", "s", len(runs), "<= 1")
    row("campaign, null transport: median", int(median("segments_per_s")),
        "segments/s", 3 * 100000, ">= 10000")
    row("its commits", int(median("commits_per_s")), "commits/s", len(runs),
        "")
    row("processor time of that, a segment",
        f"{median('send_cpu_ms') / 100:.0f}", "us", 3 * 100000, "")
    row("RssAnon after it", f"{median('rss_anon_kib') / 1024:.1f}", "MiB",
        len(runs), "<= 16")


def bench_classify(build):
    corpus = os.path.join(HERE, "..", "corpus", "intents.txt")
    runs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="tincay-bench-") as work:
            out = subprocess.run(
                [os.path.join(build, "tests/bench/classify"), corpus,
                 tincay.CONTENT, work], capture_output=True, check=True).stdout
            runs.append(json.loads(out))
    texts = sum(r["texts"] for r in runs)
    row("texts classified, shipped pack: median",
        int(statistics.median(r["per_s"] for r in runs)), "texts/s", texts,
        ">= 200000")
    row("texts classified, 5,000 keywords more: median",
        int(statistics.median(r["per_s_large"] for r in runs)), "texts/s",
        texts, ">= 200000")
    row("load of a pack with 5,000 keywords: median",
        f"{statistics.median(r['load_us'] for r in runs) / 1000:.1f}", "ms",
        len(runs), "<= 50")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    kit = tempfile.mkdtemp(prefix="tincay-kit-")
    seconds = 60 if args.full else 10
    worlds = {
        "campaign": bench_campaign, "idle": bench_idle, "start": bench_start,
        "poll": bench_poll, "cost": lambda w: bench_idle_cost(w, seconds),
        "people": bench_people,
    }
    tincay.become_reaper()
    print(f"  {'what':<46} {'value':>10} {'unit':<12} {'samples':<8} goal")
    try:
        if args.only in "pipeline":
            bench_pipeline(build)
        if args.only in "audience":
            bench_audience(build)
        if args.only in "classify":
            bench_classify(build)
        tincay.make_kit(build, kit)
        for name, work in worlds.items():
            if args.only in name:
                in_world(kit, build, work)
    finally:
        tincay.end_orphans([], patience=0)
        shutil.rmtree(kit)
    if args.json:
        print(json.dumps(ROWS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
