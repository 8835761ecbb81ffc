"""A web server that says its name: NAME. Writes its port to standard output; SIGUSR1 makes it slow, SIGUSR2 quick again."""

import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    delay = 0.0

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(Handler.delay)
        body = sys.argv[1].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


def set_delay(delay):
    Handler.delay = delay


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    # Clients that go away in the middle are no news.
    def handle_error(self, *arguments):
        pass


server = Server(("127.0.0.1", 0), Handler)
signal.signal(signal.SIGUSR1, lambda *_: set_delay(0.8))
signal.signal(signal.SIGUSR2, lambda *_: set_delay(0.0))
print(server.server_port, flush=True)
server.serve_forever()
