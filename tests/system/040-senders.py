#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Senders that cannot be answered are kept for a person of TRIAGE, those whose
text cannot be read are to be called back; nobody of them is answered, and
nothing is harmed."""
import tincay
from tincay import N1, eq, ok, phone
from tpdu import deliver, text_part


TEXTS = [       # from, text, note of the item
    ("VIETTEL", "Khuyen mai 50% the nap", "alpha"),
    ("191", "Goi cuoc cua ban", "short"),
    ("9029", "giup toi", "short"),
    ("19001234", "trung thuong", "premium"),
    ("18008098", "cham soc khach hang", "service"),
    (f"{phone(901)}", "giup toi", "own_number"),
]
EMPTY = phone(161)
PUSH = b"\x06\x05\x04\x0b\x84\x23\xf0"  # to the port of WAP pushes
RAW = [         # from, coding, data, header, note of the item
    (phone(162), 0x04, bytes(range(32)), b"", "binary"),        # 8 bit
    (phone(165), 0x04, b"\x01\x06mms", PUSH, "push"),
    (phone(163), 0xF5, b"\x06\x05\x04\x0b\x84\x23\xf0", b"", "binary"),
    (phone(164), 0x04, b"x", bytes([4, 4, 2, 0, 1]), "binary"), # odd header
]
# What no person writes; of a silent text nothing is kept but that it came.
SILENT = phone(166)
WAITING = phone(167)


def scenario(world):
    for number, text, _ in TEXTS:
        world.sim.text(number, text)
    world.sim.text(EMPTY, "")
    for number, dcs, data, udh, _ in RAW:
        world.sim.pdu(deliver(number, dcs, data, udh))
    world.sim.pdu(deliver(SILENT, 0x08, "giup".encode("utf-16-be"), pid=0x40))
    world.sim.pdu(deliver(WAITING, 0xE8, "2 tin".encode("utf-16-be")))
    check_notes(world, "TRIAGE", {SILENT: "silent", WAITING: "waiting",
                                  **{n: note for n, _, note in TEXTS}})
    check_notes(world, "HPN", {EMPTY: "empty",
                               **{n: note for n, _, _, _, note in RAW}})
    check_control(world)
    check_header(world)
    world.sim.wait_empty()    # R22
    eq([a["to"] for a in world.sim.air()],
       [phone(171), phone(172), phone(174)], "who was answered")
    eq(len(world.log.find("modem online")), 1, "starts of the modem")


def check_notes(world, agency, wanted):
    """The person who looks sees who it was and why nobody was answered."""
    found = {}
    for case in world.wait_cases(agency, len(wanted)):
        item, = world.open_case(agency, case["code"])
        found[item["number"]] = item["note"]
        if item["number"] == SILENT:
            eq(item["text"], "", "what a silent text says")
    eq(found, wanted, "notes")


def check_control(world):
    """NUL and control characters inside a text that asks for help."""
    before = {c["code"] for c in world.cases("HPN")}
    text = "Giúp\0 tôi\x01\x1b[31m\x7f với\u202e"
    world.sim.pdu(deliver(phone(171), 0x08, text.encode("utf-16-be")))
    eq(world.sim.wait(phone(171))[0]["text"], N1, "reply")
    case, = [c for c in world.wait_cases("HPN", len(before) + 1)
             if c["code"] not in before]
    got, = world.texts("HPN", case["code"])
    ok("tôi" in got and "với" in got, f"the text is cut: {got!r}")


def check_header(world):
    """Part 1 of 255, part 0, part 9 of 3: no harm, and the next text is read
    as usual."""
    for total, seq in ((255, 1), (3, 0), (3, 9), (0, 0)):
        world.sim.pdu(text_part(phone(172), "Giúp", total, seq))
    world.sim.text(phone(174), "giup toi")
    eq(world.sim.wait(phone(174))[0]["text"], N1, "reply to the next text")


tincay.main(scenario)
