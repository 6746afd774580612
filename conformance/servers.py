"""Starts the servers that the checks talk to, each on a free port."""

import contextlib
import importlib.util
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(answers, what, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answers():
                return
        time.sleep(0.05)
    sys.exit(f"{what} does not answer after {seconds} s")


def connects(port):
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


@contextlib.contextmanager
def running(command, env=None):
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def moto():
    """moto's server; yields its URL."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with running(command):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: urllib.request.urlopen(f"{url}/moto-api/", timeout=2).status == 200, "moto")
        yield url


@contextlib.contextmanager
def function(bootstrap, environment, timeout_s=10):
    """A function's binary under AWS's Runtime Interface Emulator; yields a call."""
    machine = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
    samcli = Path(importlib.util.find_spec("samcli").origin).parent
    emulator = samcli / "local" / "rapid" / f"aws-lambda-rie-{machine}"
    emulator.chmod(0o755)
    invoke, api = free_port(), free_port()
    env = {"PATH": os.environ["PATH"], "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_s), **environment}
    command = [
        str(emulator),
        "--runtime-interface-emulator-address", f"127.0.0.1:{invoke}",
        "--runtime-api-address", f"127.0.0.1:{api}",
        str(bootstrap),
    ]
    with running(command, env):
        wait_until(lambda: connects(invoke), "the Runtime Interface Emulator")
        url = f"http://127.0.0.1:{invoke}/2015-03-31/functions/function/invocations"

        def call(event):
            request = urllib.request.Request(url, data=event.encode(), method="POST")
            return urllib.request.urlopen(request, timeout=timeout_s + 5).read().decode()

        yield call
