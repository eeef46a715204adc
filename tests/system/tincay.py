# SPDX-License-Identifier: GPL-2.0-or-later
"""What the scenarios of this folder share: a world of real programs.

A scenario is a file NNN-name.py with a docstring and

    def scenario(world): ...
    tincay.main(scenario)

It gets a world in a temporary folder of its own: tincay-sim runs and tincayd
runs, both on a driven clock that stands at 09:00 of the commune, with keys,
users and sessions made once (the kit, kept in the build folder) and copied. It fails by an
exception and is skipped by Skip. Waiting always means waiting for an event,
with a deadline; the folder of a scenario that failed is kept and named.
"""
import argparse
import concurrent.futures
import ctypes
import datetime
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
CONTENT = os.path.join(HERE, "..", "..", "etc")
ZONE = datetime.timezone(datetime.timedelta(hours=7))
MORNING = datetime.datetime(2026, 3, 10, 9, 0, tzinfo=ZONE)
DEADLINE = 180         # seconds; a wait ends when its event comes
SKIPPED = 77
AGENCIES = ["RECOVERY", "TRIAGE", "HPN", "CAX", "YTE", "DCTC", "VHXH", "TPHT",
            "TRUONG", "CDX", "MTTQ", "QTDL"]
USERS = {
    "lan": ("HPN", "handler"), "mai": ("HPN", "handler"),
    "cuc": ("CAX", "handler"), "yen": ("YTE", "handler"),
    "dao": ("DCTC", "handler"), "tam": ("TRIAGE", "handler"),
    "hoa": ("VHXH", "drafter"), "tuan": ("VHXH", "approver"),
    "quan": ("VHXH", "drafter,approver"), "kim": ("UBND", "technician"),
}
HANDLERS = {"HPN": "lan", "CAX": "cuc", "YTE": "yen", "DCTC": "dao",
            "TRIAGE": "tam"}
PASSWORD = "mot mat khau dai"
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error:")

N1 = ("Da nhan tin. Can bo se goi lai vao gio ban chon. Soan GOI va gio, "
      "vi du: GOI 9. Khong can nua: soan THOI.")
N2 = "Da nhan tin. Can gap goi 113, 115 hoac 111, mien phi."
FALLBACK = "Da nhan tin. Can bo se xem va tra loi. Soan HD de xem huong dan."


class Failure(Exception):
    pass


class Skip(Exception):
    pass


def ok(good, what):
    if not good:
        raise Failure(what)


def eq(got, wanted, what):
    if got != wanted:
        raise Failure(f"{what}: got {got!r}, not {wanted!r}")


def phone(n):
    return f"+84900000{n:03d}"


def eventually(ask, what, timeout=DEADLINE):
    """Ask until the answer is true; for what nobody announces."""
    end = time.monotonic() + timeout
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"not within {timeout} s: {what}")
        time.sleep(0.01)


class Clock:
    """The file of TINCAY_CLOCK: seconds that are added to the real time."""

    def __init__(self, path):
        self.offset = 0
        self.history = []
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.set(MORNING)

    def _write(self, offset):
        self.offset = offset
        self.history.append((time.time(), offset))
        os.pwrite(self.fd, struct.pack("<q", offset), 0)

    def driven(self, t_us):
        """What the clock showed when the journal's real clock was at t_us."""
        real = t_us / 1e6
        offset = [o for at, o in self.history if at <= real][-1]
        return datetime.datetime.fromtimestamp(real + offset, ZONE)

    def set(self, when):
        self._write(int(when.timestamp()) - int(time.time()))

    def advance(self, seconds):
        self._write(self.offset + seconds)

    def now(self):
        return int(time.time()) + self.offset


