# SPDX-License-Identifier: GPL-2.0-or-later
"""A receiver of webhooks, over TLS, that fails in every way. A scenario starts
it; what it was sent is in .seen."""
import base64
import hashlib
import hmac
import http.server
import json
import socketserver
import ssl
import threading

import tincay

HUGE = 8 * 1024 * 1024


class Request:
    def __init__(self, mode, path, headers, body):
        self.mode = mode
        self.path = path
        self.id = headers.get("webhook-id")
        self.at = int(headers.get("webhook-timestamp", "0"))
        self.signature = headers.get("webhook-signature", "")
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def is_signed(self, secret):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{self.id}.{self.at}.".encode() + self.body
        mac = hmac.new(key, text, hashlib.sha256).digest()
        return self.signature == "v1," + base64.b64encode(mac).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def setup(self):
        self.request = self.server.tls.wrap_socket(self.request,
                                                   server_side=True)
        super().setup()

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.receiver.add(Request("GET", self.path, self.headers, b""))
        self.answer(200)

    def do_POST(self):
        receiver = self.server.receiver
        mode = receiver.mode
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.add(Request(mode, self.path, self.headers, body))
        getattr(self, "mode_" + mode)()

    def answer(self, status, headers=(), body=b"", length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length",
                         str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def leave(self):
        """End the connection without a word."""
        self.close_connection = True
        self.request.close()

    def mode_ok(self):
        self.answer(204)

    def mode_e500(self):
        self.answer(500, body=b"no")

    def mode_e400(self):
        self.answer(400, body=b"no")

    def mode_e301(self):
        self.answer(301, [("Location", "/elsewhere")])

    def mode_e429(self):
        self.answer(429, [("Retry-After", "3600")])

    def mode_truncated(self):
        self.answer(200, body=b"half", length=100)
        self.leave()

    def mode_huge(self):
        self.answer(200, body=b"x" * HUGE)

    def mode_closed(self):
        self.leave()

    def mode_hang(self):
        self.server.receiver.released.wait(60)
        self.leave()

    def mode_slow(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        while not self.server.receiver.released.wait(0.2):
            self.wfile.write(b"x")
            self.wfile.flush()
        self.leave()


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass    # whoever distrusts us or goes away is no error of the test


class Receiver:
    def __init__(self, cert, key):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(cert, key)
        self.mode = "ok"
        self.released = threading.Event()
        self.seen = []
        self.lock = threading.Lock()
        self.port = 0
        self.server = None
        self.listen()

    def add(self, request):
        with self.lock:
            self.seen.append(request)

    def set(self, mode):
        """From the next request on; those that hang go."""
        self.released.set()
        self.released = threading.Event()
        self.mode = mode

    def listen(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.tls = self.tls
        self.server.receiver = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,),
                         daemon=True).start()

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def url(self, path="/hook", host="localhost"):
        return f"https://{host}:{self.port}{path}"

    def of(self, mode, since=0):
        return [r for r in self.seen[since:] if r.mode == mode]

    def wait(self, mode, since=0, count=1):
        tincay.eventually(lambda: len(self.of(mode, since)) >= count,
                          f"{count} requests in mode {mode}")
        return self.of(mode, since)
