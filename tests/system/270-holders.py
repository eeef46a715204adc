#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every handler has a key of his own, to which the agency's is sealed: by the
first file, then by a colleague. With it he opens cases. Revoking takes his copy
away at once and hands his cases to the deputy; rotating gives the new key to
those who are left."""
import os

import tincay
from tincay import eq, ok, phone


def own_key(world, name):
    """A key of his own, with a passphrase of his own."""
    world.write(name + ".pp", f"mot cum tu cua {name}\n")
    return world.ctl("key", "mine", "--out", f"{world.dir}/{name}.own",
                     "--passphrase-file", f"{world.dir}/{name}.pp", user=name)


def share(world, giver, key, passphrase, to, code=0):
    return world.ctl("key", "share", to, "--key", f"{world.dir}/{key}",
                     "--passphrase-file", f"{world.dir}/{passphrase}",
                     user=giver, code=code)


def show(world, name, code, exit_code=0):
    answer = world.ctl("case", "show", code, "--key",
                       f"{world.dir}/{name}.own", "--passphrase-file",
                       f"{world.dir}/{name}.pp", user=name, code=exit_code)
    return answer if exit_code else [t["text"] for t in answer["texts"]]


def holders(world):
    return {h["user"]: (h["has_share"], h["is_current"])
            for h in world.ctl("key", "holders", "HPN", user="lan")["holders"]}


def scenario(world):
    world.sim.text(phone(501), "giup toi, chong danh")
    code = world.wait_cases("HPN")[0]["code"]
    made = own_key(world, "mai")
    ok("chưa ai trao" in show(world, "mai", code, 1), "without a share")
    ok("key mine" in share(world, "lan", "HPN.key", "pp", "lan", 1),
       "nobody gives to who has no key")
    own_key(world, "lan")
    share(world, None, "HPN.key", "pp", "lan")      # who set it up
    share(world, "lan", "lan.own", "lan.pp", "mai")
    eq(holders(world), {"lan": (True, True), "mai": (True, True)}, "holders")
    eq(own_key(world, "mai"), made, "said again, it is the same key")
    eq(show(world, "mai", code), ["giup toi, chong danh"], "mai opens it")
    eq(show(world, "lan", code), ["giup toi, chong danh"], "lan opens it")
    share(world, "cuc", "HPN.key", "pp", "mai", 1)   # of another agency
    ok("mật khẩu khóa không đúng" in
       share(world, "lan", "lan.own", "pp", "mai", 1), "another passphrase")
    revoke(world, code)
    rotate(world, code)
    world.stop()
    eq(world.db("SELECT count(*) FROM user_key")[0][0], 1, "keys that are left")


def revoke(world, code):
    world.ctl("duty", "set", "HPN", "--user", "mai", "--deputy", "lan",
              "--until", "2026-12-01", user="lan")
    world.ctl("case", "claim", code, user="mai")
    world.ctl("user", "revoke", "mai")
    eq(world.http("GET", "/api/v1/keys", user="mai").status, 401,
       "her session")
    eq(list(holders(world)), ["lan"], "holders")
    case = world.cases("HPN")[0]
    eq((case["code"], case["claimed_by"]), (code, "lan"), "the deputy has it")
    due = {a["code"]: a["key_due_at"] for a in
           world.get("/agencies", "lan")["agencies"]}
    ok(due["HPN"], "a new key is not due")


def rotate(world, code):
    world.write("new.pp", "mot cum tu moi hoan toan\n")
    world.ctl("key", "rotate", "HPN", "--key", f"{world.dir}/lan.own",
              "--passphrase-file", f"{world.dir}/lan.pp", "--out",
              f"{world.dir}/HPN-2.key", "--new-passphrase-file",
              f"{world.dir}/new.pp", user="lan")
    eq(holders(world), {"lan": (True, True)}, "she has the new one")
    eq(show(world, "lan", code), ["giup toi, chong danh"], "and opens it")
    os.unlink(f"{world.dir}/HPN.key")


tincay.main(scenario)
