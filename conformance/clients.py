#!/usr/bin/env python3
"""The client tests for SQS and Firehose, against `local` and against moto.

    python3 conformance/clients.py

The same assertions hold for both, so the local services are as true to AWS as
moto is, wherever a test looks. Needs moto[server].
"""

import os
import subprocess
import sys
from pathlib import Path

import servers

ROOT = Path(__file__).resolve().parent.parent
TEST = ["cargo", "test", "--quiet", "-p", "local", "--test", "aws_clients"]


def run(name, environment):
    print(f"== client tests against {name}", flush=True)
    return subprocess.run(TEST, cwd=ROOT, env=os.environ | environment).returncode


def main():
    failed = run("local", {})
    with servers.moto() as url:
        failed |= run("moto", {"PUNCTUAL_AWS_ENDPOINT": url})
    sys.exit(failed)


if __name__ == "__main__":
    main()