class Log:
    """The standard error of a daemon and its children, line by line."""

    def __init__(self, path):
        self.lines = []
        self.file = open(path, "w", encoding="utf-8", errors="replace")
        self.changed = threading.Condition()

    def follow(self, stream):
        thread = threading.Thread(target=self._read, args=(stream,))
        thread.daemon = True
        thread.start()
        return thread

    def _read(self, stream):
        for raw in stream:
            line = raw.decode(errors="replace").rstrip("\n")
            with self.changed:
                self.lines.append(line)
                self.file.write(line + "\n")
                self.file.flush()
                self.changed.notify_all()
        stream.close()

    def mark(self):
        return len(self.lines)

    def find(self, pattern, since=0):
        return [line for line in self.lines[since:]
                if re.search(pattern, line)]

    def wait(self, pattern, since=0, count=1, timeout=DEADLINE):
        with self.changed:
            if not self.changed.wait_for(
                    lambda: len(self.find(pattern, since)) >= count, timeout):
                raise Failure(f"the log does not say {pattern!r}")
            return self.find(pattern, since)


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Sim:
    """A running tincay-sim: its control socket and its journal."""

    def __init__(self, world, modems, options):
        self.dir = os.path.join(world.dir, "sim")
        self.entries = []       # of the journal, as far as it was read
        self.offset = 0
        self.lock = threading.Lock()
        self.log = open(os.path.join(world.dir, "sim.log"), "wb")
        self.process = subprocess.Popen(
            [world.program("tincay-sim"), "--dir", self.dir,
             "--modems", str(modems)] + options, stdout=subprocess.PIPE,
            stderr=self.log, env=world.environment())
        ok(self.process.stdout.readline() == b"ready\n",
           "tincay-sim does not start")
        self.process.stdout.close()

    def call(self, verb, **fields):
        """One request; the answer, or Failure when it is refused."""
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(2 * DEADLINE)
        sock.connect(os.path.join(self.dir, "control.sock"))
        with sock, sock.makefile("rwb") as f:
            f.write(json.dumps({"do": verb, **fields}).encode() + b"\n")
            f.flush()
            answer = json.loads(f.readline())
        if not answer.pop("ok"):
            raise Failure(f"tincay-sim {verb} {fields}: {answer['error']}")
        return answer

    def text(self, number, text, modem=1, **fields):
        return self.call("text", **{"from": number, "to": f"modem{modem}",
                                    "text": text, **fields})["parts"]

    def pdu(self, tpdu, modem=1):
        self.call("text", to=f"modem{modem}", pdu=tpdu)

    def inbox(self, number):
        return self.call("inbox", number=number)["messages"]

    def wait(self, number, count=1):
        """The inbox of a phone once it holds so many complete texts."""
        self.call("wait", number=number, count=count,
                  timeout_ms=DEADLINE * 1000)
        return self.inbox(number)

    def modem(self, n=1):
        return self.call("status")["modems"][n - 1]

    def wait_empty(self, modems=(1,)):
        """Every text was taken off the SIM."""
        for n in modems:
            eventually(lambda n=n: self.modem(n)["sm_used"] == 0 and
                       self.modem(n)["waiting"] == 0,
                       f"the SIM of modem {n} is empty")

    def journal(self, *kinds, modem=None):
        """What happened, as a list of dictionaries; some kinds only. Lines of
        AT commands (rx, tx) are left out."""
        with self.lock:
            self._read_journal()
            return [e for e in self.entries
                    if (not kinds or e["ev"] in kinds) and
                    modem in (None, e["modem"])]

    def _read_journal(self):
        """What was added since the last time; whole lines only."""
        with open(os.path.join(self.dir, "journal"), "rb") as f:
            f.seek(self.offset)
            data = f.read()
        data = data[:data.rfind(b"\n") + 1]
        self.offset += len(data)
        for line in data.splitlines():
            if b'"ev":"rx"' not in line and b'"ev":"tx"' not in line:
                self.entries.append(json.loads(line))

    def air(self, modem=None):
        """The segments that were put on the air, in order of their start."""
        return self.journal("air_start", modem=modem)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(DEADLINE)
        self.log.close()
        return code


