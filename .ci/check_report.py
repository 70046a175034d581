"""Opens reports in Chromium, works them as people do, and compares what they show with the Arrow files.

    check_report.py SIMULATE            reports of runs, sweeps and pairs; pictures of them go to .scratch/report
    check_report.py SIMULATE --large    how long does the report of a run of a million lines take to open?
    check_report.py --selftest          the checks, tried on pages made for them
"""

import io
import json
import math
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
import unicodedata
import unittest

import pypdf

import browser as look
from command import Simulate
from state_at import Run, rows

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRATCH = ROOT / ".scratch" / "report"
SHELL_BYTES = 300_000  # of a page, without its data
OPENS_SECONDS, SLOW_SECONDS = 2, 10  # what is aimed at, and where the check fails

# The columns of the tables about the whole run, by their heads on the page.
TABLES = {
    "convergence": {
        "disturbance": "disturbance", "at": "t_ns", "first reaction": "detection_ns", "last session down": "detection_last_ns",
        "routes settled": "control_ns", "forwarding settled": "forwarding_ns", "traffic": "traffic_ns", "detect": "detect_ns",
        "propagate": "propagate_ns", "decide": "decide_ns", "program": "program_ns", "flows": "flows_ns",
        "announcements": "announcements", "withdrawals": "withdrawals", "best changes": "best_changes", "settled": "converged",
    },
    "outages": {
        "disturbance": "disturbance", "class": "class", "direction": "direction", "cause": "cause", "loss for": "outage_ns",
        "lost": "lost_bytes", "lost packets": "lost_packets", "full outage": "equivalent_ns", "restored": "restored",
    },
    "shift": {
        "disturbance": "disturbance", "class": "class", "direction": "direction", "via": "via", "share before": "share_before",
        "share after": "share_after", "50 % moved": "t50_ns", "90 %": "t90_ns", "99 %": "t99_ns", "100 %": "t100_ns",
        "flows moved": "flows_moved", "flows broken": "flows_broken",
    },
    "flapping": {
        "disturbance": "disturbance", "actor": "actor", "prefix": "prefix", "best changes": "best_changes", "returns": "returns",
        "distinct paths": "distinct_paths", "first": "first_ns", "last": "last_ns", "suppressed": "suppressed_ns",
    },
}  # fmt: skip

# The tables of points of a sweep, and the columns of runs.arrow.
MEASURES = {
    "points": "outage_two_way_ns", "points-outage-forward": "outage_forward_ns", "points-outage-return": "outage_return_ns",
    "points-detection": "detection_ns", "points-control": "control_ns", "points-forwarding": "forwarding_ns",
}  # fmt: skip

HOSTILE = "<img src=x onerror=alert(1)>\"'<script>document.title='owned'</script><b id=owned>"
PLAIN_ROUTERS = """\
version: 1
name: plain
description: A ring of routers, one link of which fails.
horizon: 1200s
start: established
generate:
  - {kind: ring, count: 6, delay: 10ms}
faults:
  - {name: cut, kind: link-down, target: r0-r1, at: 300s, repair_after: 300s}
"""

MANY_LINES = 1_000_000
MANY = """\
version: 1
name: many
description: A network of many routers, each with a prefix of its own; one is lost for a while.
horizon: 1200s
start: established
generate:
  - {kind: gao-rexford, count: 370, origin: all}
faults:
  - {name: lost, kind: node-death, target: r0, at: 300s, repair_after: 100s}
"""


def report(simulate, name, *runs):
    """Writes a page, and returns its place."""
    simulate.run("report", *runs, "--to", f"{name}.html")
    return simulate.folder / f"{name}.html"


