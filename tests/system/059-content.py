#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""People of three languages, two scripts and two groups each get exactly their
own text of one campaign, and nothing else; the lint says everything at once; a
test goes to the author's own phone alone."""
import collections

import tincay
from tincay import eq, ok, phone

AUTHOR = phone(777)
COMMON = "Song An: mời họp {thon}. Gấp gọi {duong_day}"
LINES = "113, 114, 115, 111, 112"
MEN = "Anh em {xa}: không bạo lực. Gọi {so_113}"
MEN_BARE = "Anh em: ko bao luc. Goi {so_113}"
BAHNAR = "Bơngai {xa}: hăm. {duong_day}"
BAHNAR_MEN = "Đơdrô {xa}: hăm. {so_111}"
JRAI = "Mơnuih {xa}: pơtom. {so_113}"

# language, script, group, hamlet: what they read
READERS = [
    ("vi", "", "", "Thôn 1",
     f"Song An: mời họp Thôn 1. Gấp gọi {LINES}"),
    ("vi", "có dấu", "", "Thôn 2",
     f"Song An: mời họp Thôn 2. Gấp gọi {LINES}"),
    ("vi", "không dấu", "", "Thôn 2",
     f"Song An: moi hop Thon 2. Gap goi {LINES}"),
    ("vi", "không dấu", "nữ", "",
     f"Song An: moi hop Song An. Gap goi {LINES}"),
    ("vi", "", "nam", "Thôn 1",
     "Anh em xã Song An: không bạo lực. Gọi 113"),
    ("vi", "khong dau", "nam", "Thôn 1", "Anh em: ko bao luc. Goi 113"),
    ("bdq", "", "", "Thôn 1", f"Bơngai xã Song An: hăm. {LINES}"),
    ("bdq", "không dấu", "nữ", "", f"Bơngai xã Song An: hăm. {LINES}"),
    ("bdq", "", "nam", "Thôn 1", "Đơdrô xã Song An: hăm. 111"),
    ("jra", "", "", "Thôn 3", "Mơnuih xã Song An: pơtom. 113"),
    ("jra", "co dau", "nam", "", "Mơnuih xã Song An: pơtom. 113"),
    ("jra", "không dấu", "nam", "", "Mơnuih xã Song An: pơtom. 113"),
]


def number(i):
    return phone(300 + i)


def import_readers(world):
    rows = ["so_dien_thoai;nguon_dong_y;ngay_dong_y;nguoi_thu;ngon_ngu;"
            "chu_viet;nhom;thon"]
    for i, (language, script, group, hamlet, _) in enumerate(READERS):
        rows.append(f"{number(i)};phieu;2026-01-05;Hoa;{language};{script};"
                    f"{group};{hamlet}")
    reply = world.http("POST", "/api/v1/people?list=xa",
                       "\n".join(rows) + "\n", "hoa")
    eq(reply.status, 201, f"import: {reply!r}")


def variant(world, campaign, text, *options):
    world.ctl("campaign", "variant", campaign, "--text", text, *options,
              user="hoa")


def check_lint(world):
    """All that is wrong is told at once, by text and line."""
    made = world.post("/campaigns", {
        "name": "L", "lists": ["xa"], "theme": "BLPN", "pupil_safe": True,
        "text": "Xem www.a.vn\nPhụ nữ phải {dau}"}, "hoa")["id"]
    variant(world, made, "Gửi mã OTP", "--group", "nam")
    variant(world, made, "Bơngai", "--language", "bdq")
    told = world.ctl("campaign", "check", made, user="hoa", code=1)
    ok("must be mended" in told, told)
    findings = world.http("POST", f"/api/v1/campaigns/{made}/check", {},
                          "hoa").json["findings"]
    found = collections.Counter(
        (f["rule"], f["severity"], f["line"],
         (f["variant"] or {}).get("language"),
         (f["variant"] or {}).get("group")) for f in findings)
    for wanted in (("variable", "refuse", 2, "vi", None),
                   ("demand", "refuse", 1, "vi", "men"),
                   ("hotline", "refuse", 0, "vi", "men"),
                   ("hotline", "refuse", 0, "bdq", None),
                   ("reviewer", "refuse", 0, "bdq", None)):
        ok(wanted in found, f"{wanted} in {found}")
    eq(world.campaign_get(made)["state"], "draft", "state")
    world.post(f"/campaigns/{made}/approve", user="tuan", status=409)


