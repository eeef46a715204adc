# SPDX-License-Identifier: GPL-2.0-or-later
"""A day in the commune. Each scene does what people would do, checks what came
of it on the phones, on the air and in the queues, and tells it."""
import subprocess
import time

from screen import OFFICIAL, SYSTEM, VILLAGER, phone
from world import DEADLINE_S, Failed, wait_for

M1, M2 = "+84900000901", "+84900000902"
CALLER, WOMAN, SUBSCRIBER = "+84900000105", "+84900000104", "+84900000106"
DIALLER = "+84900000107"
ASKING = (("+84900000101", M1, "Giúp tôi"),
          ("+84900000102", M2, "giup toi"),
          ("+84900000103", M1, "Giups tooi"))  # Telex, input method off
MEMBERS = [f"+84900000{n}" for n in range(201, 241)]
TIRED = MEMBERS[-1]  # has had enough of it
INVITATION = ("Song An: 14h Chủ nhật họp thôn về bình đẳng giới. "
              "Mời cả vợ chồng.")
THANKS = "Da nhan. Xin cam on."
SOS_AFTER = 12  # campaign segments


def modem_name(number):
    return "modem1" if number == M1 else "modem2"


def check(fact, otherwise):
    if not fact:
        raise Failed(otherwise)


class Day:
    def __init__(self, world, screen, journal):
        self.world, self.screen, self.journal = world, screen, journal
        self.replies = []  # (number, text, cmti us, air us, deliver us)
        self.campaign = None
        self.scenes = (
            (9, 0, "Ba người xin giúp, mỗi người gõ một kiểu", self.help),
            (9, 20, "Chị chọn giờ được gọi lại", self.choose_hour),
            (10, 15, "Một người đăng ký nhận tin", self.subscribe),
            (11, 0, "Bấm mã USSD: không để lại tin nào trong máy", self.dial),
            (14, 0, "Hội họp thôn: 41 người, hai người duyệt", self.prepare),
            (14, 30, "Tin đi; một tin SOS chen vào giữa", self.send),
            (16, 30, "Cuộc gọi nhỡ", self.missed_call),
        )

    def play(self):
        for hour, minute, title, act in self.scenes:
            self.world.clock.set_hour(hour, minute)
            self.screen.scene(title)
            try:
                act()
                self.world.check_alive()
            except Failed as e:
                raise Failed(f"bước “{title}”: {e}")
        self.figures()

    # --- what people do ---

    def text(self, number, to, text):
        """A villager writes; the time at which she does."""
        self.screen.say(VILLAGER, f"{phone(number)} nhắn:", text)
        since = time.time_ns() // 1000
        self.world.sim("text", number, modem_name(to), text)
        return since

    def reply(self, number, to, text, since):
        """The reply on her phone: from the number that she wrote to."""
        find = self.journal.wait
        came = find("tin đến modem", since, ev="cmti", **{"from": number})
        air = find(f"trả lời cho {phone(number)}", came["t"],
                   ev="air_start", to=number)
        there = find(f"trả lời tới máy {phone(number)}", air["t"],
                     ev="deliver", to=number)
        check(there["from"] == to, f"{phone(number)} được trả lời từ số khác")
        self.replies.append((number, text, came["t"], air["t"], there["t"]))
        return air, (air["t"] - came["t"]) // 1000, \
            (there["t"] - came["t"]) // 1000

    def answered(self, number, to, text, since):
        air, gone, there = self.reply(number, to, text, since)
        self.screen.say(SYSTEM, f"trả lời {phone(number)} sau {gone} ms, "
                        f"tới máy sau {there} ms:", air["text"])
        return air["text"]

    def watch(self, user, agency):
        """The handler waits at the queue, from now on."""
        now = self.world.ctl("case", "queue", agency, user=user)
        return self.world.ctl_background(
            "case", "queue", agency, "--after", now["cursor"], "--wait", "30",
            user=user)

    def seen(self, watch, since, agency):
        """The case that the watching handler got."""
        cases = watch.result(f"vụ việc trong hàng đợi {agency}")["cases"]
        check(len(cases) == 1, f"hàng đợi {agency}: {len(cases)} vụ, phải là 1")
        came = self.journal.find(since)[0]["t"]
        ms = (watch.ended_us - came) // 1000
        case = cases[0]
        self.screen.say(OFFICIAL, f"{agency} đang chờ, thấy vụ {case['code']} "
                        f"mức U{case['urgency']} sau {ms} ms")
        return case["code"]

    def shown(self, user, agency, code):
        return self.world.ctl(
            "case", "show", code, "--key",
            self.world.root / "keys" / f"{agency}.key", "--passphrase-file",
            self.world.secret(f"{agency}.pass"), user=user)

    def open_case(self, user, agency, code, number, text, kind="sms"):
        """With the agency's key, which the daemon does not have."""
        item = self.shown(user, agency, code)["texts"][-1]
        check(item["number"] == number and item["kind"] == kind and
              item["text"] == text, f"vụ {code} không giữ đúng tin đã nhắn")
        self.screen.say(OFFICIAL, f"{user} mở {code} bằng khóa {agency}: "
                        f"{phone(number)}" + ("" if text else ", gọi nhỡ"),
                        text or None)

    def claim(self, user, code):
        case = self.world.ctl("case", "claim", code, user=user)
        check(case["state"] == "claimed" and case["claimed_by"] == user,
              f"{user} không nhận được vụ {code}")

    def close_case(self, user, code, outcome):
        case = self.world.ctl("case", "close", code, "--outcome", outcome,
                              user=user)
        check(case["state"] == "closed", f"vụ {code} không đóng được")

    # --- the scenes ---

    def help(self):
        number, to, text = ASKING[0]
        watch = self.watch("lan", "HPN")
        since = self.text(number, to, text)
        neutral = {self.answered(number, to, text, since)}
        code = self.seen(watch, since, "HPN")
        self.open_case("lan", "HPN", code, number, text)
        self.claim("lan", code)
        self.close_case("lan", code, "helped")
        self.screen.say(OFFICIAL, f"lan nhận, gọi lại, rồi đóng {code}: helped")
        for number, to, text in ASKING[1:]:
            watch = self.watch("lan", "HPN")
            since = self.text(number, to, text)
            neutral.add(self.answered(number, to, text, since))
            code = self.seen(watch, since, "HPN")
            self.open_case("lan", "HPN", code, number, text)
            self.claim("lan", code)
        check(len(neutral) == 1, "ba người nhận ba câu trả lời khác nhau")

    def choose_hour(self):
        """Asked when to call, she answers; the handler sees it with its date."""
        number, to, _ = ASKING[1]
        since = self.text(number, to, "GOI 15")
        thanks = self.answered(number, to, "GOI 15", since)
        check(thanks == THANKS, f"trả lời giờ gọi lại: {thanks}")
        case = self.case_of("lan", "HPN", number)
        self.show_hours(case, self.world.clock.date() + " 15:00-16:00")

    def show_hours(self, shown, wanted):
        hours = shown["texts"][-1]["callback"]
        check(hours == wanted, f"giờ gọi lại: {hours}, phải là {wanted}")
        self.screen.say(OFFICIAL, f"lan thấy giờ nên gọi: {hours}")

    def case_of(self, user, agency, number):
        """The case of this number, found as a handler finds it: by opening."""
        queue = self.world.ctl("case", "queue", agency, user=user)["cases"]
        for case in queue:
            shown = self.shown(user, agency, case["code"])
            if shown["texts"][-1]["number"] == number:
                return shown
        raise Failed(f"không thấy vụ của {phone(number)} ở {agency}")

    def dial(self):
        """Menus step by step; the wish is kept the moment it is chosen."""
        watch = self.watch("lan", "HPN")
        since = time.time_ns() // 1000
        self.screen.say(VILLAGER, f"{phone(DIALLER)} bấm *999#")
        path = ""
        for key in ("", "2", "16"):
            path = path + "*" + key if path else key
            screen = self.world.dial("s1", DIALLER, path)
            self.screen.say(SYSTEM, f"bấm {key}:" if key else "màn hình:",
                            screen.split(" ", 1)[1].replace("\n", " / "))
        check(screen.startswith("END "), f"phiên USSD không kết thúc: {screen}")
        code = watch.result("vụ việc trong hàng đợi HPN")["cases"][0]["code"]
        self.show_hours(self.shown("lan", "HPN", code),
                        self.world.clock.date() + " 16:00-17:00")
        check(not self.journal.find(since, ev="air_start", to=DIALLER),
              "có tin gửi tới máy bấm USSD")
        self.screen.say(SYSTEM, f"{phone(DIALLER)} không nhận tin nào")

    def subscribe(self):
        for text in ("DK", "Có"):
            since = self.text(SUBSCRIBER, M2, text)
            self.answered(SUBSCRIBER, M2, text, since)
        people = self.world.ctl("people", "list", user="minh")["people"]
        check(len(people) == 1 and people[0]["consent"],
              "người đăng ký không có trong danh sách đã đồng ý")
        self.screen.say(OFFICIAL, "minh thấy người mới trong danh sách, số "
                        f"bị che: {people[0]['number']}")

    def prepare(self):
        ctl, say = self.world.ctl, self.screen.say
        csv = self.world.root / "members.csv"
        csv.write_text("so_dien_thoai,nguon_dong_y,ngay_dong_y,nguoi_thu,thon\n" +
                       "".join(f"{n},phiếu,01/11/2026,Minh,Thôn {i % 4 + 1}\n"
                               for i, n in enumerate(MEMBERS)))
        done = ctl("people", "import", csv, "--list", "toanxa", user="minh")
        check(done["added"] == len(MEMBERS), f"nhập CSV: {done}")
        ctl("list", "add", "toanxa", "--number", SUBSCRIBER, user="minh")
        say(OFFICIAL, f"minh nhập {done['added']} người đã ký phiếu đồng ý, "
            "thêm người vừa đăng ký")
        self.campaign = ctl("campaign", "new", "Họp thôn", "--list", "toanxa",
                            "--text", INVITATION, user="minh")["id"]
        drafted = ctl("campaign", "check", self.campaign, user="minh")
        say(OFFICIAL, f"minh soạn tin có dấu, {drafted['segments']} đoạn:",
            INVITATION)
        self.approve()
        since = self.text(TIRED, M1, "TC")
        self.answered(TIRED, M1, "TC", since)

    def approve(self):
        refused = self.world.ctl_run(
            ["campaign", "approve", self.campaign], user="minh")
        check(refused.returncode == 1, "người soạn tự duyệt được tin của mình")
        self.screen.say(OFFICIAL, "minh tự duyệt: bị từ chối, người soạn "
                        "không được duyệt")
        approved = self.world.ctl("campaign", "approve", self.campaign,
                                  user="hoa")
        total = approved["recipients"]["total"]
        check(approved["state"] == "approved" and
              total == len(MEMBERS) + 1, f"duyệt: {approved}")
        self.screen.say(OFFICIAL, f"hoa duyệt: {total} người nhận, từ giờ chỉ "
                        "bớt, không thêm")

    def send(self):
        began = time.time_ns() // 1000
        watch = self.watch("duc", "CAX")
        self.world.ctl("campaign", "start", self.campaign, user="hoa")
        self.screen.say(OFFICIAL, "hoa cho gửi: tincayctl campaign show "
                        f"{self.campaign} --follow")
        follow = self.follow()
        wait_for(f"{SOS_AFTER} tin chiến dịch đã đi", lambda: len(
            self.journal.find(began, ev="air_start")) >= SOS_AFTER)
        since = self.text(WOMAN, M1, "SOS")
        air, _, _ = self.reply(WOMAN, M1, "SOS", since)
        self.overtook(began, air)
        code = self.seen(watch, since, "CAX")
        self.open_case("duc", "CAX", code, WOMAN, "SOS")
        self.claim("duc", code)
        self.screen.say(OFFICIAL, f"duc nhận {code} và lên đường")
        try:
            follow.wait(DEADLINE_S * 3)
        except subprocess.TimeoutExpired:
            raise Failed("chiến dịch không xong")
        self.screen.has_bar = False
        check(follow.returncode == 0, "tincayctl campaign show --follow")
        self.account(began)

    def follow(self):
        """tincayctl draws its bar on our terminal, or writes lines."""
        self.screen.has_bar = True
        argv = self.world.ctl_argv(["campaign", "show", self.campaign,
                                    "--follow", "--interval", "1"], "hoa")
        process = subprocess.Popen(argv, env=self.world.environ,
                                   stdin=subprocess.DEVNULL)
        self.world.clients.append(process)
        return process

    def overtook(self, began, air):
        """The place of the SOS on the air, and who was behind it."""
        _, _, came, gone, there = self.replies[-1]
        sent = self.journal.find(began, ev="air_start")
        before = [e for e in sent if e["t"] < gone]
        between = [e for e in before if e["t"] > came and
                   e["modem"] == air["modem"]]
        left = len(MEMBERS) - len(before)
        check(left > 0, "SOS không vượt được ai: chiến dịch đã xong")
        check(len(between) <= 1, f"{len(between)} tin chiến dịch đi trước SOS")
        self.screen.say(
            SYSTEM, f"trả lời SOS sau {(gone - came) // 1000} ms, tới máy sau "
            f"{(there - came) // 1000} ms: thứ {len(before) + 1} trên sóng, "
            f"vượt {left} tin chiến dịch đang chờ", air["text"])

    def account(self, began):
        """Every member of the list, on the phones and in the books."""
        counts = self.world.ctl("campaign", "show", self.campaign,
                                user="hoa")["recipients"]
        self.counts = dict(counts)
        total = self.counts.pop("total")
        check(total == sum(self.counts.values()) == len(MEMBERS) + 1,
              f"sổ chiến dịch không khớp danh sách: {counts}")
        check(self.counts["delivered"] == len(MEMBERS) and
              self.counts["suppressed"] == 1, f"sổ chiến dịch: {counts}")
        for number in MEMBERS + [SUBSCRIBER]:
            got = [m for m in self.world.inbox(number)
                   if m["text"] == INVITATION]
            want = 0 if number == TIRED else 1
            check(len(got) == want and not any(m["duplicates"] for m in got),
                  f"{phone(number)} nhận {len(got)} tin mời, phải là {want}")
        self.air = [e for e in self.journal.find(began)
                    if e["ev"] in ("air_start", "air_end")]
        self.screen.say(SYSTEM, f"{len(MEMBERS)} máy nhận đúng một tin; "
                        f"{phone(TIRED)} đã nhắn TC sau khi duyệt: không nhận")

    def missed_call(self):
        watch = self.watch("lan", "HPN")
        since = time.time_ns() // 1000
        self.screen.say(VILLAGER, f"{phone(CALLER)} gọi vào số của xã")
        self.world.sim("call", CALLER, modem_name(M2), "--seconds", "5")
        ring = self.journal.wait("chuông", since, ev="call", state="ring")
        over = self.journal.wait("máy ngắt cuộc gọi", since, ev="call",
                                 state="hung up")
        self.screen.say(SYSTEM, "không nhấc máy, ngắt sau "
                        f"{(over['t'] - ring['t']) // 1000} ms: người gọi "
                        "không mất tiền")
        code = self.seen(watch, ring["t"], "HPN")
        self.open_case("lan", "HPN", code, CALLER, "", kind="call")
        self.claim("lan", code)
        self.close_case("lan", code, "helped")
        self.screen.say(OFFICIAL, f"lan gọi lại, đóng {code}: helped")
        check(not self.world.inbox(CALLER), "có tin gửi tới máy gọi nhỡ")

    # --- the figures ---

    def figures(self):
        screen = self.screen
        screen.write("\n" + screen.paint("1", "── Số liệu của ngày"))
        screen.table(
            ["Người nhắn", "Tin", "Trả lời lên sóng sau", "Tới máy sau"],
            [[phone(n), text, f"{(air - came) // 1000} ms",
              f"{(there - came) // 1000} ms"]
             for n, text, came, air, there in self.replies])
        total = sum(self.counts.values())
        words = {"delivered": "đã tới", "suppressed": "đã từ chối nhận"}
        parts = [f"{n} {words.get(state, state)}"
                 for state, n in self.counts.items() if n]
        screen.write(f"\n  Chiến dịch: {total} người trong danh sách = " +
                     " + ".join(parts))
        for modem in (1, 2):
            screen.write("  " + self.air_line(modem))

    def air_line(self, modem):
        begins = [e["t"] for e in self.air
                  if e["ev"] == "air_start" and e["modem"] == modem]
        ends = [e["t"] for e in self.air
                if e["ev"] == "air_end" and e["modem"] == modem]
        used = sum(ends) - sum(begins)
        span = max(ends) - min(begins)
        return (f"Sóng của modem {modem} khi gửi: {len(ends)} đoạn trong "
                f"{span / 1e6:.1f} giây, dùng {100 * used / span:.1f} %")