def check_page(browser, path, words=()):
    """Returns what is wrong with a page, whatever it is about: on a screen, on a phone, on paper, without scripts."""
    faults = []
    with look.opened(browser, path, faults, color_scheme="light") as page:
        said = page.inner_text("body")
        faults += [f"the page does not say {word!r}" for word in words if word not in said]
        faults += look.faults_of_pictures(page) + look.faults_of_contrast(page) + look.faults_of_width(page)
        faults += check_theme(page) + look.faults_of_contrast(page)
        faults += check_print(page)
    with look.opened(browser, path, faults, viewport=look.PHONE) as page:
        faults += [f"on a phone: {fault}" for fault in look.faults_of_width(page)]
    with look.opened(browser, path, faults, java_script_enabled=False) as page:
        counts = {what: page.locator(f"{what}:visible").count() for what in ("svg", "table tbody tr", ".live")}
        if not counts["svg"] or not counts["table tbody tr"] or counts[".live"]:
            faults.append(f"without scripts it shows {counts}")
    return [f"{path.stem}: {fault}" for fault in first(list(dict.fromkeys(faults + check_size(path))))]


def check_size(path):
    text = path.read_text(encoding="utf-8")
    begin = text.find('id="data">')
    data = text[begin : text.find("</script>", begin)] if begin >= 0 else ""
    size = len(text.encode()) - len(data.encode())
    return [f"{size} bytes beside the data, more than {SHELL_BYTES}"] if size > SHELL_BYTES else []


def check_theme(page):
    """Returns faults of the button that changes between light and dark; leaves the other theme than there was."""
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.locator("#theme").press("Enter")
    after = page.evaluate(paper)
    return [f"#theme changes nothing: {before} is the colour of the page before and after"] if before == after else []


def check_print(page):
    """Returns faults of the page on paper: the headings and the figures have to be there."""
    wanted = [text.strip() for text in page.locator("h2:visible").all_inner_texts()]
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = squeeze("".join(sheet.extract_text() for sheet in printed.pages))
    return [f"on paper {heading!r} is missing" for heading in wanted if squeeze(heading) not in text]


