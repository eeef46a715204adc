# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of the modems: air time used, help overtaking a campaign, what idle
modems cost."""
import statistics
import time

from figures import (air_used_percent, cpu_ns, in_world, percentile,
                     reply_latency_ms, row, status_kib, tincay)

TEXT = "Moi ba con du le phat dong tai nha van hoa xa"


def bench_idle(world, count):
    numbers = [tincay.phone(100 + i) for i in range(count)]
    for number in numbers:
        world.sim.text(number, "Giúp tôi")
        world.sim.wait(number)
    ms = [reply_latency_ms(world.sim, n) for n in numbers]
    row("help answered, idle: median", f"{statistics.median(ms):.0f}", "ms",
        len(ms), "")
    row("help answered, idle: p99", f"{percentile(ms, 99):.0f}", "ms",
        len(ms), "<= 250")


def bench_campaign(world):
    """One modem, a full campaign, cries for help in the middle."""
    helped = [tincay.phone(100 + i) for i in range(5)]
    people = [tincay.phone(200 + i) for i in range(40)]
    world.import_people(people, "everyone")
    campaign = world.campaign("bench", "everyone", TEXT)
    for i, number in enumerate(helped):
        tincay.eventually(
            lambda i=i: len(world.sim.air()) >= 5 * (i + 1),
            f"{5 * (i + 1)} segments are on the air")
        world.sim.text(number, "Giúp tôi")
    world.wait_campaign(campaign, lambda c: c["state"] == "done",
                        "the campaign is done")
    for number in helped:
        world.sim.wait(number)
    ms = [reply_latency_ms(world.sim, n) for n in helped]
    row("help behind a full campaign, 0.3 s: worst", f"{max(ms):.0f}", "ms",
        len(ms), "<= 300 + 300")


def bench_air(world, air_ms, count):
    """A campaign over all modems: how much of the time is air time."""
    people = [tincay.phone(200 + i) for i in range(count * world.modems)]
    world.import_people(people, "everyone")
    campaign = world.campaign("bench", "everyone", TEXT)
    world.wait_campaign(campaign, lambda c: c["state"] == "done",
                        "the campaign is done")
    # A modem that starts first sends a few more; each by its own span.
    used = [air_used_percent(world.sim, n + 1) for n in range(world.modems)]
    goal = ">= 93" if air_ms < 1000 else ">= 98.5"
    modems = "1 modem" if world.modems == 1 else \
        f"{world.modems} modems, worst"
    row(f"air time used, {air_ms / 1000:g} s a segment, {modems}",
        f"{min(used):.1f}", "%", len(world.sim.air()), goal)


def bench_air_all(build, kit, full):
    for modems in (1, 4):
        for air_ms, count in ((300, 40), (3000, 40 if full else 8)):
            in_world(kit, build,
                     lambda w, a=air_ms, c=count: bench_air(w, a, c),
                     modems=modems, air=air_ms)


def bench_idle_cost(world, seconds):
    """The daemon and all its children while nothing happens."""
    pids = [world.daemon.pid] + list(world.children().values())
    row("RssAnon of tincayd, idle",
        f"{status_kib(pids[0], 'RssAnon') / 1024:.1f}", "MiB", 1, "<= 10")
    children = [status_kib(p, "RssAnon") / 1024 for p in pids[1:]]
    row("RssAnon of a tincay-modem: worst", f"{max(children):.2f}", "MiB",
        len(children), "<= 6")
    before = [cpu_ns(p) for p in pids]
    time.sleep(seconds)  # the figure is about time that passes
    used = [100 * (cpu_ns(p) - b) / 1e9 / seconds
            for p, b in zip(pids, before)]
    row(f"CPU of tincayd over {seconds} idle s", f"{used[0]:.3f}", "%", 1,
        "<= 0.1")
    row(f"CPU with {len(children)} tincay-modem over {seconds} idle s",
        f"{sum(used):.3f}", "%", 1, "<= 0.4")
