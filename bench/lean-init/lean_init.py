"""What each step towards a lean init phase bought: size and start of trace-ingest.

Builds the function as it is, as it was at the commits that changed its init phase,
and with other release profiles; starts all of them in turn, and writes
bench/lean-init.md. `python3 bench/lean-init/lean_init.py --help`
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from steady import processor_us

ROOT = Path(__file__).resolve().parents[2]
LEAN = ROOT / "target/lean"
FUNCTION = "trace-ingest"
# One core may be another's for a while: the least of several blocks is the machine's own.
BLOCKS = 12

# With TLS, as on AWS; nobody is called, since nothing is warmed up.
LAMBDA = {
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_LAMBDA_FUNCTION_NAME": FUNCTION,
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_GROUP_NAME": "group",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
    "_HANDLER": "bootstrap",
    "API_KEY_HASHES": "local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c",
    "TRACE_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/1/traces",
    "WARM_UP": "off",
}


@dataclass
class Variant:
    """One row of the table."""

    name: str
    why: str
    package: str = FUNCTION
    commit: str = ""
    profile: dict = field(default_factory=dict)
    env: dict = field(default_factory=dict)
    same_as: str = ""
    starts: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    def binary(self) -> Path:
        return LEAN / (self.same_as or self.name)

    def build(self) -> None:
        if self.same_as or (self.commit and self.binary().exists()):
            return
        source = ROOT
        if self.commit:
            source = LEAN / "source"
            run("git", "worktree", "add", "--force", "--detach", str(source), self.commit)
        settings = {f"CARGO_PROFILE_RELEASE_{key}": value for key, value in self.profile.items()}
        target = LEAN / "build" if self.profile or self.commit else ROOT / "target"
        try:
            run(
                "cargo", "build", "--release", "--package", self.package,
                cwd=source, env=os.environ | settings | {"CARGO_TARGET_DIR": str(target)},
            )
        finally:
            if self.commit:
                run("git", "worktree", "remove", "--force", str(source))
        shutil.copy(target / "release" / self.package, self.binary())

    def start(self) -> float:
        """Milliseconds from the start of the process to its request for a first event."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(10)
            api = f"127.0.0.1:{server.getsockname()[1]}"
            env = LAMBDA | self.env | {"AWS_LAMBDA_RUNTIME_API": api}
            began = time.perf_counter()
            process = subprocess.Popen(
                [self.binary()], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    return (time.perf_counter() - began) * 1000
            finally:
                process.kill()
                process.wait()

    def measure(self, starts: int) -> None:
        self.starts.append(statistics.median(self.start() for _ in range(starts)))
        if self.package == FUNCTION and Path("/proc/self/schedstat").exists():
            self.requests.append(processor_us(self.binary(), LAMBDA | self.env))

    def row(self, empty: float) -> str:
        start, size = min(self.starts), self.binary().stat().st_size
        request = f"{min(self.requests):.0f}" if self.requests else ""
        return f"| {self.name} | {self.why} | {size / 1e6:.2f} | {start:.2f} | {start / empty:.2f} | {request} |"


SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
VARIANTS = [
    Variant("empty", "a lambda_http function that does nothing", package="empty"),
    Variant("now", "as it is"),
    Variant("before", "before any of it: the SDK's HTTP client, roots of the system, aws-config", commit="403ecd5"),
    Variant("own client", "one HTTP client and TLS stack, roots compiled in; still aws-config", commit="ecf4b5e"),
    Variant("no aws-config", "settings and keys from the environment alone; no metrics yet", commit="ec16acb"),
    Variant("system's roots", "as it is, roots read at start", same_as="now", env={"AWS_CA_BUNDLE": SYSTEM_ROOTS}),
    Variant("not stripped", "with symbols", profile={"STRIP": "none"}),
    Variant("thin LTO", "`lto = \"thin\"`, 16 units", profile={"LTO": "thin", "CODEGEN_UNITS": "16"}),
    Variant("no LTO", "cargo's release profile: no LTO, 16 units", profile={"LTO": "off", "CODEGEN_UNITS": "16"}),
    Variant("opt-level s", "for size", profile={"OPT_LEVEL": "s"}),
    Variant("opt-level z", "for size above all", profile={"OPT_LEVEL": "z"}),
    Variant("panic abort", "no unwinding: a panic would end the environment", profile={"PANIC": "abort"}),
]


def run(*command: str, **settings) -> None:
    subprocess.run(command, check=True, **({"cwd": ROOT} | settings))


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def table(starts: int) -> str:
    empty = min(VARIANTS[0].starts)
    rows = "\n".join(variant.row(empty) for variant in VARIANTS)
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    commit = output("git", "rev-parse", "--short", "HEAD")
    return f"""# A lean init phase

What each step bought, in the size of trace-ingest and in the time from its process's start to its
request for a first event: without warm-up and so without a network, with endpoints behind TLS. Beside
it what a later request costs, with 200 traces that are read and refused. Each figure is that of the
quietest of {BLOCKS} turns that all binaries took; a turn's is the median of {starts} starts, or the mean of 1,000 requests.

| variant | what it is | binary, MB | start, ms | of an empty one's | request, µs of processor |
|---|---|---:|---:|---:|---:|
{rows}

The release profile is that of *now*: fat LTO, one unit, stripped, `opt-level` 3. `s` would give a smaller
binary that starts no sooner and takes more of a processor for each request; `panic = "abort"` would end an environment, and all
that it has warmed up, for one bad request. No second TLS stack is among them: the SDK's default one is
left out of every build, for the [entropy source](https://github.com/aws/aws-lambda-rust-runtime/issues/1101)
of its cryptography can hold up an init for longer than all of this takes.

<sub>{now}, commit {commit}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.2f} after: `make bench-lean-init`</sub>
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=25, help="of each binary in each turn")
    parser.add_argument("--reuse", action="store_true", help="measure what an earlier run has built")
    parser.add_argument("--out", type=Path, default=ROOT / "bench/lean-init.md")
    args = parser.parse_args()
    LEAN.mkdir(parents=True, exist_ok=True)
    for number, variant in enumerate([] if args.reuse else VARIANTS, 1):
        print(f"[{number}/{len(VARIANTS)}] {variant.name}: {variant.why}", file=sys.stderr)
        variant.build()
    for turn in range(1, BLOCKS + 1):
        print(f"turn {turn} of {BLOCKS}", file=sys.stderr)
        # Each begins one turn: what ran before may have left the processor slow.
        for variant in VARIANTS[turn - 1 :] + VARIANTS[: turn - 1]:
            variant.measure(args.starts)
    text = table(args.starts)
    args.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
