# SPDX-License-Identifier: GPL-2.0-or-later
"""Certificates for the scenarios, made by the openssl program: an authority of
our own, and certificates of this machine by it or by themselves."""
import shutil
import subprocess

import tincay


def openssl(*args):
    done = subprocess.run(["openssl", *args], capture_output=True, check=False,
                          timeout=60)
    tincay.ok(done.returncode == 0, f"openssl {args[0]}: "
              f"{done.stderr.decode(errors='replace')}")


def need_openssl():
    if shutil.which("openssl") is None:
        raise tincay.Skip("no openssl")


def new_key(folder, name):
    path = f"{folder}/{name}.key"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-out", path)
    return path


def authority(folder, name="ca"):
    """NAME.key and NAME.pem; the path of the certificate."""
    key = new_key(folder, name)
    openssl("req", "-x509", "-new", "-key", key, "-days", "3650", "-subj",
            "/CN=tests", "-out", f"{folder}/{name}.pem")
    return f"{folder}/{name}.pem"


def certificate(folder, name, ca=None):
    """A certificate for localhost and 127.0.0.1, by the authority or, without
    one, by itself: paths of certificate and key."""
    key = new_key(folder, name)
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    cert = f"{folder}/{name}.pem"
    if ca is None:
        openssl("req", "-x509", "-new", "-key", key, "-days", "3650", "-subj",
                "/CN=localhost", "-addext", names, "-out", cert)
        return cert, key
    openssl("req", "-new", "-key", key, "-subj", "/CN=localhost", "-out",
            f"{folder}/{name}.csr")
    with open(f"{folder}/{name}.ext", "w", encoding="ascii") as f:
        f.write(names + "\n")
    openssl("x509", "-req", "-in", f"{folder}/{name}.csr", "-CA",
            f"{folder}/{ca}.pem", "-CAkey", f"{folder}/{ca}.key",
            "-set_serial", str(abs(hash(name)) % 10 ** 9 + 1), "-days", "3650",
            "-extfile", f"{folder}/{name}.ext", "-out", cert)
    return cert, key
