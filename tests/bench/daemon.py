# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of the daemon: start, people, long polls; and of its parts without
modems."""
import http.client
import json
import os
import statistics
import subprocess
import tempfile
import time
import urllib.parse

from figures import HERE, row, status_kib, tincay


def bench_start(world):
    times = []
    for _ in range(5):
        world.stop()
        began = time.monotonic()
        world.start()
        times.append(1000 * (time.monotonic() - began))
    row("daemon start to first modem ready: median",
        f"{statistics.median(times):.0f}", "ms", len(times), "<= 1000")


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


def bench_ussd(world):
    """What a gateway waits for: the first screen, which stores nothing, and the
    two that file a wish and its hour and are committed before they leave."""
    secret = "mot-bi-mat-chi-de-do-thoi-gian"
    world.write("ussd.secret", secret + "\n")
    world.options = [f'ussd_secret_file = "{world.dir}/ussd.secret"']
    world.restart()
    conn = http.client.HTTPConnection("127.0.0.1", world.port)
    ms = {"": [], "2": [], "2*9": []}
    for n in range(300):
        for path, times in ms.items():
            form = urllib.parse.urlencode(
                {"sessionId": f"s{n}", "text": path,
                 "phoneNumber": tincay.phone(n)})
            began = time.monotonic_ns()
            conn.request("POST", "/ussd", form, {
                "Authorization": "Bearer " + secret,
                "Content-Type": "application/x-www-form-urlencoded"})
            answer = conn.getresponse()
            tincay.eq((answer.status, answer.read()[:3]),
                      (200, b"END" if "*" in path else b"CON"), path)
            times.append((time.monotonic_ns() - began) / 1e6)
    conn.close()
    for path, what in (("", "a screen"), ("2", "a wish"), ("2*9", "its hour")):
        p99 = statistics.quantiles(ms[path], n=100)[98]
        row(f"USSD step, {what}: median, p99",
            f"{statistics.median(ms[path]):.1f} {p99:.1f}", "ms", len(ms[path]),
            "<= 5" + (" + one commit" if path else ""))