def squeeze(text):
    """Returns a text without spaces and ligatures, which paper has where it likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class State:
    """The state that the page of a run shows, and the slider that chooses its time."""

    def __init__(self, page):
        self.page = page

    def table(self, name):
        """Returns the rows of a table as dicts of exact values, by the heads of its columns."""
        return self.page.evaluate(
            """(id) => {
              const table = document.getElementById(id);
              if (!table.tHead) return [];
              const names = [...table.tHead.rows[0].cells].map((h) => h.textContent.trim());
              return [...table.tBodies[0].rows].map((row) => Object.fromEntries([...row.cells].map((c, i) => [names[i], c.dataset.value ?? c.textContent.trim()])));
            }""",
            name,
        )

    def time(self):
        """Returns the time that the page shows, in nanoseconds."""
        seconds, _, fraction = self.page.inner_text("#time-exact").removesuffix(" s").partition(".")
        return int(seconds) * 10**9 + int(fraction.ljust(9, "0"))

    def go(self, t):
        """Asks for an instant by its exact time."""
        self.page.fill("#time-input", f"{t // 10**9}.{t % 10**9:09d}")
        self.page.locator("#time-input").press("Enter")

    def slide(self, part):
        """Moves the slider to a part of its way, from 0 to 1."""
        self.page.evaluate(
            "(part) => { const e = document.getElementById('time'); e.value = Math.round(e.max * part); e.dispatchEvent(new Event('input', { bubbles: true })); }",
            part,
        )


def check_states(page, run, disturbances):
    """Returns faults of the state at several times: before, during and after each disturbance, and at its start and end."""
    state, faults = State(page), []
    for t in sorted({0, run.times[-1], *instants(disturbances)}):
        state.go(t)
        if state.time() != t:
            faults.append(f"asked for {t} ns the page shows {state.time()}")
        faults += differences(state, run)
    for tab in page.locator("[role=tab][data-from]").all():  # the slider goes over what is shown
        tab.click()
        for part in (0, 0.37, 1):
            state.slide(part)
            begin, end = (int(tab.get_attribute(name)) for name in ("data-from", "data-to"))
            if abs(state.time() - begin - part * (end - begin)) > (end - begin) / 1000:
                faults.append(f"the slider at {part} of {begin} to {end} ns shows {state.time()}")
            faults += differences(state, run)
    return faults


def instants(disturbances):
    for d in disturbances:
        began, ended = d["t_ns"], d["t_ns"] + max(d["traffic_ns"] or 0, d["forwarding_ns"] or 0)
        yield from (began - 10**9, began, began + (d["detection_ns"] or 0) // 2, (began + ended) // 2, ended, ended + 10**10)


def differences(state, run):
    """Returns how what the page shows differs from the fold of the files at the same time."""
    t = state.time()
    shown = {
        "sessions": {(r["actor"], r["peer"]): r["state"] for r in state.table("state-sessions")},
        "routes": {(r["actor"], r["table"], r["prefix"]): tuple(r["next hops"].replace(",", " ").split()) for r in state.table("state-routes")},
        "traffic": {
            (r["class"], r["direction"], r["via"] or None, r["cause"] or None): (int(r["delivered"]), int(r["lost"]))
            for r in state.table("state-traffic")
        },
    }  # fmt: skip
    faults = []
    for table, got in shown.items():
        want, note = getattr(run, table)(t), state.page.inner_text(f"#state-{table}-note")
        keys = want.keys() | got.keys()
        if note.startswith("The first "):  # a table is cut, and says so
            keys = got.keys()
            if f"of {len(want)} rows" not in note or len(got) < 100:
                faults.append(f"at {t} ns #state-{table} says {note!r} of {len(want)} rows")
        for key in sorted(keys, key=str):
            if want.get(key) != got.get(key):
                faults.append(f"at {t} ns #state-{table} shows {got.get(key)} for {key}, the files say {want.get(key)}")
    return faults


def check_steps(page, run, count=6):
    """Returns faults of the buttons and keys: each step leads on, and skips no change."""
    state, faults = State(page), []
    for button, begin, sign in (("#next", 0, 1), ("#prev", run.times[-1], -1)):
        state.go(begin)
        for _ in range(count):
            before = state.time()
            page.locator(button).press("Enter")
            after = state.time()
            between = [t for t in run.times if min(before, after) < t < max(before, after)]
            if (after - before) * sign <= 0 or between:
                faults.append(f"{button} leads from {before} to {after} ns, past changes at {between[:3]}")
                break
            if not slid(page, after):
                faults.append(f"{button} leads to {after} ns, and the slider stands elsewhere")
                break
            faults += differences(state, run)
    state.go(0)
    page.focus("#time")
    page.keyboard.press("ArrowRight")
    if state.time() <= 0:
        faults.append("the right arrow does not move the slider")
    return faults


def slid(page, t):
    """Tells whether the slider stands at a time, in the range of the tab that is shown."""
    tab = page.locator("[role=tab][data-from][aria-selected=true]")
    begin, end = (int(tab.get_attribute(name)) for name in ("data-from", "data-to"))
    part = page.evaluate("(({value, max}) => value / max)(document.getElementById('time'))")
    return begin <= t <= end and abs(begin + part * (end - begin) - t) <= (end - begin) / 1000


def check_address(page, t):
    """Returns faults of the instant in the address: it is gone to, and what is none changes nothing."""
    state, faults = State(page), []
    state.go(0)
    for address, want in ((f"t={t // 10**9}.{t % 10**9:09d}s", t), ("t=%", t), ("t=soon", t), ("t=0", 0)):
        page.evaluate("(address) => { location.hash = address; dispatchEvent(new HashChangeEvent('hashchange')); }", address)
        if state.time() != want:
            faults.append(f"at the address #{address} the page shows {state.time()} ns, not {want}")
    return faults


def check_keyboard(page, t):
    State(page).go(t)
    order = [at for at in look.reached(page) if at in ("time", "prev", "next", "theme")]
    return [] if sorted(set(order)) == ["next", "prev", "theme", "time"] else [f"the Tab key reaches {order}, not all controls"]


def check_numbers(page, folder):
    """Returns faults of the tables about the whole run: each row and cell is compared."""
    state, faults = State(page), []
    names = {row["root"]: row["disturbance"] for row in rows(folder, "convergence")}
    for table, columns in TABLES.items():
        held = [row | {"disturbance": names.get(row["root"], "start")} for row in rows(folder, table)]
        want = sorted(tuple(exact(row[column]) for column in columns.values()) for row in held if row.get("cause", row) is not None)
        shown = state.table(table)
        if shown and set(shown[0]) != set(columns):
            faults.append(f"#{table} has the columns {sorted(shown[0])}, not {sorted(columns)}")
            continue
        got = sorted(tuple("" if row[column] == "-" else row[column] for column in columns) for row in shown)
        faults += [f"#{table} has {row}, which {table}.arrow has not" for row in got if row not in want]
        faults += [f"#{table} lacks {row} of {table}.arrow" for row in want if row not in got]
    return faults


def exact(value):
    """Returns a value of an Arrow file as the cell of a page has it."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def check_points(browser, path, folder):
    """Returns faults of the tables of points of a sweep: runs, mean, lowest and highest are those of runs.arrow."""
    faults, measured = [], {}
    for row in rows(folder, "runs"):
        for column in MEASURES.values():
            measured.setdefault((column, str(row["point"])), []).append(row[column])
    with look.opened(browser, path, faults) as page:
        for table, column in MEASURES.items():
            shown = {row["point"]: row for row in State(page).table(table)}
            for (of, point), values in measured.items():
                known = [value for value in values if value is not None]
                if of != column:
                    continue
                row = shown.get(point, dict.fromkeys(("mean", "lowest", "highest"), "nan"))
                got = [float(row[name]) for name in ("mean", "lowest", "highest")]
                want = [statistics.fmean(known), min(known), max(known)]
                if not all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(got, want, strict=True)):
                    faults.append(f"#{table} has {got} for point {point}, runs.arrow says {want}")
    return [f"{path.stem}: {fault}" for fault in first(faults)]


