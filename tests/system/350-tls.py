#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The port under TLS: what the configuration check refuses; requests, long
polls and tincayctl with a certificate that is verified; old versions, plain
HTTP, garbage and connections that say nothing; a renewed certificate on SIGHUP,
and one that does not fit."""
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import warnings

import certs
import tincay
from tincay import eq, ok, phone

HER = phone(1)
SILENT = 40            # below what one address may have
PER_ADDRESS = 64


def check_conf(world, lines, word):
    """-t refuses, and says why; word None: it is content."""
    world.options = lines
    conf = world.configure()
    done = subprocess.run([world.program("tincayd"), "-c", conf, "-t"],
                          capture_output=True, check=False, timeout=60,
                          env=world.environment())
    text = done.stderr.decode()
    eq(done.returncode, 0 if word is None else 1, f"-t with {lines}: {text}")
    if word is not None:
        ok("tincay.conf:" in text and word in text, f"{word!r} in {text}")
        ok(not os.path.exists(world.state), "a check made the state folder")


def check_configuration(world, cert, key):
    loose = shutil.copy(key, world.dir + "/loose.key")
    os.chmod(loose, 0o640)
    other = certs.new_key(world.dir, "other")
    both = [f'tls_cert = "{cert}"', f'tls_key = "{key}"']
    check_conf(world, both, None)
    check_conf(world, both[:1], "both needed")
    check_conf(world, both[1:], "both needed")
    check_conf(world, [both[0], f'tls_key = "{loose}"'], "0600")
    check_conf(world, [both[0], f'tls_key = "{other}"'], "does not belong")
    check_conf(world, [both[0], f'tls_key = "{cert}"'], "0600")
    check_conf(world, [f'tls_cert = "{key}"', both[1]], "certificate cannot")
    check_conf(world, ['tls_cert = "/nowhere.pem"', both[1]],
               "certificate cannot")
    for address, more, word in (
            ("0.0.0.0:8443", [], "tls_cert"), ("[::]:8443", [], "tls_cert"),
            ("192.168.1.5:8443", both[:1], "tls_cert"),
            ("tincay.example:8443", both, "digits"),
            ("0.0.0.0:8443", both, None), ("[::]:8443", both, None)):
        world.options = more
        with open(world.configure(), encoding="utf-8") as f:
            lines = [line for line in f.read().splitlines()
                     if not line.startswith("listen =")]
        conf = world.write("tincay.conf", "\n".join(
            lines + [f'listen = "{address}"']) + "\n")
        done = subprocess.run([world.program("tincayd"), "-c", conf, "-t"],
                              capture_output=True, check=False, timeout=60)
        eq(done.returncode, 0 if word is None else 1,
           f"{address}: {done.stderr}")
        ok((word or "").encode() in done.stderr, f"{word}: {done.stderr}")
    return both


def context(world, ca="ca"):
    return ssl.create_default_context(cafile=f"{world.dir}/{ca}.pem")


def https(world, method, path, body=None, user=None, ca="ca"):
    conn = http.client.HTTPSConnection("localhost", world.port, timeout=60,
                                       context=context(world, ca))
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if user is not None:
        headers["Authorization"] = "Bearer " + world.tokens[user]
    try:
        conn.request(method, "/api/v1" + path,
                     None if body is None else json.dumps(body), headers)
        answer = conn.getresponse()
        return answer.status, answer.read()
    finally:
        conn.close()


def dial(world):
    return socket.create_connection(("127.0.0.1", world.port), timeout=60)


def is_closed(sock):
    """The other side ends it, in whatever way, without an answer of HTTP."""
    try:
        return b"HTTP" not in sock.recv(4096)
    except ConnectionError:
        return True


def check_requests(world):
    eq(https(world, "GET", "/health")[0], 200, "health")
    eq(https(world, "GET", "/cases")[0], 401, "without a token")
    eq(https(world, "GET", "/cases", user="lan")[0], 200, "cases")
    status, body = https(world, "POST", "/session", {
        "user": "mai", "password": tincay.PASSWORD})
    eq(status, 201, f"a login: {body}")
    # No name of this machine: the certificate is what counts.
    conn = http.client.HTTPSConnection("127.0.0.1", world.port, timeout=60,
                                       context=context(world))
    conn.request("GET", "/api/v1/health", headers={"Host": "tincay.example"})
    eq(conn.getresponse().status, 200, "under another name")
    conn.close()


def check_poll(world):
    """A case wakes a long poll under TLS; who leaves it is noticed."""
    cursor = world.get("/cases?agency=HPN", "lan")["cursor"]
    answers = []
    thread = threading.Thread(target=lambda: answers.append(https(
        world, "GET", f"/cases?after={cursor}&wait=60", user="lan")))
    thread.start()
    tincay.eventually(lambda: polls(world) == 1, "a long poll")
    world.sim.text(HER, "giup toi")
    thread.join(60)
    eq(len(json.loads(answers[0][1])["cases"]), 1, "cases of the long poll")
    sock = context(world).wrap_socket(dial(world), server_hostname="localhost")
    sock.sendall(f"GET /api/v1/cases?after=999999&wait=60 HTTP/1.1\r\n"
                 f"Host: localhost\r\nAuthorization: Bearer "
                 f"{world.tokens['lan']}\r\n\r\n".encode())
    tincay.eventually(lambda: polls(world) == 1, "another one")
    sock.close()
    tincay.eventually(lambda: polls(world) == 0, "it left")


def polls(world):
    text = world.http("GET", "/metrics").body.decode()
    return int(text.split("\ntincay_http_polls ")[1].split()[0])


def ctl(world, *args):
    """tincayctl with lan's token, over https; exit status and errors."""
    url = f"https://localhost:{world.port}"
    world.write("https.tok", json.dumps({
        "tincay_tokens": 1, "servers": {url: world.tokens["lan"]}}))
    done = subprocess.run(
        [world.program("tincayctl"), "-u", url, "--token-file",
         world.dir + "/https.tok", *args, "case", "queue", "HPN"],
        capture_output=True, env=world.environment(), timeout=60, check=False)
    return done.returncode, done.stderr.decode()


