"""Drives Chromium by its DevTools protocol, and says what is wrong with the demo's pages."""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib

import websockets

DEMO = ".build/debug/resilience-demo"
SIZES = [(400, 860), (1400, 900)]
SCHEMES = ["light", "dark"]
# Each run has five charts with lines and one of outcomes for each of its two clients.
CHARTS = 7

# What a page must have: charts that are drawn, words for each, and no more width than there is.
LOOK = """
(() => {
  const wrong = [];
  const charts = [...document.querySelectorAll('svg[role=img]')];
  for (const chart of charts) {
    const box = chart.getBoundingClientRect();
    const name = chart.getAttribute('aria-labelledby') || '';
    if (box.width < 100 || box.height < 20) wrong.push(name + ' is not to be seen');
    for (const id of name.split(' ')) {
      const words = document.getElementById(id);
      if (!words || !words.textContent.trim()) wrong.push(name + ' has no words');
    }
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) wrong.push('the page is ' + wide + ' wide, the window ' + innerWidth);
  for (const text of document.querySelectorAll('svg.chart text')) {
    const box = text.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth) wrong.push('cut off: ' + text.textContent);
  }
  const lines = [...document.querySelectorAll('path.line')].filter((line) => line.getAttribute('d'));
  return {
    wrong, charts: charts.length, lines: lines.length,
    back: getComputedStyle(document.documentElement).backgroundColor,
  };
})()
"""


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, socket):
        self.socket = socket
        self.number = 0
        self.complaints = []

    async def send(self, method, **parameters):
        self.number += 1
        mine = self.number
        await self.socket.send(json.dumps({"id": mine, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self.socket.recv())
            if message.get("id") == mine:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def note(self, message):
        parameters = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"])[:300])
        if message.get("method") == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(parameters["args"])[:300])
        if message.get("method") == "Log.entryAdded":
            entry = parameters["entry"]
            # Every browser asks for a picture that no page of ours speaks of.
            if "favicon" not in entry.get("url", ""):
                self.complaints.append(f"{entry['level']}: {entry['text']} {entry.get('url', '')}")

    async def value(self, expression):
        result = await self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:300])
        return result["result"].get("value")

    async def open(self, url, size, scheme):
        width, height = size
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )
        await self.send(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ],
        )
        await self.send("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'", "the page is loaded")

    async def until(self, condition, what, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if await self.value(f"Boolean({condition})"):
                return
            await asyncio.sleep(0.05)
        raise RuntimeError(f"in vain waited until {what}")

    async def shot(self, path, clip=None, scale=1):
        options = {"format": "png", "captureBeyondViewport": True}
        if clip:
            options["clip"] = {**clip, "scale": scale}
        picture = await self.send("Page.captureScreenshot", **options)
        pathlib.Path(path).write_bytes(base64.b64decode(picture["data"]))


@contextlib.asynccontextmanager
async def chromium():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process = subprocess.Popen(
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--remote-debugging-port=0", f"--user-data-dir={home}", "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            port_file = pathlib.Path(home, "DevToolsActivePort")
            end = time.monotonic() + 30
            while not (port_file.exists() and "\n" in port_file.read_text()):
                if time.monotonic() > end:
                    raise RuntimeError("Chromium does not start")
                await asyncio.sleep(0.05)
            port = port_file.read_text().split("\n")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [page for page in json.load(answer) if page["type"] == "page"]
            async with websockets.connect(
                pages[0]["webSocketDebuggerUrl"], max_size=None
            ) as socket:
                browser = Browser(socket)
                for domain in ["Page", "Runtime", "Log"]:
                    await browser.send(f"{domain}.enable")
                yield browser
        finally:
            process.terminate()
            process.wait()


def report(path, *options):
    status = subprocess.run(
        [DEMO, "--report", path, "--json", *options], stdout=subprocess.DEVNULL
    ).returncode
    # A claim may fail on a machine that is busy; the page is there all the same.
    if status not in (0, 1):
        raise RuntimeError(f"the demo ended with {status}")


class Check:
    def __init__(self, shots):
        self.shots = pathlib.Path(shots) if shots else None
        self.wrong = []

    async def look(self, browser, name, size, scheme, charts):
        seen = await browser.value(LOOK)
        where = f"{name} at {size[0]}, {scheme}"
        self.wrong += [f"{where}: {wrong}" for wrong in seen["wrong"]]
        if seen["charts"] < charts or seen["lines"] < 10:
            self.wrong.append(f"{where}: {seen['charts']} charts with {seen['lines']} lines")
        brightness = sum(int(part) for part in re.findall(r"\d+", seen["back"])[:3])
        if (brightness > 380) != (scheme == "light"):
            self.wrong.append(f"{where}: the background is {seen['back']}")
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            await browser.shot(self.shots / f"{name}-{size[0]}-{scheme}.png")
        print(f"{where}: {seen['charts']} charts, {seen['lines']} lines")

    def complain(self, browser, name):
        self.wrong += [f"{name}: console: {complaint}" for complaint in browser.complaints]
        browser.complaints = []

    async def report(self, browser, folder):
        page = os.path.join(folder, "report.html")
        report(page, "--duration", "3")
        for size in SIZES:
            for scheme in SCHEMES:
                await browser.open(f"file://{page}", size, scheme)
                await self.look(browser, "report", size, scheme, CHARTS)
        rows = await browser.value(
            "(() => { document.querySelectorAll('details').forEach((one) => one.open = true);"
            " return document.querySelectorAll('table.values tbody tr').length; })()"
        )
        if rows != 6 * 60:
            self.wrong.append(f"report: the tables of the charts have {rows} rows")
        self.complain(browser, "report")

    async def dashboard(self, browser):
        demo = subprocess.Popen(
            [DEMO, "--dashboard", "--duration", "5"], stdout=subprocess.PIPE, text=True
        )
        try:
            line = demo.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+/", line)
            if not url:
                raise RuntimeError(f"the demo says no address: {line!r}")
            await self.play(browser, url.group())
            demo.send_signal(signal.SIGINT)
            await browser.until(
                "document.getElementById('message').textContent.includes('ended')",
                "the page knows of the end",
            )
            demo.stdout.read()
            status = demo.wait(timeout=10)
            if status != 130:
                self.wrong.append(f"dashboard: Ctrl-C while it runs ended with {status}")
        finally:
            if demo.poll() is None:
                demo.kill()
        self.complain(browser, "dashboard")

    async def play(self, browser, url):
        press = "document.querySelector('[data-action=\"{}\"]').click()"
        pressed = "document.querySelector('[data-action=\"{}\"]').getAttribute('aria-pressed')"
        status = "document.querySelector('[data-part=status]').textContent"
        message = "document.getElementById('message').textContent"
        errors = "/faults/errors"
        await browser.open(url, SIZES[1], "light")
        await browser.until(f"{status}.includes('s of 5 s')", "the run goes on")
        await browser.value(press.format(errors))
        await browser.until(f"{pressed.format(errors)} === 'true'", "the button is pressed")
        await browser.until(f"{message}.includes('503')", "the page says what was done")
        await browser.until(
            "document.querySelector('[data-part=run-figures0]').textContent.startsWith('of the')"
            " && parseInt(document.querySelector('[data-part=run-figures0] strong').textContent) < 50",
            "the first client sees the failure",
        )
        await browser.value(press.format("/heal"))
        await browser.until(f"{pressed.format(errors)} === 'false'", "the button is released")
        for size in SIZES:
            for scheme in SCHEMES:
                await browser.open(url, size, scheme)
                await browser.until(f"!{status}.includes('begins')", "the page is live")
                await self.look(browser, "dashboard", size, scheme, CHARTS)
        await browser.until(f"{status}.includes('over')", "the run is over", 20)
        await browser.until(f"{status}.includes('by hand')", "the verdict knows of the breakage")
        await browser.value(press.format("/play"))
        await browser.until(f"{status}.includes('s of 5 s')", "the run begins again")


async def check(shots):
    check = Check(shots)
    with tempfile.TemporaryDirectory() as folder:
        async with chromium() as browser:
            await check.report(browser, folder)
            await check.dashboard(browser)
    for wrong in check.wrong:
        print(f"wrong: {wrong}", file=sys.stderr)
    return 1 if check.wrong else 0


# What is left of a report for the README: the figures of each client and three charts.
PICTURE = """
(() => {
  const figures = [...document.querySelectorAll('.columns > figure')];
  for (const figure of [figures[1], figures[3]]) figure.remove();
  for (const one of document.querySelectorAll('details, .look, .chart-card .note')) one.remove();
  document.querySelector('main').style.padding = '20px 24px';
  const box = (query) => document.querySelector(query).getBoundingClientRect();
  const top = box('.run-head').top - 16;
  return { x: 0, y: top, width: innerWidth, height: figures[2].getBoundingClientRect().bottom + 12 - top };
})()
"""


async def picture(path):
    """The figures of each client and the most telling charts, as they stand in the README."""
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "report.html")
        report(page, "--scenario", "cold", "--simulate", "--duration", "60")
        async with chromium() as browser:
            await browser.open(f"file://{page}", (1000, 1000), "light")
            await browser.shot(path, await browser.value(PICTURE))
    compress(pathlib.Path(path))
    print(f"{path}: {os.path.getsize(path)} bytes")
    return 0


def compress(path):
    """Writes a PNG of Chromium anew without filters, which suits plain areas better."""
    data = path.read_bytes()
    chunks, at = [], 8
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        chunks.append((data[at + 4:at + 8], data[at + 8:at + 8 + size]))
        at += size + 12
    head = next(body for kind, body in chunks if kind == b"IHDR")
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    depth = {2: 3, 6: 4}[head[9]]
    stored = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    pixels = bytearray()
    above = bytearray(width * depth)
    for row in range(height):
        at = row * (width * depth + 1)
        above = unfiltered(stored[at], stored[at + 1:at + 1 + width * depth], above, depth)
        pixels.append(0)
        for channel in zip(*(above[shift::depth] for shift in range(3))):
            pixels += bytes(channel)
    head = head[:9] + b"\x02" + head[10:]
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(pixels), 9)), (b"IEND", b"")]
    path.write_bytes(
        data[:8] + b"".join(
            len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
            for kind, body in parts
        )
    )


def unfiltered(kind, row, above, depth):
    """One row of a PNG without its filter: W3C, Portable Network Graphics, section 9."""
    row = bytearray(row)
    for at in range(len(row)):
        left = row[at - depth] if at >= depth else 0
        corner = above[at - depth] if at >= depth else 0
        up = above[at]
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        elif kind == 4:
            pick = left + up - corner
            guess = min((left, up, corner), key=lambda value: abs(pick - value))
        else:
            return row
        row[at] = (row[at] + guess) & 255
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--picture", metavar="FILE")
    parser.add_argument("--shots", metavar="FOLDER")
    options = parser.parse_args()
    work = picture(options.picture) if options.picture else check(options.shots)
    sys.exit(asyncio.run(work))


main()
