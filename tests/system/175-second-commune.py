#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""M18: a second commune is another content pack and nothing else: its words, its
agencies, its replies; what only the first one says is a text for a person."""
import os
import subprocess
import urllib.parse

import tincay
from tincay import eq, ok, phone

PACK = os.path.join(tincay.HERE, "..", "content", "hoa-yen")
PEOPLE = {"CONGAN": "binh", "CHIHOI": "sen", "TRAMXA": "que", "TRIAGE": "son"}
SECRET = "mot-bi-mat-khac-cua-cong"

N1 = "Chúng tôi đã nhận. Sẽ có người gọi. Đừng gọi nữa: soạn IM."
N2 = "Chúng tôi đã nhận. Nguy cấp: gọi 113, 115, 111."
FALLBACK = "Chúng tôi đã nhận, sẽ có người đọc."
JOIN = "Hòa Yên: bạn muốn nhận tin của phường? Soạn UNG."
TEXTS = [       # text, reply, queue (None: no case), urgency
    ("báo động", N2, "CONGAN", 0),
    ("77", N2, "CONGAN", 0),
    ("nhờ chị gọi", N1, "CHIHOI", 1),
    ("nhowf", N1, "CHIHOI", 1),
    ("nho chi, em 13 tuoi", N2, "CONGAN", 0),
    ("HEN 19H", "Vâng, đã rõ.", "CHIHOI", 1),
    ("bac si", "Trạm xá khám mỗi sáng. Muốn được gọi: soạn HEN và giờ.",
     None, None),
    ("bac si, con toi sot", N1, "TRAMXA", 2),
    ("NHAN suoi can", JOIN, None, None),
    # what the first commune understands
    ("giup toi", FALLBACK, "TRIAGE", 2),
    ("99", FALLBACK, "TRIAGE", 2),
    ("luat", FALLBACK, "TRIAGE", 2),
    ("tc", FALLBACK, "TRIAGE", 2),
]


def set_up(world):
    """As a person sets up the box of this commune."""
    world.content = PACK
    subprocess.run([world.program("tincayd"), "--new-key",
                    world.dir + "/data.key"], check=True)
    world.write("pp", "mot cum tu rat dai\n")
    world.write("pw", tincay.PASSWORD + "\n")
    world.write("ussd.secret", SECRET + "\n")
    world.options = [f'ussd_secret_file = "{world.dir}/ussd.secret"']
    eq(subprocess.run([world.program("tincayd"), "-t", "-c",
                       world.configure()], check=False).returncode, 0,
       "the pack is checked")
    world.start_sim()
    world.start(wait_modems=False)
    mark = world.log.mark()
    for agency in ["RECOVERY", *PEOPLE]:
        world.ctl("key", "new", agency, "--passphrase-file",
                  world.dir + "/pp", "--out", f"{world.dir}/{agency}.key")
    for agency, name in PEOPLE.items():
        world.ctl("user", "add", name, "--agency", agency, "--role", "handler",
                  "--password-file", world.dir + "/pw")
        world.login(name)
    tincay.HANDLERS.update(PEOPLE)
    world.log.wait("modem online name=m1 ", mark)


def check_texts(world):
    for n, (text, reply, queue, urgency) in enumerate(TEXTS, 1):
        before = {} if queue is None else \
            {c["code"] for c in world.cases(queue)}
        world.sim.text(phone(n), text)
        eq(world.sim.wait(phone(n))[0]["text"], reply, f"reply to {text!r}")
        if queue is not None:
            new = [c for c in world.wait_cases(queue, len(before) + 1)
                   if c["code"] not in before]
            eq([c["urgency"] for c in new], [urgency], f"case of {text!r}")
    eq(len(world.cases("TRIAGE")), 4, "texts for a person of TRIAGE")


def check_case(world):
    """A handler there reads what she wrote, and when she may be called."""
    world.sim.text(phone(31), "NHO")
    world.sim.wait(phone(31))
    known = {c["code"] for c in world.cases("CHIHOI")}
    world.sim.text(phone(31), "sang mai")
    eq(world.sim.wait(phone(31), 2)[1]["text"], "Vâng, đã rõ.", "the hours")
    texts = [world.open_case("CHIHOI", code) for code in sorted(known)]
    ok(any([i["callback"] for i in t] == ["", "T4 11/03 06:00-11:00"]
           for t in texts), f"the hours of the call: {texts}")


def check_menus(world):
    form = urllib.parse.urlencode({
        "sessionId": "s1", "phoneNumber": phone(41), "text": "2"}).encode()
    reply = world.http("POST", "/ussd?key=" + SECRET, form, tcp=True, headers={
        "Content-Type": "application/x-www-form-urlencoded"})
    eq(reply.body.decode(), "CON Mấy giờ (1-23)?\n0 Ra", "its own menus")


def scenario(world):
    set_up(world)
    check_texts(world)
    check_case(world)
    check_menus(world)


tincay.main(scenario, set_up=False)