def check_ctl(world):
    eq(ctl(world, "--cacert", world.dir + "/ca.pem")[0], 0, "tincayctl")
    code, text = ctl(world)
    eq(code, 1, f"a certificate of nobody: {text}")
    code, text = ctl(world, "--cacert", world.dir + "/ca2.pem")
    eq(code, 1, f"a certificate of another authority: {text}")


def check_bad_clients(world):
    """One after the other; then many who say nothing, while others work."""
    with dial(world) as sock:
        sock.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        ok(is_closed(sock), "plain HTTP was answered")
    with dial(world) as sock:
        sock.sendall(os.urandom(4000))
        ok(is_closed(sock), "garbage was answered")
    old = context(world)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        with dial(world) as sock:
            old.wrap_socket(sock, server_hostname="localhost")
        raise tincay.Failure("TLS 1.1 was spoken")
    except (ssl.SSLError, ConnectionError):
        pass
    silent = [dial(world) for _ in range(SILENT)]
    eq(https(world, "GET", "/health")[0], 200, "beside silent clients")
    many = [dial(world) for _ in range(PER_ADDRESS)]
    tincay.eventually(lambda: is_closed(many[-1]), "over what one may have")
    eq(world.http("GET", "/api/v1/health").status, 200, "the control socket")
    for sock in silent + many:
        ok(is_closed(sock), "a silent client was answered")
        sock.close()
    eq(https(world, "GET", "/health")[0], 200, "behind them")


def reload(world, pattern):
    mark = world.log.mark()
    world.daemon.send_signal(signal.SIGHUP)
    world.log.wait(pattern, mark)


def check_renewal(world, cert, key):
    """The files are replaced; connections that are there go on."""
    held = http.client.HTTPSConnection("localhost", world.port, timeout=60,
                                       context=context(world))
    held.request("GET", "/api/v1/health")
    eq(held.getresponse().read() != b"", True, "before")
    new_cert, new_key = certs.certificate(world.dir, "renewed", "ca2")
    good_key = open(key, "rb").read()
    os.replace(new_cert, cert)
    reload(world, "reload refused")
    eq(https(world, "GET", "/health")[0], 200, "a key that does not fit")
    os.replace(new_key, key)
    os.chmod(key, 0o644)
    reload(world, "reload refused")
    eq(https(world, "GET", "/health")[0], 200, "a key that others can read")
    os.chmod(key, 0o600)
    reload(world, "INFO reloaded")
    eq(https(world, "GET", "/health", ca="ca2")[0], 200, "the new one")
    try:
        https(world, "GET", "/health")
        raise tincay.Failure("the old certificate is still shown")
    except ssl.SSLCertVerificationError:
        pass
    held.request("GET", "/api/v1/health")
    eq(held.getresponse().status, 200, "a connection from before")
    held.close()
    log = "\n".join(world.log.lines).encode()
    ok(good_key.splitlines()[1] not in log, "a key in the log")


def scenario(world):
    certs.need_openssl()
    certs.authority(world.dir)
    certs.authority(world.dir, "ca2")
    cert, key = certs.certificate(world.dir, "server", "ca")
    world.options = check_configuration(world, cert, key)
    world.set_up()
    check_requests(world)
    check_poll(world)
    check_ctl(world)
    check_bad_clients(world)
    check_renewal(world, cert, key)


tincay.main(scenario, set_up=False)