def check_acknowledge(world):
    made = world.post("/campaigns", {
        "name": "W", "lists": ["xa"], "text": "Song An: đàn bà họp"},
        "hoa")["id"]
    world.ctl("campaign", "check", made, user="hoa")
    world.ctl("campaign", "approve", made, user="tuan", code=1)
    world.ctl("campaign", "approve", made, "--acknowledge", "address",
              user="tuan", code=1)
    world.ctl("campaign", "approve", made, "--acknowledge", "wording",
              user="tuan")
    k = world.campaign_get(made)
    eq(k["acknowledged"], "wording", "acknowledged")
    eq([(a["user"], a["act"]) for a in k["acts"]],
       [("hoa", "check"), ("tuan", "approve")], "acts")
    world.ctl("campaign", "cancel", made, user="tuan")


def draft(world):
    made = world.post("/campaigns", {
        "name": "Không bạo lực", "lists": ["xa"], "theme": "BLPN",
        "legal_basis": "KH 47/KH-UBND", "text": COMMON}, "hoa")["id"]
    variant(world, made, MEN, "--group", "nam")
    variant(world, made, MEN_BARE, "--group", "nam", "--script", "bare")
    for text, options in ((BAHNAR, ()), (BAHNAR_MEN, ("--group", "nam"))):
        variant(world, made, text, "--language", "bdq", "--reviewer",
                "Đinh Thị Mai", *options)
    variant(world, made, JRAI, "--language", "jra", "--reviewer", "Ksor A")
    return made


def check_test_send(world, made):
    world.ctl("campaign", "test", made, user="hoa", code=1)    # a draft
    world.ctl("campaign", "check", made, user="hoa")
    world.ctl("campaign", "test", made, user="hoa", code=1)    # no phone
    world.ctl("user", "phone", "hoa", AUTHOR)
    world.ctl("campaign", "test", made, user="tuan", code=1)   # not the author
    world.ctl("campaign", "test", made, "--language", "bdq", "--group", "nam",
              user="hoa")
    eq(world.sim.wait(AUTHOR)[0]["text"],
       "[THU] Đơdrô xã Song An: hăm. 111", "the test")
    k = world.campaign_get(made)
    eq((k["state"], k["recipients"]["total"], k["spent"], k["ledger"]),
       ("checked", 0, 0, []), "a test is on no account")


def check_inboxes(world, made):
    world.wait_campaign(made, lambda c: c["recipients"]["delivered"] ==
                        len(READERS), "everybody has got it")
    for i, reader in enumerate(READERS):
        eq([m["text"] for m in world.sim.inbox(number(i))], [reader[-1]],
           f"inbox of {reader[:-1]}")
    eq(len(world.sim.inbox(AUTHOR)), 1, "texts at the author's")


def check_figures(world, made, before):
    """What was told at approval is what was sent."""
    k = world.campaign_get(made)
    eq(sum(t["people"] for t in k["texts"]), len(READERS), "people")
    eq(k["ledger"], [{"modem": k["ledger"][0]["modem"],
                      "segments": before["segments"]}], "segments")
    eq(k["spent"], before["cost"], "spent")


def check_exports(world, made):
    loud = world.ctl("campaign", "export", made, "--as", "loudspeaker",
                     user="hoa")["text"]
    for part in ("Tiếng Ba Na:\nBơngai xã Song An", "1-1-3", "Tiếng Gia Rai:"):
        ok(part in loud, f"{part!r} in {loud!r}")
    eq(world.ctl("campaign", "export", made, "--as", "banner",
                 user="tuan")["text"],
       "SONG AN: MỜI HỌP SONG AN\n", "banner")
    ok("Căn cứ: KH 47/KH-UBND" in world.ctl(
        "campaign", "export", made, "--as", "press", user="hoa")["text"],
       "press")


def scenario(world):
    world.sim.call("report", mode="on", ms=30)
    import_readers(world)
    check_lint(world)
    check_acknowledge(world)
    made = draft(world)
    check_test_send(world, made)
    world.post(f"/campaigns/{made}/approve", user="tuan")
    before = world.campaign_get(made)["estimate"]
    eq(before["recipients"], len(READERS), "recipients")
    world.post(f"/campaigns/{made}/start", user="tuan")
    check_inboxes(world, made)
    check_figures(world, made, before)
    check_exports(world, made)


tincay.main(scenario, air=20)