class World:
    """One folder, one clock, one simulator, one daemon."""

    def __init__(self, build, kit, modems=1, air=20, sim_options=(),
                 flood=True):
        self.build = build
        self.kit = kit
        self.modems = modems
        self.dir = tempfile.mkdtemp(prefix="tincay-")
        self.state = os.path.join(self.dir, "state")
        self.content = CONTENT if flood else self.without_flood()
        self.socket = os.path.join(self.dir, "c.sock")
        self.clock = Clock(os.path.join(self.dir, "clock"))
        self.log = Log(os.path.join(self.dir, "tincayd.log"))
        self.daemon = None
        self.daemon_ignores = []    # signals
        self.reader = None
        self.modem_programs = {}
        self.options = []           # more lines of tincay.conf
        self.modem_options = {}     # by number of the modem: options of it
        self.sim = None
        self.port = None
        self.tokens = {}
        self.sim_setup = (modems, ["--air", str(air), "--at-delay", "1",
                                   *sim_options])

    def without_flood(self):
        """The shipped pack for those who send more texts than a commune."""
        content = os.path.join(self.dir, "content")
        shutil.copytree(CONTENT, content)
        path = os.path.join(content, "duty.conf")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        calm = re.sub(r"^flood_texts = \d+$", "flood_texts = 0", text,
                      flags=re.M)
        ok(calm != text, "flood_texts is in duty.conf")
        with open(path, "w", encoding="utf-8") as f:
            f.write(calm)
        return content

    # --- programs ---

    def program(self, name):
        return os.path.join(self.build, name)

    def environment(self):
        return dict(os.environ, TINCAY_CLOCK=os.path.join(self.dir, "clock"))

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.dir, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode),
                  "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def configure(self):
        """Write tincay.conf; a new port each time."""
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        lines = [f'state_dir = "{self.state}"',
                 f'content_dir = "{os.path.abspath(self.content)}"',
                 f'listen = "127.0.0.1:{self.port}"',
                 f'control = "{self.socket}"',
                 'log_level = "debug"',
                 f'modem_program = "{self.modem_program()}"']
        lines += self.options
        if not any(o.startswith("key_source") for o in self.options):
            lines.append(f'key_source = "file:{self.dir}/data.key"')
        for n in range(1, self.modems + 1):
            options = {"device": f"{self.dir}/sim/modem{n}",
                       "number": f"+84900000{900 + n}",
                       "per_minute": 0, "per_hour": 0, "per_day": 0}
            options.update(self.modem_options.get(n, {}))
            lines += [f'modem "m{n}" {{',
                      *(f'\t{k} = {self.value(v)}'
                        for k, v in options.items()), '}']
        return self.write("tincay.conf", "\n".join(lines) + "\n")

    @staticmethod
    def value(v):
        """A value as tincay.conf wants it."""
        if isinstance(v, (list, tuple)):
            return "{" + ", ".join(f'"{x}"' for x in v) + "}"
        return f'"{v}"' if isinstance(v, str) else str(v)

    def modem_program(self):
        return self.program("tincay-modem")

    def set_up(self):
        """Fresh keys of the kit, the simulator, the daemon with its modems."""
        self.copy_kit()
        self.start_sim()
        self.start()

    def copy_kit(self):
        shutil.copytree(os.path.join(self.kit, "state"), self.state)
        for name in os.listdir(self.kit):
            if name.endswith(".key") or name == "pp":
                shutil.copy2(os.path.join(self.kit, name), self.dir)
        with open(os.path.join(self.kit, "tokens"), encoding="utf-8") as f:
            self.tokens = json.load(f)

    def start_sim(self):
        self.sim = Sim(self, *self.sim_setup)

    def start(self, wait_modems=True):
        """Start tincayd and wait until it answers and its modems are ready."""
        for attempt in range(3):
            mark = self.log.mark()
            self._spawn(self.configure())
            try:
                self._wait_ready(mark)
                break
            except Failure:
                if attempt == 2 or not self.log.find("Address already in use",
                                                     mark):
                    raise
        if wait_modems:
            for n in range(1, self.modems + 1):
                self.log.wait(f"modem online name=m{n} ", mark)

    def _spawn(self, conf):
        ignores = self.daemon_ignores

        def prepare():
            for s in ignores:
                signal.signal(s, signal.SIG_IGN)

        self.daemon = subprocess.Popen(
            [self.program("tincayd"), "-c", conf], stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=self.environment(),
            restore_signals=False, preexec_fn=prepare if ignores else None)
        self.reader = self.log.follow(self.daemon.stderr)

    def _wait_ready(self, mark):
        eventually(lambda: self.log.find("daemon ready", mark) or
                   self.daemon.poll() is not None, "tincayd is ready")
        if self.daemon.poll() is not None:
            self.reader.join(DEADLINE)
            raise Failure("tincayd does not start: "
                          + " | ".join(self.log.lines[mark:]))

    def stop(self):
        """As a service manager stops it. It must end well."""
        self.daemon.send_signal(signal.SIGTERM)
        code = self.daemon.wait(DEADLINE)
        end_orphans(self._own_pids())
        self.reader.join(DEADLINE)
        eq(code, 0, "exit status of tincayd")

    def kill(self):
        """As a power cut ends it; its children may still finish a send."""
        self.daemon.kill()
        self.daemon.wait()

    def restart(self):
        self.stop()
        self.start()

    def children(self):
        """Pids of the running tincay-modem by name of the modem."""
        out = {}
        for pid in child_pids(self.daemon.pid):
            for fd in list_dir(f"/proc/{pid}/fd"):
                found = re.search(r"/spool/([^/]+)/",
                                  read_link(f"/proc/{pid}/fd/{fd}"))
                if found:
                    out[found.group(1)] = pid
        return out

    def _own_pids(self):
        return [p.pid for p in (self.daemon, self.sim and self.sim.process)
                if p is not None and p.returncode is None]

    def tear_down(self):
        """End everything, by process id. The reason why it is no good end, or
        None."""
        why = None
        try:
            if self.daemon is not None and self.daemon.returncode is None:
                self.stop()
        except (Failure, subprocess.TimeoutExpired) as error:
            why = f"at the end: {error}"
            if self.daemon.returncode is None:
                self.kill()
        if self.sim is not None:
            try:
                if self.sim.stop() != 0:
                    why = "exit status of tincay-sim"
            except subprocess.TimeoutExpired:
                why = "tincay-sim does not end"
                self.sim.process.kill()
                self.sim.process.wait()
        end_orphans([])
        if self.reader is not None:
            self.reader.join(DEADLINE)
        for line in self.log.lines + read_lines(self.dir + "/sim.log"):
            if SANITIZER.search(line):
                why = f"sanitizer: {line}"
        return why

    # --- the HTTP API ---

    def http(self, method, path, body=None, user=None, headers=None,
             tcp=False, timeout=2 * DEADLINE):
        """One request on a connection of its own."""
        headers = dict(headers or {})
        if user is not None:
            headers["Authorization"] = "Bearer " + self.tokens[user]
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        elif isinstance(body, str):
            headers.setdefault("Content-Type", "text/csv")
        if isinstance(body, str):
            body = body.encode()
        if tcp:
            conn = http.client.HTTPConnection("127.0.0.1", self.port,
                                              timeout=timeout)
        else:
            conn = UnixConnection(self.socket, timeout)
        try:
            conn.request(method, path, body, headers)
            answer = conn.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            conn.close()

    def get(self, path, user=None):
        reply = self.http("GET", "/api/v1" + path, user=user)
        eq(reply.status, 200, f"GET {path} {reply!r}")
        return reply.json

    def post(self, path, body=None, user=None, status=None):
        """POST that must succeed, or end with this status."""
        reply = self.http("POST", "/api/v1" + path,
                          {} if body is None else body, user)
        good = reply.status == status if status else reply.status < 300
        ok(good, f"POST {path} as {user}: {reply!r}")
        return reply.json if reply.body else None

    def login(self, user):
        reply = self.post("/session", {"user": user, "password": PASSWORD})
        self.tokens[user] = reply["token"]

    # --- tincayctl ---

    def ctl(self, *args, user=None, code=0):
        """Run tincayctl --json; what it printed, or its error text."""
        token = os.path.join(self.dir, (user or "nobody") + ".tok")
        if user is not None:
            self.write(user + ".tok", json.dumps({
                "tincay_tokens": 1,
                "servers": {"unix:" + os.path.realpath(self.socket):
                            self.tokens[user]}}))
        done = subprocess.run(
            [self.program("tincayctl"), "--json", "-s", self.socket,
             "--token-file", token, *args], stdin=subprocess.DEVNULL,
            capture_output=True, env=self.environment(), timeout=2 * DEADLINE,
            check=False)
        text = done.stderr.decode(errors="replace")
        ok(done.returncode == code, f"tincayctl {' '.join(args)}: exit "
           f"{done.returncode}, not {code}: {text}")
        if code != 0:
            return text
        return json.loads(done.stdout) if done.stdout.strip() else None

    # --- cases ---

    def cases(self, agency, user=None):
        """The open cases of an agency."""
        return self.get(f"/cases?agency={agency}&limit=500",
                        user or HANDLERS[agency])["cases"]

    def wait_cases(self, agency, count=1, test=None):
        """The open cases once there are so many of them (a long poll)."""
        user = HANDLERS[agency]
        end = time.monotonic() + DEADLINE
        reply = self.get(f"/cases?agency={agency}&limit=500", user)
        while True:
            cases = [c for c in self.cases(agency) if test is None or test(c)]
            if len(cases) >= count:
                return cases
            ok(time.monotonic() < end,
               f"{agency} has {len(cases)} cases, not {count}")
            reply = self.get(f"/cases?agency={agency}&wait=5"
                             f"&after={reply['cursor']}", user)

    def open_case(self, agency, code):
        """The items of a case in clear, opened with the agency's key."""
        answer = self.ctl("case", "show", code, "--key",
                          f"{self.dir}/{agency}.key", "--passphrase-file",
                          f"{self.dir}/pp", user=HANDLERS[agency])
        return answer["texts"]

    def texts(self, agency, code):
        return [item["text"] for item in self.open_case(agency, code)]

    # --- campaigns ---

    def import_people(self, numbers, list_name, drafter="hoa"):
        rows = ["so_dien_thoai;nguon_dong_y;ngay_dong_y;nguoi_thu;thon"]
        rows += [f"{n};phieu;2026-01-05;Hoa;Thon 1" for n in numbers]
        reply = self.http(
            "POST", "/api/v1/people?list=" + urllib.parse.quote(list_name),
            "\n".join(rows) + "\n", drafter)
        ok(reply.status in (200, 201), f"import: {reply!r}")
        eq(reply.json["listed"], len(numbers), "people on the list")

    def campaign(self, name, list_name, text, start=True, **rules):
        """Draft, check, approve and perhaps start one; its id."""
        made = self.post("/campaigns", {
            "name": name, "lists": [list_name], "text": text, "per_day": 3,
            "per_month": 31, **rules}, "hoa")
        path = f"/campaigns/{made['id']}"
        self.post(path + "/check", user="hoa")
        self.post(path + "/approve", user="tuan")
        if start:
            self.post(path + "/start", user="tuan")
        return made["id"]

    def campaign_get(self, campaign_id):
        return self.get(f"/campaigns/{campaign_id}", "hoa")

    def wait_campaign(self, campaign_id, test, what):
        found = {}

        def ask():
            found.update(self.campaign_get(campaign_id))
            return test(found)
        try:
            eventually(ask, what)
        except Failure as error:
            raise Failure(f"{error}; it is {found}") from None
        return found

    def reports_in(self, count):
        """Delivery reports that came have been taken from the SIM."""
        eventually(lambda: len(self.sim.journal("report")) >= count,
                   f"{count} delivery reports")

    # --- the database ---

    def db(self, sql, *args):
        """Read-only, of a daemon that has ended."""
        uri = "file:" + urllib.parse.quote(self.state) + "/tincay.db?mode=ro"
        conn = sqlite3.connect(uri, uri=True)
        conn.row_factory = sqlite3.Row
        try:
            return conn.execute(sql, args).fetchall()
        finally:
            conn.close()


