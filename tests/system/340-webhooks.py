#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Webhooks against a real HTTPS server that fails in every way, with tincayd
killed in between: each event arrives at least once, in order, under one id,
signed; none is lost, none says what she wrote; a receiver that hangs delays no
other; a private address that is not allowed by name is not connected to."""
import re

import certs
import receiver
import tincay
from tincay import eq, ok, phone

HER = phone(1)
# What the server does, and what tincayd makes of it.
FAULTS = [("e500", "HTTP 500"), ("e301", "HTTP 301"), ("e429", "HTTP 429"),
          ("truncated", "answer cut short"), ("closed", "closed early"),
          ("slow", "too slow"), ("hang", "too slow")]


def hook(world, name="hook"):
    hooks = world.ctl("webhook", "list")["webhooks"]
    return next(h for h in hooks if h["name"] == name)


def deliveries(world, name="hook", *args):
    return world.ctl("webhook", "show", name, *args)["deliveries"]


def wait_result(world, result, name="hook"):
    return tincay.eventually(
        lambda: hook(world, name)["result"] == result and hook(world, name),
        f"{name}: {result}")


def wait_done(world, name="hook"):
    """Nothing waits any more."""
    tincay.eventually(lambda: hook(world, name)["queued"] == 0,
                      f"{name} was told everything")


def event(world):
    """Something that HPN is told."""
    before = len(deliveries(world))
    world.clock.advance(2)    # the same text in one second is one text
    world.sim.text(HER, "giup toi")
    tincay.eventually(lambda: len(deliveries(world)) > before, "a delivery")


def set_up(world):
    certs.need_openssl()
    certs.authority(world.dir)
    cert, key = certs.certificate(world.dir, "server", "ca")
    good = receiver.Receiver(cert, key)
    lame = receiver.Receiver(cert, key)
    lame.set("hang")
    false = receiver.Receiver(*certs.certificate(world.dir, "false"))
    world.options = [f'webhook_ca = "{world.dir}/ca.pem"',
                     'webhook_private = {"hook", "lame", "false"}',
                     "webhook_timeout = 2"]
    world.set_up()
    secret = world.ctl("webhook", "add", "hook", "--agency", "HPN", "--to",
                       good.url())["secret"]
    for name, where in (("lame", lame), ("false", false), ("private", good)):
        world.ctl("webhook", "add", name, "--agency", "hpn", "--to",
                  where.url("/" + name))
    world.ctl("webhook", "add", "hook", "--agency", "HPN", "--to",
              good.url(), code=1)
    world.ctl("webhook", "add", "plain", "--agency", "HPN", "--to",
              "http://localhost/x", code=1)
    return good, secret, (good, lame, false)


def check_first(world, good, secret):
    """The first one, while another receiver of the same agency hangs."""
    world.sim.text(HER, "giup toi")
    first = good.wait("ok")[0]
    ok(first.is_signed(secret), "the signature")
    ok(not first.is_signed("whsec_" + "A" * 44), "a signature of anybody")
    code = world.wait_cases("HPN")[0]["code"]
    eq(first.json["type"], "case.opened", "type")
    eq(first.json["data"]["code"], code, "code")
    eq(set(first.json["data"]), {"queue", "urgency", "code", "cursor"}, "data")
    ok(abs(first.at - world.clock.now()) < 60, "the time of the try")
    ok(re.fullmatch(r"msg_[0-9a-f]{16}", first.id), first.id)
    wait_result(world, "too slow", "lame")
    wait_result(world, "certificate not trusted", "false")
    wait_result(world, "address not allowed", "private")
    ok(not [r for r in good.seen if r.path != "/hook"],
       "a private address was connected to")


def check_fault(world, good, fault, result):
    """It fails, then the receiver is well again and gets the same once more."""
    since = len(good.seen)
    good.set(fault)
    event(world)
    failed = good.wait(fault, since)[0]
    wait_result(world, result)
    good.set("ok")
    world.ctl("webhook", "test", "hook")
    wait_done(world)
    done = good.of("ok", since)
    eq(done[0].id, failed.id, f"the id behind {fault}")
    eq(done[0].body, failed.body, f"the body behind {fault}")
    eq(done[1].json["type"], "webhook.test", "what was queued behind it")
    eq(good.of("GET"), [], "redirects that were followed")


def check_refused_then_back(world, good):
    """Nobody listens; a few seconds later the daemon tries by itself."""
    good.close()
    since = len(good.seen)
    event(world)
    wait_result(world, "no connection")
    good.listen()
    good.wait("ok", since)
    wait_done(world)


def check_huge(world, good):
    """An answer without an end is an answer."""
    good.set("huge")
    since = len(good.seen)
    event(world)
    good.wait("huge", since)
    wait_done(world)
    good.set("ok")


def check_step_aside(world, good):
    """What the receiver refuses does not hold up the next one."""
    good.set("e400")
    since = len(good.seen)
    event(world)
    refused = good.wait("e400", since)[0]
    wait_result(world, "HTTP 400")
    good.set("ok")
    event(world)
    other = good.wait("ok", since)[0]
    ok(other.id != refused.id, "the next one")
    world.clock.advance(60)
    tincay.eventually(lambda: refused.id in
                      [r.id for r in good.of("ok", since)], "it comes later")
    wait_done(world)


def check_kill(world, good):
    """Killed while the receiver holds a request, and while one waits."""
    good.set("hang")
    since = len(good.seen)
    event(world)
    held = good.wait("hang", since)[0]
    event(world)
    world.kill()
    good.set("ok")
    since = len(good.seen)
    world.start()
    after = good.wait("ok", since, count=2)
    eq(after[0].id, held.id, "the id behind the kill")
    wait_done(world)


def check_dead(world, good, secret):
    """Given up after three days; a person sends it again."""
    good.close()
    event(world)
    wait_result(world, "no connection")
    world.clock.advance(3 * 86400 + 3600)
    dead = tincay.eventually(lambda: deliveries(world, "hook", "--dead"),
                             "it is given up")
    eq(len(dead), 1, "dead deliveries")
    metrics = world.http("GET", "/metrics").body.decode()
    ok(re.search(r"^tincay_webhook_dead [1-9]", metrics, re.M), "the metric")
    ok("HPN" not in metrics, "an agency in the metrics")
    since = len(good.seen)
    good.listen()
    world.ctl("webhook", "retry", "hook", dead[0]["id"])
    again = good.wait("ok", since)[0]
    eq(again.id, "msg_" + dead[0]["id"], "its id")
    ok(again.is_signed(secret), "its signature")
    wait_done(world)
    world.ctl("webhook", "retry", "hook", dead[0]["id"], code=1)


def check_totals(world, good, secret):
    told = {"msg_" + d["id"] for d in deliveries(world, "hook", "--limit",
                                                 "1000")}
    taken = [r for r in good.seen if r.mode in ("ok", "huge")]
    eq(told, {r.id for r in taken}, "what was to be told, and what was taken")
    for r in good.seen:
        ok(r.is_signed(secret), f"the signature of {r.id}")
        ok(b"giup" not in r.body and b"90000" not in r.body, "a body")
    log = "\n".join(world.log.lines)
    ok(secret not in log and "whsec_" not in log, "a secret in the log")


def scenario(world):
    good, secret, all_of_them = set_up(world)
    try:
        check_first(world, good, secret)
        for fault, result in FAULTS:
            check_fault(world, good, fault, result)
        check_refused_then_back(world, good)
        check_huge(world, good)
        check_step_aside(world, good)
        check_kill(world, good)
        check_dead(world, good, secret)
        check_totals(world, good, secret)
        world.ctl("webhook", "remove", "lame")
        eq({h["name"] for h in world.ctl("webhook", "list")["webhooks"]},
           {"hook", "false", "private"}, "what is left")
    finally:
        for r in all_of_them:
            r.close()


tincay.main(scenario, set_up=False)
