"""Processor time of a function's later requests, on a runtime API that gives it one event again and again."""

import http.server
import json
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 100
REQUESTS = 1000


def event() -> bytes:
    """200 traces that are read and checked, and refused for their latitude, so that nobody is called."""
    sample = json.loads((ROOT / "events/trace-ingest-native.json").read_text())
    trace = {"agent_id": "rider-1", "recorded_at": 1769443022000, "lat": 91.5, "lon": 2.123456, "speed_mps": 4.5}
    traces = [trace | {"recorded_at": trace["recorded_at"] + number} for number in range(200)]
    return json.dumps(sample | {"body": json.dumps(traces), "isBase64Encoded": False}).encode()


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Notes the function's processor time when it asks for the first and the last request that count."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.event, self.asked, self.pid = event(), 0, 0
        self.processor_ns, self.answer, self.done = [], b"", threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """The function is killed while it waits."""

    def ask(self):
        if self.asked in (WARM_UP, WARM_UP + REQUESTS):
            self.processor_ns.append(int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]))
        self.asked += 1
        if len(self.processor_ns) == 2:
            self.done.set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.ask()
        self.reply(200, self.server.event)

    def do_POST(self):
        if length := self.headers.get("content-length"):
            self.server.answer = self.rfile.read(int(length))
        else:
            self.server.answer = b"".join(iter(self.chunk, b""))
        self.reply(202, b"")

    def chunk(self):
        data = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return data

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("lambda-runtime-aws-request-id", str(self.server.asked))
        self.send_header("lambda-runtime-deadline-ms", str(int(time.time() * 1000) + 10_000))
        self.send_header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:000000000000:function:f")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def processor_us(binary: Path, env: dict) -> float:
    """Microseconds of processor time that a request takes."""
    api = RuntimeApi()
    env = env | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}"}
    process = subprocess.Popen([binary], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    api.pid = process.pid
    try:
        if not api.done.wait(60):
            raise TimeoutError(f"{binary} asked for {api.asked} events in a minute")
        if b'"statusCode":400' not in api.answer:
            raise ValueError(f"{binary} answered {api.answer[:200]!r}")
    finally:
        process.kill()
        process.wait()
        api.shutdown()
    first, last = api.processor_ns
    return (last - first) / REQUESTS / 1000
