# SPDX-License-Identifier: GPL-2.0-or-later
"""The same simulated modem driven by gammu-smsd (files), smstools and kannel:
40 texts queued, one cry for help in the middle, answered by the shortest script
that the program can be given; and one more when nothing is queued."""
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.parse
import urllib.request

from figures import absent, air_used_percent, reply_latency_ms, row, tincay

COUNT = 40
AIR_MS = 300
DEADLINE = 180
TEXT = "Moi ba con du le phat dong tai nha van hoa xa"
REPLY = "Chung toi da nhan duoc tin nhan"


def people():
    return [tincay.phone(200 + i) for i in range(COUNT)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port):
    def connects():
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0
    tincay.eventually(connects, f"port {port} is open")


class Peer:
    """One program in a folder of its own."""
    programs = ()

    def __init__(self, folder, device):
        self.dir = folder
        self.device = device
        self.running = []

    @classmethod
    def missing(cls):
        return [p for p in cls.programs if shutil.which(p) is None]

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def run(self, *argv):
        log = open(self.path(os.path.basename(argv[0]) + ".out"), "wb")
        with log:
            self.running.append(subprocess.Popen(
                argv, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True))

    def stop(self):
        for process in reversed(self.running):
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self):
        raise NotImplementedError

    def queue(self, number):
        raise NotImplementedError


class GammuSmsd(Peer):
    name = "gammu-smsd"
    programs = ("gammu-smsd",)

    def start(self):
        for folder in ("in", "out", "sent", "error"):
            os.mkdir(self.path(folder))
        hook = self.write("hook", f"""#!/bin/sh
echo '{REPLY}' >{self.dir}/reply
exec mv {self.dir}/reply "{self.dir}/out/OUTA20260101_000000_00_${{SMS_1_NUMBER}}_r.txt"
""", 0o755)
        conf = self.write("smsdrc", f"""[gammu]
device = {self.device}
connection = at
[smsd]
service = files
logfile = {self.dir}/smsd.log
debuglevel = 0
inboxpath = {self.dir}/in/
outboxpath = {self.dir}/out/
sentsmspath = {self.dir}/sent/
errorsmspath = {self.dir}/error/
runonreceive = {hook}
commtimeout = 1
sendtimeout = 30
receivefrequency = 0
checksecurity = 0
checkbattery = 0
checksignal = 0
checknetwork = 0
""")
        self.run("gammu-smsd", "-c", conf)

    def queue(self, number):
        self.write("queued", TEXT)
        os.rename(self.path("queued"), self.path(
            "out", f"OUTZ20260101_000000_00_{number}_q.txt"))


class Smstools(Peer):
    name = "smstools"
    programs = ("smsd",)

    def start(self):
        for folder in ("outgoing", "checked", "incoming", "failed", "sent"):
            os.mkdir(self.path(folder))
        hook = self.write("hook", f"""#!/bin/sh
[ "$1" = RECEIVED ] || exit 0
from=$(sed -n 's/^From: //p' "$2" | head -1)
printf 'To: %s\\nPriority: HIGH\\n\\n{REPLY}' "$from" >{self.dir}/reply
exec mv {self.dir}/reply "{self.dir}/outgoing/reply.$from"
""", 0o755)
        conf = self.write("smsd.conf", f"""devices = GSM1
outgoing = {self.dir}/outgoing
checked = {self.dir}/checked
incoming = {self.dir}/incoming
failed = {self.dir}/failed
sent = {self.dir}/sent
logfile = {self.dir}/smsd.log
infofile = {self.dir}/smsd.working
pidfile = {self.dir}/smsd.pid
stats = {self.dir}
delaytime = 1
delaytime_mainprocess = 1
receive_before_send = yes
eventhandler = {hook}
[GSM1]
device = {self.device}
baudrate = 115200
incoming = high
check_network = 0
max_continuous_sending = 0
""")
        self.run("smsd", "-t", "-c", conf)

    def queue(self, number):
        self.write("queued", f"To: {number.lstrip('+')}\n\n{TEXT}")
        os.rename(self.path("queued"), self.path("outgoing", number))


class Kannel(Peer):
    name = "kannel"
    programs = ("bearerbox", "smsbox")

    def start(self):
        admin, box, self.port = free_port(), free_port(), free_port()
        conf = self.write("kannel.conf", f"""group = core
admin-port = {admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = {box}
box-allow-ip = 127.0.0.1
log-file = {self.dir}/bearerbox.log
log-level = 1
store-type = file
store-location = {self.dir}/store

group = smsc
smsc = at
smsc-id = m1
modemtype = auto
device = {self.device}
speed = 115200
my-number = +84900000901
sim-buffering = true

group = modems
id = generic
name = Generic
detect-string = "TC-SIM"
init-string = "AT+CNMI=2,1,0,0,0"
message-storage = SM

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {self.port}
global-sender = 900000901
log-file = {self.dir}/smsbox.log
log-level = 1

group = sendsms-user
username = bench
password = bench
user-allow-ip = 127.0.0.1

group = sms-service
keyword = default
catch-all = true
max-messages = 1
text = "{REPLY}"
""")
        self.run("bearerbox", conf)
        wait_port(box)
        self.run("smsbox", conf)
        wait_port(self.port)

    def queue(self, number):
        url = f"http://127.0.0.1:{self.port}/cgi-bin/sendsms?" + \
            urllib.parse.urlencode({"username": "bench", "password": "bench",
                                    "to": number, "text": TEXT})
        with urllib.request.urlopen(url, timeout=10) as reply:
            reply.read()


def on_air(sim, count, what):
    tincay.eventually(lambda: len(sim.journal("air_end")) >= count, what,
                      timeout=DEADLINE)


def measure(peer, sim):
    """The campaign with help in its middle, then help alone."""
    for number in people():
        peer.queue(number)
    tincay.eventually(lambda: len(sim.air()) >= COUNT // 2,
                      f"{peer.name} sends", timeout=DEADLINE)
    busy, idle = tincay.phone(100), tincay.phone(101)
    sim.text(busy, "Giup toi")
    on_air(sim, COUNT + 1, f"{peer.name} is done")
    used = air_used_percent(sim)
    sim.text(idle, "Giup toi")
    on_air(sim, COUNT + 2, f"{peer.name} answers when idle")
    row(f"{peer.name}: air time used, 0.3 s, 1 modem", f"{used:.1f}", "%",
        COUNT + 1, "")
    row(f"{peer.name}: help behind a full queue",
        f"{reply_latency_ms(sim, busy, 'stored'):.0f}", "ms", 1, "")
    row(f"{peer.name}: help answered, idle",
        f"{reply_latency_ms(sim, idle, 'stored'):.0f}", "ms", 1, "")


def bench_peer(kind, build, kit):
    missing = kind.missing()
    if missing:
        absent(f"{kind.name}", f"{' and '.join(missing)} not installed")
        return
    world = tincay.World(build, kit, modems=1, air=AIR_MS)
    folder = tempfile.mkdtemp(prefix="peer-", dir=world.dir)
    peer = kind(folder, os.path.join(world.dir, "sim", "modem1"))
    try:
        world.start_sim()
        peer.start()
        measure(peer, world.sim)
    except tincay.Failure as e:
        absent(f"{kind.name}", str(e))
    finally:
        peer.stop()
        world.sim.stop()
        shutil.rmtree(world.dir)


def bench_peers(build, kit):
    for kind in (GammuSmsd, Smstools, Kannel):
        bench_peer(kind, build, kit)
