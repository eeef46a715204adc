# SPDX-License-Identifier: GPL-2.0-or-later
"""The commune of the demo: its folder, its keys and users, tincayd and
tincay-sim, and how to talk to them. Everything that is started here is ended
here, by its process id."""
import concurrent.futures
import datetime
import fcntl
import json
import math
import os
import pathlib
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

ZONE = datetime.timezone(datetime.timedelta(hours=7))
DEADLINE_S = 20
SOCKET_PATH_MAX = 100  # sun_path holds 108

# Who works here: name, agency, roles. minh may approve, but not his own.
USERS = (
    ("lan", "HPN", "handler"),
    ("duc", "CAX", "handler"),
    ("truc", "TRIAGE", "handler"),
    ("minh", "VHXH", "drafter,approver"),
    ("hoa", "UBND", "approver"),
)
SIMULATED = (("m1", "+84900000901"), ("m2", "+84900000902"))


class Failed(Exception):
    """Something did not happen; the text says what, for people."""


class Refused(Failed):
    """Nothing was begun: what was asked for cannot be."""


def wait_for(what, look, seconds=DEADLINE_S):
    """The first true value of look(), or Failed."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"chờ {seconds} giây mà không thấy: {what}")
        time.sleep(0.01)


class Clock:
    """The driven clock: seconds to add, in a file that the programs map."""

    def __init__(self, path):
        self.path = path
        if not path.exists():
            path.write_bytes(struct.pack("<q", 0))
        self.offset = struct.unpack("<q", path.read_bytes())[0]

    def now(self):
        return datetime.datetime.fromtimestamp(time.time() + self.offset, ZONE)

    def text(self):
        return self.now().strftime("%H:%M:%S")

    def date(self):
        """As tincay writes it: "T3 10/03"."""
        now = self.now()
        return ("T2", "T3", "T4", "T5", "T6", "T7",
                "CN")[now.weekday()] + now.strftime(" %d/%m")

    def set(self, when):
        self.offset = math.ceil(when.timestamp() - time.time())
        with open(self.path, "r+b", buffering=0) as file:
            file.write(struct.pack("<q", self.offset))

    def set_hour(self, hour, minute=0):
        self.set(self.now().replace(hour=hour, minute=minute, second=0,
                                    microsecond=0))

    def start_today(self):
        """A little before the first scene: clocks do not go back."""
        today = datetime.datetime.now(ZONE)
        self.set(today.replace(hour=8, minute=45, second=0))

    def go_on(self):
        """Time since the last run counts; at night the next morning comes."""
        now = self.now()
        morning = now.replace(hour=9, minute=0, second=0)
        if now.hour >= 20:
            self.set(morning + datetime.timedelta(days=1))
        elif now.hour < 8:
            self.set(morning)


class Journal:
    """What the simulator saw. Times are microseconds of the real time."""

    def __init__(self, path):
        self.path = path
        self.at = 0
        self.events = []

    def read(self):
        with open(self.path, "rb") as file:
            file.seek(self.at)
            lines = file.read().splitlines(keepends=True)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            self.at += len(line)
            event = json.loads(line)
            if event["ev"] not in ("rx", "tx"):
                self.events.append(event)
        return self.events

    def find(self, since=0, **fields):
        return [e for e in self.read() if e["t"] >= since and
                all(e.get(key) == value for key, value in fields.items())]

    def wait(self, what, since=0, **fields):
        return wait_for(what, lambda: self.find(since, **fields))[0]


class Background:
    """A tincayctl that waits for something, and when it was done (us)."""

    def __init__(self, process):
        self.process = process
        self.ended_us = 0
        self.out = self.err = ""
        self.thread = threading.Thread(target=self.collect, daemon=True)
        self.thread.start()

    def collect(self):
        self.out, self.err = self.process.communicate()
        self.ended_us = time.time_ns() // 1000

    def result(self, what):
        self.thread.join(DEADLINE_S)
        if self.thread.is_alive():
            raise Failed(f"chờ {DEADLINE_S} giây mà không thấy: {what}")
        if self.process.returncode != 0:
            raise Failed(f"{what}: {self.err.strip()}")
        return json.loads(self.out)


class World:
    def __init__(self, top, build, state):
        self.top, self.build, self.root = top, build, state
        self.processes = []  # (name, Popen) that must stay up
        self.clients = []    # Popen of each tincayctl that waits
        self.link = None     # a short name of the folder, for sockets
        self.lock = None
        self.environ = dict(os.environ)
        self.environ.pop("TINCAY_CLOCK", None)
        self.environ.pop("TINCAY_TOKEN_FILE", None)
        self.clock = None
        self.port = None
        self.typed = {}      # ".pass", ".pw": file with what a person typed

    # --- the folder ---

    def open(self, fresh):
        """Take the folder for this run; fresh: the old database goes."""
        root, mark = self.root, self.root / "lock"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(root, os.W_OK | os.X_OK):
            raise Refused(f"không ghi được vào thư mục {root}; "
                         "chọn thư mục khác bằng --state")
        if not mark.exists() and any(root.iterdir()):
            raise Refused(f"{root} đã có nội dung khác; chọn một thư mục trống")
        self.lock = open(mark, "a")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"một scripts/run khác đang dùng {root}; dừng nó bằng "
                         "Ctrl-C, hoặc chọn thư mục khác bằng --state")
        self.clear(fresh)
        self.clock = Clock(root / "clock")
        self.environ["TINCAY_SOCKET"] = str(self.short() / "c.sock")
        if not (root / "data.key").exists():
            self.run([self.program("tincayd"), "--new-key", root / "data.key"])

    def clear(self, fresh):
        for name in ("sim", "log") + (("db", "tokens") if fresh else ()):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for name in ("sim", "log", "tokens", "db", "keys", "secret"):
            (self.root / name).mkdir(mode=0o700, exist_ok=True)

    def short(self):
        """The folder by a name that leaves room for a socket's name."""
        if len(str(self.root).encode()) + len("/sim/control.sock") < SOCKET_PATH_MAX:
            return self.root
        if self.link is None:
            self.link = pathlib.Path(tempfile.mkdtemp(prefix="tincay-")) / "s"
            self.link.symlink_to(self.root)
        return self.link

    def program(self, name):
        return self.build / name

    def secret(self, name):
        """A file with a password: what was typed, or one made once."""
        path = self.typed.get(pathlib.Path(name).suffix,
                              self.root / "secret" / name)
        if not path.exists():
            path.write_text(secrets.token_urlsafe(18) + "\n")
        return path

    def knows(self, name):
        return pathlib.Path(name).suffix in self.typed or \
            (self.root / "secret" / name).exists()

    def write_conf(self, modems, port):
        self.port = port
        lines = [
            f'state_dir = "{self.root}/db"',
            f'content_dir = "{self.top}/etc"',
            f'listen = "127.0.0.1:{port}"',
            f'control = "{self.environ["TINCAY_SOCKET"]}"',
            f'key_source = "file:{self.root}/data.key"',
            f'modem_program = "{self.program("tincay-modem")}"',
            f'ussd_secret_file = "{self.secret("ussd.gate")}"',
        ]
        for name, device, number in modems:
            lines.append(f'modem "{name}" {{\n\tdevice = "{device}"')
            if number:
                lines.append(f'\tnumber = "{number}"')
            lines.append("\tper_minute = 0\n\tper_hour = 0\n\tper_day = 0")
            lines.append("}")
        (self.root / "tincay.conf").write_text("\n".join(lines) + "\n")

    def check_conf(self):
        self.run([self.program("tincayd"), "-c", self.root / "tincay.conf",
                  "-t"])

    def write_env(self):
        (self.root / "env").write_text(
            f'PATH="{self.build}:$PATH"\n'
            f'TINCAY_SOCKET="{self.environ["TINCAY_SOCKET"]}"\n'
            f'SIM="{self.short()}/sim"\n'
            f'T="{self.root}/tokens"\nK="{self.root}/keys"\n'
            f'S="{self.root}/secret"\n'
            "export PATH TINCAY_SOCKET SIM T K S\n")

    # --- processes ---

    def start(self, name, argv, log):
        """Start a program that ends with us, whatever ends us."""
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *map(str, argv)],
            env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True)
        self.processes.append((name, process))
        return process

    def start_sim(self, air_ms):
        self.environ["TINCAY_CLOCK"] = str(self.clock.path)
        with open(self.root / "log/sim.log", "wb") as log:
            sim = self.start("tincay-sim", [
                self.program("tincay-sim"), "--dir", self.short() / "sim",
                "--modems", len(SIMULATED), "--air", air_ms], log)
        self.wait_up(sim, "tincay-sim", lambda: self.sim_is_up())
        self.write_conf([(name, self.short() / f"sim/modem{n}", number)
                         for n, (name, number) in enumerate(SIMULATED, 1)],
                        free_port())

    def sim_is_up(self):
        return self.run([self.program("tincay-sim"), "status", "--dir",
                         self.short() / "sim"], check=False).returncode == 0

    def start_daemon(self):
        with open(self.root / "log/tincayd.log", "wb") as log:
            daemon = self.start("tincayd", [
                self.program("tincayd"), "-c", self.root / "tincay.conf"], log)
        self.wait_up(daemon, "tincayd", lambda: self.ctl_run(
            ["--json", "status"]).returncode == 0)
        return daemon

    def wait_up(self, process, name, is_up):
        def look():
            if process.poll() is not None:
                raise Failed(f"{name} không khởi động được "
                             f"(mã {process.returncode})")
            return is_up()
        wait_for(f"{name} sẵn sàng", look)

    def check_alive(self):
        for name, process in self.processes:
            if process.poll() is not None:
                raise Failed(f"{name} đã dừng (mã {process.returncode})")

    def close(self):
        """End what was started, the youngest first."""
        while self.clients or self.processes:
            process = self.clients.pop() if self.clients else \
                self.processes.pop()[1]
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.link is not None:
            self.link.unlink()
            self.link.parent.rmdir()
            self.link = None
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    # --- talking ---

    def run(self, argv, check=True):
        argv = [str(a) for a in argv]
        done = subprocess.run(argv, env=self.environ, text=True,
                              encoding="utf-8", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if check and done.returncode != 0:
            raise Failed(f"{os.path.basename(argv[0])} {argv[1]}: "
                         f"{done.stderr.strip()}")
        return done

    def ctl_argv(self, args, user=None):
        token = ["--token-file", self.root / "tokens" / user] if user else []
        return [str(a) for a in (self.program("tincayctl"), *token, *args)]

    def ctl_run(self, args, user=None):
        done = self.run(self.ctl_argv(args, user), check=False)
        with open(self.root / "log/ctl.log", "a", encoding="utf-8") as log:
            words = " ".join(str(a) for a in args)
            log.write(f"{self.clock.text()} {user or 'setup'}: {words}\n"
                      f"\texit {done.returncode} {done.stderr.strip()}\n")
        return done

    def ctl(self, *args, user=None):
        """tincayctl --json ARGS as that user: its answer, or Failed."""
        done = self.ctl_run(["--json", *args], user)
        if done.returncode != 0:
            raise Failed(f"tincayctl {args[0]} {args[1]} ({user or 'setup'}): "
                         f"{done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def ctl_background(self, *args, user):
        process = subprocess.Popen(
            self.ctl_argv(["--json", *args], user), env=self.environ,
            text=True, encoding="utf-8", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.clients.append(process)
        return Background(process)

    def sim(self, verb, *args):
        done = self.run([self.program("tincay-sim"), verb, "--dir",
                         self.short() / "sim", "--json", *args])
        return json.loads(done.stdout)

    def dial(self, session, number, path):
        """What an operator's gateway does for somebody who dials."""
        secret = self.secret("ussd.gate").read_text().strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/ussd",
            urllib.parse.urlencode({"sessionId": session, "text": path,
                                    "phoneNumber": number}).encode(),
            {"Authorization": "Bearer " + secret})
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
                return answer.read().decode()
        except OSError as e:
            raise Failed(f"/ussd: {e}")

    def inbox(self, number):
        return self.sim("inbox", number)["messages"]

    # --- keys and users ---

    def missing_keys(self):
        missing = self.ctl("status")["missing"]
        return [m.split()[1] for m in missing if m.startswith("key ")]

    def make_key(self, agency):
        key = self.root / "keys" / f"{agency}.key"
        if key.exists() and not self.knows(f"{agency}.pass"):
            raise Failed(f"{key} đã có, mật khẩu do bạn đặt: hãy nhập lại")
        self.ctl("key", "new", agency, "--out", key,
                 "--passphrase-file", self.secret(f"{agency}.pass"))

    def make_keys(self):
        """Registers the agencies' keys; a private half is made only once."""
        agencies = self.missing_keys()
        workers = os.cpu_count() or 1
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(self.make_key, agencies))
        return agencies

    def make_users(self):
        known = {u["name"] for u in self.ctl("user", "list")["users"]}
        for name, agency, roles in USERS:
            if name not in known:
                self.ctl("user", "add", name, "--agency", agency, "--role",
                         roles, "--password-file", self.secret(f"{name}.pw"))

    def login(self, name):
        self.ctl("login", name, "--password-file", self.secret(f"{name}.pw"),
                 user=name)

    def wait_modems(self, count):
        wait_for(f"{count} modem sẵn sàng", lambda: self.ctl(
            "status")["modems"]["ready"] >= count, 30)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def signals_end_us():
    """Signals that end a program run the clean-up first."""
    def end(number, _frame):
        raise SystemExit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