# --- processes ---

def list_dir(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


def read_link(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""


def read_lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read().splitlines()
    except OSError:
        return []


def child_pids(pid):
    out = []
    for task in list_dir(f"/proc/{pid}/task"):
        out += [int(p) for line in
                read_lines(f"/proc/{pid}/task/{task}/children")
                for p in line.split()]
    return out


def become_reaper():
    """Children of a killed daemon become ours, so that we can end them."""
    PR_SET_CHILD_SUBREAPER = 36
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise Skip("no prctl(PR_SET_CHILD_SUBREAPER)")


def end_orphans(spare, patience=20):
    """Wait until every child but these has ended; kill what does not."""
    end = time.monotonic() + patience
    while True:
        left = [p for p in child_pids(os.getpid()) if p not in spare]
        left = [p for p in left if os.waitpid(p, os.WNOHANG) == (0, 0)]
        if not left:
            return
        if time.monotonic() > end:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


# --- the kit ---

def make_keys(world):
    """One key of each agency; two at a time, for each is slow on purpose."""
    def make(agency):
        world.ctl("key", "new", agency, "--passphrase-file", world.dir + "/pp",
                  "--out", f"{world.dir}/{agency}.key")

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(make, AGENCIES))


def make_kit(build, folder):
    """Keys, users and sessions, as a person sets them up with tincayctl."""
    world = World(build, None, modems=0)
    subprocess.run([world.program("tincayd"), "--new-key",
                    world.dir + "/data.key"], check=True)
    world.write("pp", "mot cum tu rat dai\n")
    world.write("pw", PASSWORD + "\n")
    try:
        world.start()
        make_keys(world)
        for name, (agency, roles) in USERS.items():
            world.ctl("user", "add", name, "--agency", agency, "--role", roles,
                      "--password-file", world.dir + "/pw")
            world.login(name)
    finally:
        why = world.tear_down()
    ok(why is None, why)
    world.write("tokens", json.dumps(world.tokens))
    os.makedirs(folder, exist_ok=True)
    for name in ["state", "data.key", "pp", "tokens"] + \
            [agency + ".key" for agency in AGENCIES]:
        os.rename(os.path.join(world.dir, name), os.path.join(folder, name))
    shutil.rmtree(world.dir)


# --- the main program of a scenario ---

def arguments(add=None):
    parser = argparse.ArgumentParser(description=sys.modules["__main__"]
                                     .__doc__)
    parser.add_argument("--build", default=os.environ.get("TINCAY_BUILD", "."),
                        help="folder with the programs")
    if add is not None:
        add(parser)
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    return args


def on_term(number, frame):
    raise SystemExit("ended by a signal")


def main(scenario, set_up=True, add_arguments=None, **options):
    """Run a scenario in a world of its own and exit: 0, 1, or SKIPPED with
    the reason on the last line. set_up=False: the scenario starts things."""
    args = arguments(add_arguments)
    signal.signal(signal.SIGTERM, on_term)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kit = os.environ.get("TINCAY_KIT")
    own_kit = None
    world = None
    code = 1
    try:
        become_reaper()
        if kit is None:
            kit = own_kit = tempfile.mkdtemp(prefix="tincay-kit-")
            make_kit(args.build, kit)
        world = World(args.build, kit, **options)
        world.args = args
        if set_up:
            world.set_up()
        scenario(world)
        code = 0
    except Skip as reason:
        print(reason)
        code = SKIPPED
    except Failure as failure:
        where = traceback.extract_tb(failure.__traceback__)
        line = where[-1]
        for frame in where:
            if frame.filename != os.path.abspath(__file__):
                line = frame
        print(f"{os.path.basename(line.filename)}:{line.lineno}: {failure}")
    except BaseException:    # whatever it is, the processes must end
        traceback.print_exc(file=sys.stdout)
    finally:
        if world is not None:
            why = world.tear_down()
            if why is not None:
                print(why)
                code = code or 1
            if code == 1:
                print(f"kept: {world.dir}")
            else:
                shutil.rmtree(world.dir)
        if own_kit is not None:
            shutil.rmtree(own_kit)
    sys.exit(code)
