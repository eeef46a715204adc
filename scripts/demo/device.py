# SPDX-License-Identifier: GPL-2.0-or-later
"""tincayd on a real modem: the set-up of the demo without its play."""
import getpass
import glob
import grp
import os
import pathlib
import stat
import sys
import tempfile
import time

from world import USERS, Failed, Refused, free_port

SECRET_MIN = 12

NEXT = """
Bước tiếp theo, trong một cửa sổ khác:
  . {env}
  tincayctl modem list                                   # modem đã sẵn sàng chưa
  tincayctl --token-file "$T/lan" case queue HPN --follow
Từ điện thoại của bạn, nhắn "Giup toi" tới {number}: câu trả lời là một tin
thật, SIM phải trả cước. Rồi mở vụ việc bằng khóa của Hội LHPN:
  tincayctl --token-file "$T/lan" case show MÃ --key "$K/HPN.key"{passphrase}
Chiến dịch chỉ đi từ 07:30 đến 21:00, tới người đã có đồng ý trong sổ, sau khi
người thứ hai duyệt: minh soạn (people import, campaign new), hoa duyệt.
Khóa ở {keys}: mất khóa thì không ai đọc được vụ việc.
Dừng: Ctrl-C. Từ đây là nhật ký của tincayd.
"""


def check_device(device):
    try:
        info = os.stat(device)
    except OSError:
        found = sorted(glob.glob("/dev/serial/by-id/*") +
                       glob.glob("/dev/ttyUSB*") + glob.glob("/dev/ttyACM*"))
        raise Refused(f"không có thiết bị {device}; đang có: " +
                      (" ".join(found) or "không có cổng nối tiếp USB nào"))
    if not stat.S_ISCHR(info.st_mode):
        raise Refused(f"{device} không phải là một cổng nối tiếp")
    if not os.access(device, os.R_OK | os.W_OK):
        raise Refused(
            f"{getpass.getuser()} không được mở {device} (nhóm "
            f"{group_name(info.st_gid)}); chạy lệnh sau rồi đăng nhập lại:\n"
            f"  sudo usermod -aG {group_name(info.st_gid)} {getpass.getuser()}")


def group_name(gid):
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def warn_of_rivals():
    """ModemManager takes every modem that it sees."""
    for comm in glob.glob("/proc/[0-9]*/comm"):
        try:
            name = pathlib.Path(comm).read_text().strip()
        except OSError:
            continue
        if name == "ModemManager":
            print("Chú ý: ModemManager đang chạy và có thể chiếm modem; dừng "
                  "nó: sudo systemctl stop ModemManager", file=sys.stderr)


def ask(what, made):
    """A secret typed twice, or None: make one."""
    while True:
        first = getpass.getpass(f"{what} (ít nhất {SECRET_MIN} ký tự; "
                                f"Enter: tự tạo, ghi vào {made}): ")
        if not first:
            return None
        if len(first) < SECRET_MIN:
            print("Quá ngắn.")
        elif getpass.getpass("Nhập lại: ") != first:
            print("Hai lần không giống nhau.")
        else:
            return first


def ask_secrets(world, folder):
    """What is typed is not kept: a file for tincayctl, for a moment."""
    for suffix, what in ((".pass", "Mật khẩu khóa của các cơ quan"),
                         (".pw", "Mật khẩu đăng nhập của các cán bộ")):
        typed = ask(what, world.root / "secret")
        if typed is not None:
            path = pathlib.Path(folder) / ("typed" + suffix)
            path.write_text(typed + "\n", encoding="utf-8")
            world.typed[suffix] = path


def is_new(world):
    known = {u["name"] for u in world.ctl("user", "list")["users"]}
    return bool(world.missing_keys()) or any(u[0] not in known for u in USERS)


def set_up(world):
    with tempfile.TemporaryDirectory(dir=world.root) as folder:
        if is_new(world) and sys.stdin.isatty():
            ask_secrets(world, folder)
        world.make_keys()
        world.make_users()
        for name, _, _ in USERS:
            if world.knows(f"{name}.pw"):
                world.login(name)
            else:
                print(f'{name} chưa đăng nhập: tincayctl --token-file "$T/'
                      f'{name}" login {name}')
        world.typed.clear()


def follow_log(world, daemon):
    with open(world.root / "log/tincayd.log", encoding="utf-8",
              errors="replace") as log:
        while True:
            line = log.readline()
            if line:
                sys.stdout.write(line)
            elif daemon.poll() is not None:
                raise Failed(f"tincayd đã dừng (mã {daemon.returncode})")
            else:
                time.sleep(0.2)


def run(world, device, number):
    device = os.path.abspath(device)
    check_device(device)
    warn_of_rivals()
    world.open(fresh=False)
    world.write_conf([("modem1", device, number)], free_port())
    world.check_conf()
    daemon = world.start_daemon()
    set_up(world)
    world.write_env()
    passphrase = ' \\\n      --passphrase-file "$S/HPN.pass"' \
        if world.knows("HPN.pass") else ""
    print(NEXT.format(env=world.root / "env", keys=world.root / "keys",
                      number=number or "số của SIM", passphrase=passphrase))
    follow_log(world, daemon)