def first(faults, most=8):
    """Returns the first faults, and how many there are more."""
    return faults[:most] + ([f"and {len(faults) - most} more"] if len(faults) > most else [])


def check_run(browser, path, folder):
    """Returns what is wrong with the report of a run."""
    faults, run = [], Run(folder)
    with look.opened(browser, path, faults) as page:
        faults += check_keyboard(page, run.times[len(run.times) // 2]) + check_states(page, run, rows(folder, "convergence"))
        faults += check_steps(page, run) + check_address(page, run.times[len(run.times) // 2]) + check_numbers(page, folder)
    return [f"{path.stem}: {fault}" for fault in first(faults)] + check_page(browser, path, ["What is assumed"])


def check_hostile(browser, path):
    """Returns faults of a page whose texts hold markup: they have to be there, as text."""
    faults = []
    with look.opened(browser, path, faults) as page:
        if HOSTILE not in page.evaluate("document.body.textContent"):
            faults.append("the hostile text is not on the page, so nothing was tried")
        if page.locator("#owned, img, script[src]").count() or page.title() == "owned":
            faults.append("a text of the scenario became markup")
    return [f"{path.stem}: {fault}" for fault in faults]


def hostile(text):
    """Returns a scenario whose texts hold markup. Names cannot (the loader refuses them): descriptions and comments can."""
    lines = [f"description: {json.dumps(HOSTILE)}" if line.startswith("description:") else line for line in text.splitlines()]
    return "\n".join([*lines, f"# </pre></script>{HOSTILE}"]) + "\n"


def check_forged(browser, path, folder):
    """Tells which changes of a good page the checks do not notice: it should be none."""
    faults, text, run = [], path.read_text(encoding="utf-8"), Run(folder)
    forged = path.with_suffix(".forged.html")
    for old, new in {'"Established"': '"Idle"', '"10.2.0.4"': '"10.2.0.5"', '"500000000"': '"500000001"', 'data-value="177987052269"': 'data-value="177987052268"'}.items():
        if old not in text:
            faults.append(f"{old} is not in the page, so that it cannot be forged")
        forged.write_text(text.replace(old, new), encoding="utf-8")
        with look.opened(browser, forged, faults) as page:
            state = State(page)
            state.go(550 * 10**9)
            if not differences(state, run) + check_numbers(page, folder):
                faults.append(f"{new} in place of {old} is not noticed")
    forged.unlink()
    return faults


def photograph(browser, path):
    """Keeps how a page looks, for people."""
    for name, options in {
        "light": {"color_scheme": "light"},
        "dark": {"color_scheme": "dark"},
        "phone": {"color_scheme": "light", "viewport": look.PHONE},
    }.items():
        with look.opened(browser, path, [], **options) as page:
            page.screenshot(path=path.with_name(f"{path.stem}-{name}.png"), full_page=True)
            if name == "light":
                page.screenshot(path=path.with_name(f"{path.stem}-first.png"))
                page.pdf(path=path.with_name(f"{path.stem}-print.pdf"), format="A4", print_background=True)


def main(command):
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True)
    simulate = Simulate(command, SCRATCH)
    (SCRATCH / "plain.yaml").write_text(PLAIN_ROUTERS, encoding="utf-8")
    (SCRATCH / "hostile.yaml").write_text(hostile(simulate.run("show", "active-passive")), encoding="utf-8")
    with look.chromium() as browser:
        faults = [fault for path, check in reports(browser, simulate) for fault in told(path, check)]
        for path in sorted(SCRATCH.glob("*.html")):
            photograph(browser, path)
    if faults:
        sys.exit("\n".join(faults))
    print(f"pictures of them, for people, are in {SCRATCH.relative_to(ROOT)}")


def reports(browser, simulate):
    """Makes runs and their reports; gives each with what checks it."""
    for name in ("active-passive", "expressroute-active-active", "plain.yaml", "hostile.yaml"):
        stem = name.removesuffix(".yaml")
        simulate.run("scenario", name, "--out", f"runs/{stem}")
        path, folder = report(simulate, stem, f"runs/{stem}"), SCRATCH / "runs" / stem
        yield path, lambda path=path, folder=folder: check_run(browser, path, folder)
        if stem == "active-passive":
            yield path, lambda path=path, folder=folder: check_forged(browser, path, folder)
    yield path, lambda: check_hostile(browser, path)
    simulate.run("sweep", "active-passive", "-m", f"description={HOSTILE},b", "--seeds", "2", "--out", "runs/hostile-sweep")
    path = report(simulate, "hostile-sweep", "runs/hostile-sweep")
    yield path, lambda: check_hostile(browser, path)
    simulate.run("scenario", "active-active", "--out", "runs/active-active")
    simulate.run("scenario", "active-active", "--seeds", "20", "--out", "runs/seeds")
    simulate.run("sweep", "hold-timer", "--out", "runs/sweep")
    for name, runs in {"hold-timer": ["runs/sweep"], "seeds": ["runs/seeds"], "pair": ["runs/active-passive", "runs/active-active"]}.items():
        path = report(simulate, name, *runs)
        yield path, lambda path=path: check_page(browser, path)
        if name == "hold-timer":
            yield path, lambda path=path: check_points(browser, path, SCRATCH / "runs" / "sweep")


def told(path, check):
    """Makes a check, prints how it went, and returns its faults."""
    began = time.monotonic()
    faults = check()
    print(f"{path.name}: {f'{len(faults)} faults' if faults else 'ok'}, {time.monotonic() - began:.1f} s", flush=True)
    return faults


def large(command):
    """Makes a run of a million lines, and tells how long its report takes to make, to open and to move in."""
    folder = SCRATCH / "large"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    simulate = Simulate(command, folder)
    (folder / "many.yaml").write_text(MANY, encoding="utf-8")
    simulate.run("scenario", "many.yaml", "--bus", "memory", "--out", "run")
    lines = json.loads((folder / "run" / "run.json").read_text(encoding="utf-8"))["lines"]
    if lines < MANY_LINES:
        sys.exit(f"the run has {lines} lines only")
    made, path = clocked(lambda: report(simulate, "many", "run"))
    faults = []
    with look.chromium() as browser:
        opens = sorted(clocked(lambda: look_once(browser, path, faults))[0] for _ in range(3))[1]
        with look.opened(browser, path, faults) as page:
            steps, _ = clocked(lambda: [page.locator("#prev").press("Enter") for _ in range(10)])
    kilobytes = path.stat().st_size // 1000
    print(f"{lines} lines: the report is made in {made:.1f} s, has {kilobytes} kB, opens in {opens:.2f} s; a step takes {steps / 10:.2f} s")
    if opens > OPENS_SECONDS:
        print(f"that is more than the {OPENS_SECONDS} s that are aimed at")
    if faults or opens > SLOW_SECONDS:
        sys.exit("\n".join(faults) or f"it takes more than {SLOW_SECONDS} s")


def look_once(browser, path, faults):
    with look.opened(browser, path, faults) as page:
        page.wait_for_function("document.getElementById('time-exact').textContent.endsWith(' s')")


def clocked(does):
    """Does something; returns how many seconds it took, and what came of it."""
    began = time.monotonic()
    done = does()
    return time.monotonic() - began, done


class Selftest(unittest.TestCase):
    """Each check finds what it is for, and nothing on a good page."""

    GOOD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
      <style>body { color: #222; background: #fff } .dark { color: #eee; background: #111 } text { fill: currentColor }</style><body><h2>Heading</h2>
      <button id="theme" onclick="document.body.classList.toggle('dark')">Dark</button>
      <svg id="p" width="200" height="40"><title>T</title><desc>D</desc><text x="5" y="20">one</text><text x="90" y="20">two</text></svg>
      <table><tbody><tr><td>1</td></tr></tbody></table></body></html>"""

    @classmethod
    def setUpClass(cls):
        cls.held = look.chromium()
        cls.browser = cls.held.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.held.__exit__(None, None, None)

    def faults(self, old="", new=""):
        self.assertIn(old, self.GOOD)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.html"
            path.write_text(self.GOOD.replace(old, new, 1), encoding="utf-8")
            return "\n".join(check_page(self.browser, path, ["Heading"]))

    def test_good(self):
        self.assertEqual(self.faults("x", "x"), "")

    def test_console_and_errors(self):
        self.assertIn("console warning: oh", self.faults("</body>", "<script>console.warn('oh')</script></body>"))
        self.assertIn("error: oh", self.faults("</body>", "<script>throw Error('oh')</script></body>"))
        self.assertIn("dialog: oh", self.faults("</body>", "<script>alert('oh')</script></body>"))

    def test_policy(self):
        policy = """<meta http-equiv="Content-Security-Policy" content="style-src 'none'"><style>"""
        self.assertIn("policy: style-src", self.faults("<style>", policy))

    def test_requests(self):
        self.assertIn("asks for https://example.invalid/a.png", self.faults("</body>", "<img src='https://example.invalid/a.png'></body>"))
        self.assertIn("asks for file://", self.faults("</body>", "<img src='beside.png'></body>"))

    def test_words(self):
        self.assertIn("does not say 'Heading'", self.faults("Heading", "Else"))

    def test_pictures(self):
        self.assertIn("picture p has no title", self.faults("<title>T</title>", ""))
        self.assertIn('"one" and "two" overlap', self.faults('x="90"', 'x="10"'))
        self.assertIn('"two" is cut', self.faults('x="90"', 'x="190"'))

    def test_contrast(self):
        self.assertIn("contrast", self.faults("color: #222", "color: #999"))
        self.assertIn("text.", self.faults('<text x="5"', '<rect width="60" height="40" fill="#333"/><text x="5"'))
        self.assertEqual(self.faults('<text x="5"', '<rect width="60" height="40" fill-opacity="0.05"/><text x="5"'), "")

    def test_width(self):
        self.assertIn("on a phone: the page is", self.faults("</body>", "<div style='width: 500px'>wide</div></body>"))

    def test_theme(self):
        self.assertIn("#theme changes nothing", self.faults("classList.toggle('dark')", "classList"))

    def test_paper(self):
        self.assertIn("on paper 'Heading' is missing", self.faults("<style>", "<style>@media print { h2 { display: none } }"))

    def test_without_scripts(self):
        self.assertIn("without scripts it shows", self.faults("<table>", "<table hidden>"))


if __name__ == "__main__":
    if sys.argv[1:] == ["--selftest"]:
        unittest.main(argv=sys.argv[:1], buffer=True)
    elif len(sys.argv) == 3 and sys.argv[2] == "--large":
        large(sys.argv[1])
    elif len(sys.argv) != 2:
        sys.exit(__doc__)
    else:
        main(sys.argv[1])
