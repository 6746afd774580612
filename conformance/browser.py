#!/usr/bin/env python3
"""The console in a real browser, against a running stack.

    python3 conformance/browser.py PUNCTUAL                   the checks, one line each
    python3 conformance/browser.py PUNCTUAL --pictures docs   and pictures of them for the README

PUNCTUAL is the built command. Needs Chromium (`chromium`, `google-chrome`, or what the variable
CHROMIUM names) and playwright from conformance/requirements.txt.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
BROWSERS = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
# The promise of the page: what a phone sends is on it within 2 s.
SHOWN_MS = 2_000
# Rates are of the last five seconds.
RECOVERS_MS = 15_000
BUILD_S = 900


@contextlib.contextmanager
def stack(punctual):
    """A stack on a free port, with a folder of its own; gives its URL and the folder."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [punctual, "--port", "0", "--data-dir", folder], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            ready = threading.Timer(BUILD_S, process.kill)
            ready.start()
            line = process.stdout.readline()
            ready.cancel()
            if not line.startswith("ready "):
                sys.exit("the stack did not start: run the command by hand")
            yield line.split()[1], Path(folder)
        finally:
            process.terminate()
            process.wait()


def post(url, body):
    headers = {"x-api-key": "local-dev-key", "content-type": "application/json"}
    request = urllib.request.Request(f"{url}/data/agents/traces", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status


def trace(agent):
    return {"agent_id": agent, "recorded_at": int(time.time() * 1000), "lat": 53.41, "lon": -2.98}


def counter(name):
    return f"[data-counter='{name}']"


def value(page, name):
    return float(page.get_attribute(counter(name), "data-value") or 0)


def wait(page, condition, argument=None, timeout=SHOWN_MS):
    page.wait_for_function(condition, arg=argument, timeout=timeout)


def loads(page, url):
    """The page is live, and each control and picture has a name for those who do not see it."""
    page.goto(f"{url}/_console")
    wait(page, "() => document.querySelector('#connection').textContent === 'live'", timeout=10_000)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, canvas, svg[role=img], section')]
            .filter((node) => node.getClientRects().length
                && !(node.getAttribute('aria-label') || node.getAttribute('aria-labelledby') || node.textContent.trim()
                    || node.labels?.length || node.title || node.querySelector?.('title')))
            .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert not unnamed, unnamed
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{over} px wider than a window of {width}"
    page.set_viewport_size({"width": 1280, "height": 900})


def keyboard(page, _url):
    """Everything is reached with the tab key, in the page's order, and shows it."""
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip", "the first stop is the skip link"
    seen = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        fault = page.evaluate("() => document.activeElement?.dataset?.fault ?? ''")
        if fault:
            seen.add(fault)
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{fault} does not show that it has the focus"
        if "service_latency_ms" in seen and "none" in seen:
            return
    raise AssertionError(f"only {sorted(seen)} were reached")


def gives_way(page, _url):
    """What takes long to draw is drawn seldom, unless someone asks for it."""
    drawn = page.evaluate(
        """async () => {
            const { pace } = await import('/_console/pace.js');
            const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
            const draws = async (takes, asks) => {
                let times = 0;
                const paced = pace(() => { times += 1; spin(takes); });
                for (let n = 0; n < 5; n += 1) { paced[asks](); await frame(); }
                return times;
            };
            return { heavy: await draws(30, 'soon'), wanted: await draws(30, 'now') };
        }"""
    )
    assert drawn == {"heavy": 1, "wanted": 5}, drawn


def forgets(page, _url):
    """Who made room on a full map is gone from the page, who came in the same moment is there."""
    left = page.evaluate(
        """async () => {
            const { empty, merge } = await import('/_console/state.js');
            const state = empty();
            const here = (agent) => [agent, 53.4, -2.9, 1000];
            merge(state, { hello: true, at: 1000, started: 1, positions: ['old', 'kept'].map(here) });
            const before = state.positions;
            merge(state, { at: 1250, started: 1, forgotten: ['old'], positions: [here('new')] });
            return { agents: [...state.positions.keys()], isOther: state.positions !== before };
        }"""
    )
    assert left == {"agents": ["kept", "new"], "isOther": True}, left


def a_trace_appears(page, url):
    """What a phone sends is counted and on the map within two seconds."""
    page.locator("#map").scroll_into_view_if_needed()
    accepted = value(page, "accepted")
    began = time.monotonic()
    assert post(url, trace("browser-test")) == 202
    wait(page, "([counter, more]) => Number(document.querySelector(counter).dataset.value) >= more",
         [counter("accepted"), accepted + 1])
    left = SHOWN_MS - (time.monotonic() - began) * 1000
    wait(page, "() => document.querySelector('#map').textContent.includes('browser-test')", timeout=left)
    return f"on the map {time.monotonic() - began:.2f} s after it was sent"


def a_fault_turns_its_arrow(page, url):
    """A fault turns its arrow, and the arrow recovers when it is mended; nothing is lost."""
    arrow = "[data-arrow='forward-firehose']"
    delivered = value(page, "delivered")
    page.click("[data-fault='firehose_throttled_calls']")
    wait(page, "() => document.querySelector(\"[data-fault='firehose_throttled_calls']\").ariaPressed === 'true'", timeout=5_000)
    sent = 0
    for _ in range(60):
        sent += post(url, trace("browser-test")) == 202
        if page.get_attribute(arrow, "data-state") == "failing":
            break
        time.sleep(0.25)
    assert page.get_attribute(arrow, "data-state") == "failing", "the arrow did not turn"
    assert "failing" in page.inner_text("#flow").lower() or page.locator(arrow).text_content().lower().count("fail")
    page.click("[data-fault='none']")
    wait(page, "(arrow) => document.querySelector(arrow).dataset.state !== 'failing'", arrow, RECOVERS_MS)
    wait(page, "([counter, all]) => Number(document.querySelector(counter).dataset.value) >= all",
         [counter("delivered"), delivered + sent], RECOVERS_MS)


def demo(punctual, url, lessons, seconds):
    """The demo, with lessons that open in so many seconds."""
    at = (datetime.now(timezone.utc) + timedelta(seconds=seconds)).replace(microsecond=0)
    return subprocess.Popen(
        [punctual, "demo", "--url", url, "--lessons", str(lessons), "--riders", "12", "--agents", "40",
         "--at", at.strftime("%Y-%m-%dT%H:%M:%SZ"), "--json"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )


def a_slot_passes(page):
    """A slot is among those that come, passes, and its run is there with all its lessons."""
    wait(page, "() => document.querySelector('#lessons').textContent.includes('200')", timeout=15_000)
    wait(page, "() => [...document.querySelectorAll('[data-run]')].some((row) => /200\\D+200/.test(row.innerText))",
         timeout=40_000)


def stored(folder, stream):
    """The lines of a stream's files."""
    files = (folder / "firehose" / stream).rglob("*.ndjson")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def numbers_are_true(page, punctual, url, folder):
    """The page's numbers are those of the files, of the status and of `punctual status`."""
    wait(page, "() => document.querySelector(\"[data-counter='queued']\").dataset.value === '0'", timeout=RECOVERS_MS)
    # A second for what is out of view, and the pace of a machine that is busy.
    page.wait_for_timeout(2_000)
    traces, actions = stored(folder, "traces"), stored(folder, "actions")
    said = json.loads(subprocess.check_output([punctual, "status", "--url", url, "--json"]))
    with urllib.request.urlopen(f"{url}/_punctual/status", timeout=10) as answer:
        status = json.load(answer)
    expected = {
        "requests": status["functions"]["TraceIngest"]["invocations"],
        "accepted": len(traces),
        "rejected": 0,
        "refused": 0,
        "queued": said["queues"]["punctual-traces"]["visible"],
        "delivered": said["streams"]["traces"]["lines"],
        "actions-delivered": len(actions),
        "sheets": sum(line["kind"] == "run_sheet" for line in actions),
        "opened": sum(run["published"] for run in said["lessons"]["runs"]),
        "agents": len({line["agent_id"] for line in traces}),
    }
    shown = {name: value(page, name) for name in expected}
    assert shown == expected, f"shown {shown}, but there are {expected}"
    listed = page.evaluate("() => [...document.querySelectorAll('[data-run]')].map((row) => row.innerText)")
    for run in said["lessons"]["runs"]:
        assert any(str(run["published"]) in row for row in listed), (run, listed)
    return f"{len(traces)} traces, {len(actions)} records"


def follows_the_log(page, url):
    """Who is at the end of the log stays there, who reads further up too, in view and out of it."""
    from_end = "(list => list.scrollHeight - list.clientHeight - list.scrollTop)(document.querySelector('#log-tail'))"

    def more_while_out_of_view():
        page.evaluate("() => window.scrollTo(0, 0)")
        before = page.locator("#log-tail > li").count()
        for _ in range(30):
            post(url, trace("browser-test"))
        wait(page, "(before) => document.querySelectorAll('#log-tail > li').length > before", before, 5_000)
        page.locator("#logs").scroll_into_view_if_needed()

    more_while_out_of_view()
    wait(page, f"() => document.querySelector('#log-tail').scrollTop > 0 && {from_end} < 2")
    page.evaluate("() => document.querySelector('#log-tail').scrollTop = 0")
    page.wait_for_function("() => document.querySelector('#log-tail').scrollTop === 0")
    post(url, trace("browser-test"))
    more_while_out_of_view()
    page.wait_for_timeout(500)
    assert page.evaluate("() => document.querySelector('#log-tail').scrollTop") == 0, "a reader was moved away"


def searches_the_log(page, _url):
    """The log is searched, and a line opens by the keyboard."""
    page.locator("#logs").scroll_into_view_if_needed()
    page.fill("#log-query", "stored")
    wait(page, "() => [...document.querySelectorAll('#log-tail > li')].every((row) => row.textContent.includes('stored'))")
    row = page.locator("#log-tail > li summary").last
    row.focus()
    page.keyboard.press("Enter")
    wait(page, "() => document.querySelector('#log-tail details[open] pre')?.textContent.includes('trace_id')")
    page.press("#log-query", "Enter")
    wait(page, "() => document.querySelector('#log-found').textContent.includes('stored')", timeout=5_000)
    page.fill("#log-query", "")


def pictures(page, folder):
    """As a reader of the README sees it, by day and by night."""
    page.evaluate("() => document.querySelector('#log-found').hidden = true")
    # The next answers have to wait for a new environment.
    page.wait_for_timeout(6_000)
    page.locator("#environments").get_by_role("button").first.click()
    page.wait_for_timeout(6_000)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name, top in (("console", "#main"), ("console-below", "#map")):
            page.set_viewport_size({"width": 1280, "height": 960})
            page.evaluate("(top) => { document.activeElement.blur(); window.scrollTo(0, 0); if (top !== '#main') "
                          "window.scrollTo(0, document.querySelector(top).offsetTop - 56); }", top)
            # A second for what was out of view, and some for the agents to move on.
            page.wait_for_timeout(2_000)
            page.screenshot(path=folder / f"{name}-{scheme}.png")


def main(arguments):
    # None: the one that `playwright install chromium` has put away.
    browser_path = next((path for path in map(shutil.which, filter(None, BROWSERS)) if path), None)
    with stack(arguments.punctual) as (url, folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        for check in (loads, keyboard, gives_way, forgets, a_trace_appears, a_fault_turns_its_arrow, follows_the_log,
                      searches_the_log):
            figure = check(page, url)
            print(f"ok   {check.__doc__.splitlines()[0]}{f' ({figure})' if figure else ''}", flush=True)
        shown = demo(arguments.punctual, url, 200, 15)
        a_slot_passes(page)
        print(f"ok   {a_slot_passes.__doc__}", flush=True)
        assert shown.wait(timeout=120) == 0, "the demo failed"
        figure = numbers_are_true(page, arguments.punctual, url, folder)
        print(f"ok   {numbers_are_true.__doc__} ({figure})", flush=True)
        if arguments.pictures:
            shown = demo(arguments.punctual, url, 10_000, 25)
            pictures(page, arguments.pictures)
            assert shown.wait(timeout=120) == 0, "the demo failed"
        assert not said, f"the browser's console: {said}"
        print("ok   nothing in the browser's console")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("punctual", type=Path)
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    main(parser.parse_args())
