#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tincayd -t and the start itself refuse a broken configuration or content
pack, and say everything that is wrong with it at once, with file and line."""
import os
import re
import shutil
import subprocess

import tincay
from tincay import eq, ok

BREAKS = [      # file, what is replaced, by what, what the fault must say
    ("tincay.conf", 'log_level = "debug"', 'log_level = "loud"', "log_level"),
    ("tincay.conf", "listen = \"127.0.0.1", "listen = \"0.0.0.0", "listen"),
    ("intents.conf", 'bare = "Da nhan tin. Can gap', 'bare = "' + "x" * 161 +
     " Da nhan tin. Can gap", "segment"),
    ("intents.conf", "Da nhan tin. Can bo se goi lai", "Vu bao luc: can bo",
     "R2"),
    ("intents.conf", "Can bo se xem va tra loi", "Den thon Ha", "M19"),
    ("intents.conf", "agencies = {\"DCTC\"}\n\turgency = U1\n\treply = N1",
     "agencies = {\"DCTC\"}\n\turgency = U1\n\treply = FALLBACK", "R1"),
    ("intents.conf", 'aliases = {"5"}', 'aliases = {"99"}', "99"),
    ("intents.conf", 'keywords = {"có"}', 'keywords = {"cứu"}', "cứu"),
    ("intents.conf", "agencies = {\"YTE\"}", "agencies = {\"YTA\"}", "YTA"),
    ("intents.conf", "agencies = {\"CAX\", \"HPN\"}\n\turgency = U0\n"
     "\treply = N2", "agencies = {\"CAX\", \"HPN\"}\n\turgency = U0\n"
     "\treply = HEALTH", "reply"),
]
MORE = [      # the same, each alone
    ("intents.conf", "Khong can nua: soan THOI.", "Gio hen: soan GOI.", "R14"),
    ("intents.conf", "Đã nhận tin. Soạn GOI và giờ, ví dụ", "Đã nhận tin. Soạn"
     " GOI và giờ, ví dụ như là", "R12"),
    ("intents.conf", 'bare = "Da nhan. Xin', 'bare = "Đa nhan. Xin', "GSM"),
    ("menus.conf", 'screen "main" {\n\tbare = "Xin chao.',
     'screen "main" {\n\tbare = "Xin chào bạn.', "GSM-7"),
    ("menus.conf", 'options = {"health", "help"}',
     'options = {"health", "nobody"}', "unknown option"),
    ("menus.conf", 'screen "main" {\n\tbare = "Xin chao.',
     'screen "main" {\n\tbare = "Bi bao luc.', "R2"),
    ("menus.conf", 'screen "main" {\n\tbare = "', 'screen "main" {\n\tbare = "'
     + "x" * 150, "longer"),
    ("commune.conf", 'reply_ttl = 300', 'reply_ttl = 3', "reply_ttl"),
]


def run(world, *args):
    done = subprocess.run([world.program("tincayd"), *args],
                          capture_output=True, check=False, timeout=60,
                          env=world.environment())
    return done.returncode, done.stderr.decode()


def write_broken(world, breaks):
    """Copy the content, break it, and return {(file, line): word}."""
    world.content = os.path.join(world.dir, "content")
    shutil.copytree(tincay.CONTENT, world.content, dirs_exist_ok=True)
    conf = world.configure()
    wanted = []
    for name, old, new, word in breaks:
        path = conf if name == "tincay.conf" else \
            os.path.join(world.content, name)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        ok(old in text, f"{name} does not hold {old!r}")
        at = text.index(old)
        text = text.replace(old, new, 1)
        last = text.count("\n", 0, at + len(new)) + 1
        wanted.append((path, text.count("\n", 0, at) + 1, last, word))
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    return conf, wanted


def check(world, breaks):
    conf, wanted = write_broken(world, breaks)
    code, text = run(world, "-c", conf, "-t")
    eq(code, 1, f"exit status of -t with {breaks}: {text}")
    found = [(m[1], int(m[2]), m[3]) for m in
             re.finditer(r"^(\S+?):(\d+): (.*)$", text, re.M)]
    for path, first, last, word in wanted:
        ok(any(os.path.samefile(p, path) and first <= line <= last and
               word in what for p, line, what in found),
           f"no fault {os.path.basename(path)}:{first}-{last} {word!r} in:\n"
           f"{text}")
    code, started = run(world, "-c", conf)
    eq((code, started), (1, text), "the start itself")
    ok(not os.path.exists(world.state), "a broken start made its folder")


def check_expired_hotline(world):
    """-t refuses a number that nobody has tried for half a year; a running
    daemon goes on, and warns."""
    conf, _ = write_broken(world, [
        ("commune.conf", 'hotline "112" {', 'hotline "112" { verified = '
         '"2025-01-01"', "112")])
    code, text = run(world, "-c", conf, "-t")
    eq(code, 1, f"-t with an expired hotline: {text}")
    ok("112" in text and "hotline" in text, f"the reason: {text}")


def scenario(world):
    check_expired_hotline(world)
    conf, _ = write_broken(world, [])
    eq(run(world, "-c", conf, "-t"), (0, ""), "the pack as it is delivered")
    for each in BREAKS + MORE:
        check(world, [each])
    # Faults of the content are looked for when tincay.conf can be used.
    check(world, [b for b in BREAKS if b[0] == "tincay.conf"])
    check(world, [b for b in BREAKS if b[0] != "tincay.conf"])


tincay.main(scenario, set_up=False)
