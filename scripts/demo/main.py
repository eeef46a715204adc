# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/run after the build: the day of the demo, or a real modem."""
import argparse
import os
import pathlib
import sys
import time

import device
from day import Day
from screen import SYSTEM, VILLAGER, Screen, phone
from world import USERS, Failed, Journal, Refused, World, signals_end_us

AIR_MS, AIR_FAST_MS = 300, 60

PLAY = """
Tự chơi tiếp, trong một cửa sổ khác:
  . {env}
  tincay-sim text --dir "$SIM" 0900000150 modem1 "giup toi voi"    # người dân nhắn
  tincay-sim inbox --dir "$SIM" 0900000150                         # và nhận
  tincay-sim call --dir "$SIM" 0900000151 modem2                   # gọi nhỡ
  tincayctl --token-file "$T/lan" case queue HPN --follow          # Hội LHPN chờ
  tincayctl --token-file "$T/lan" case show MÃ --key "$K/HPN.key" \\
      --passphrase-file "$S/HPN.pass"                              # và mở
  tincayctl --token-file "$T/minh" intent try "cuu em voi"         # máy hiểu thế nào
  tincayctl --token-file "$T/hoa" campaign list
  tincayctl status
Tài khoản: {users}. Nhật ký: {log}
Dừng: Ctrl-C."""


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/run", add_help=False,
                                     allow_abbrev=False)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--state", type=pathlib.Path)
    parser.add_argument("--device")
    parser.add_argument("--number")
    args = parser.parse_args()
    if args.device and (args.once or args.fast or args.keep):
        parser.error("--device goes with --number and --state alone")
    if args.number and not args.device:
        parser.error("--number is of a --device")
    if args.keep and args.once:
        parser.error("--keep plays nothing that --once could end")
    if args.state is None:
        args.state = args.build / ("modem" if args.device else "demo")
    args.state = pathlib.Path(os.path.abspath(args.state))
    if set(str(args.state)) & set("\"\\$`\n"):
        parser.error("--state: a plain name, please")
    return args


def prepare(world, screen, args):
    """Daemon, modems, keys and users; the time it took."""
    began = time.monotonic()
    world.open(fresh=not args.keep)
    if args.keep:
        world.clock.go_on()
    else:
        world.clock.start_today()
    world.start_sim(AIR_FAST_MS if args.fast else AIR_MS)
    world.start_daemon()
    world.make_keys()
    world.make_users()
    for name, _, _ in USERS:
        world.login(name)
    world.wait_modems(2)
    world.write_env()
    screen.say(SYSTEM, f"xã Song An chạy sau {time.monotonic() - began:.1f} "
               "giây: tincayd, 2 modem mô phỏng, khóa của các cơ quan, "
               "5 cán bộ")


def stay(world, screen, journal):
    """Show what happens on the phones until the end."""
    seen = len(journal.read())
    while True:
        world.check_alive()
        for event in journal.read()[seen:]:
            show(screen, event)
        seen = len(journal.events)
        time.sleep(0.1)


def show(screen, event):
    kind = event["ev"]
    if kind == "stored" and not event["report"]:
        screen.say(VILLAGER, f"{phone(event['from'])} nhắn:", event["text"])
    elif kind == "air_end":
        screen.say(SYSTEM, f"gửi {phone(event['to'])}:", event["text"])
    elif kind == "call" and event["state"] == "ring":
        screen.say(VILLAGER, f"{phone(event['from'])} gọi")
    elif kind == "call" and event["state"] == "hung up":
        screen.say(SYSTEM, "ngắt máy, mở vụ gọi lại")


def demo(world, args):
    screen = Screen(lambda: world.clock.text(), slow=not args.fast)
    prepare(world, screen, args)
    journal = Journal(world.root / "sim/journal")
    if not args.keep:
        Day(world, screen, journal).play()
    if args.once:
        return
    screen.write(PLAY.format(env=world.root / "env", log=world.root / "log",
                             users="lan (HPN), duc (CAX), truc (người trực), "
                             "minh (soạn tin), hoa (duyệt tin)"))
    screen.slow = False
    try:
        stay(world, screen, journal)
    except KeyboardInterrupt:
        print("\nĐang dừng.")


def main():
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    sys.stderr.reconfigure(encoding="utf-8")
    args = arguments()
    os.umask(0o077)
    signals_end_us()
    top = pathlib.Path(__file__).resolve().parents[2]
    world = World(top, args.build, args.state)
    try:
        if args.device:
            device.run(world, args.device, args.number)
        else:
            demo(world, args)
        return 0
    except KeyboardInterrupt:
        print("\nĐang dừng.")
        return 130
    except Refused as e:
        print(f"Không chạy được: {e}", file=sys.stderr)
        return 1
    except Failed as e:
        print(f"\nKHÔNG ĐẠT: {e}\nNhật ký ở {world.root / 'log'}",
              file=sys.stderr)
        return 1
    finally:
        world.close()


sys.exit(main())
