"""Makes the gallery: a page for each scenario of the library, of what simulate prints and draws.

    gallery.py SIMULATE               writes docs/gallery, with the command SIMULATE
    gallery.py SIMULATE --check       makes it in .scratch and tells what differs
    gallery.py --selftest             the rules, tried on texts made for them

What people say of a scenario (the question, how to read the answer, what to try next) is in gallery.toml, whose head
says how. All figures come from the output.
"""

import html
import json
import pathlib
import re
import shutil
import sys
import tomllib
import unittest
import xml.etree.ElementTree as ET

from command import Simulate

ROOT = pathlib.Path(__file__).resolve().parent.parent
GALLERY = ROOT / "docs" / "gallery"
SCRATCH = ROOT / ".scratch" / "gallery"
TEXTS = pathlib.Path(__file__).with_suffix(".toml")

SVG = "{http://www.w3.org/2000/svg}"
MARK = "<!-- Made by `make gallery` of .ci/gallery.toml and of what simulate prints and draws: change those. -->\n\n"
KEYS = {"question": str, "about": str, "reading": str, "shows": list, "figures": dict, "next": list}
OPTIONAL = {"shows", "figures"}
NUMBER_NAMES = re.compile(r"`[^`]*`|\]\([^)]*\)|\b(?:RFC|AS) \d+|[A-Za-z][\w-]*|\{\w+\}")  # may hold digits


def library_of(simulate):
    """Returns the descriptions of the library by name."""
    listed = json.loads(simulate.run("list", "-o", "json"))["scenarios"]
    return {scenario["name"]: scenario["description"] for scenario in listed}


def faults_in(texts, library):
    """Returns what is wrong with the texts, one sentence each."""
    faults = [f"gallery.toml has no entry for {name}, which the library has" for name in library if name not in texts]
    faults += [f"gallery.toml has an entry for {name}, which the library has not" for name in texts if name not in library]
    for name, entry in texts.items():
        faults += [f"{name}: {fault}" for fault in faults_of(entry)]
    return faults


def faults_of(entry):
    faults = [f"no key {key}" for key in KEYS if key not in entry and key not in OPTIONAL]
    for key, value in entry.items():
        if not isinstance(value, KEYS.get(key, type(None))):
            faults.append(f"{key} is not a key, or not of its type")
    prose = [entry.get(key, "") for key in ("question", "about", "reading")] + [step.get("why", "") for step in entry.get("next", [])]
    for text in prose:
        faults += [f"a number in prose, {found!r}: figures come from the output" for found in re.findall(r"\S*\d\S*", NUMBER_NAMES.sub("", text))]
    for step in entry.get("next", []):
        if set(step) != {"why", "run"} or not all(line.startswith("simulate ") for line in step["run"].strip().splitlines()):
            faults.append("next needs why and run, and each line of run begins with simulate")
    return faults


def parts(output, shows):
    """Returns the paragraphs of an output that hold one of the texts, the first one always, and … for those left out."""
    kept = []
    for i, paragraph in enumerate(output.strip("\n").split("\n\n")):
        if i == 0 or any(text in paragraph for text in shows):
            kept.append(paragraph)
        elif kept[-1] != "…":
            kept.append("…")
    return "\n\n".join(kept) + "\n"


def without_assumptions(output):
    """Returns the output of a run up to what it expected and assumed, which is told in another way here."""
    kept = [p for p in output.strip("\n").split("\n\n") if not p.startswith(("expected ", "assumed"))]
    return "\n\n".join(kept) + "\n"


def fill(text, figures, output):
    """Returns the text with each {name} replaced by what its pattern finds in the output."""
    for name, pattern in figures.items():
        found = re.search(pattern, output)
        if not found:
            raise ValueError(f"the pattern of {{{name}}} finds nothing in the output: {pattern}")
        if f"{{{name}}}" not in text:
            raise ValueError(f"{{{name}}} is not used")
        text = text.replace(f"{{{name}}}", found[1])
    if unknown := re.findall(r"\{\w+\}", text):
        raise ValueError(f"figures has no {unknown[0]}")
    return text


def assumed(unknowns, assumptions):
    """Returns a sentence on the grades of what a run assumed, or nothing."""
    count = {
        "without a source [U]": len(unknowns),
        "observed by others [O]": sum(a["grade"] == "O" for a in assumptions),
        "inferred [I]": sum(a["grade"] == "I" for a in assumptions),
    }
    said = ", ".join(f"{n} {words}" for words, n in count.items() if n)
    return f"Assumed values: {said or 'none'}. The run names each; [the model](../explanation/model.md) tells what is known of them.\n"


def alternative(picture):
    """Returns the text of a picture for those who do not see it: its title and description."""
    return " ".join(f"{(ET.fromstring(picture).findtext(SVG + tag) or '').strip().rstrip('.')}." for tag in ("title", "desc"))


class Gallery:
    """The gallery, made in a folder."""

    def __init__(self, simulate, texts, library, folder):
        self.simulate, self.texts, self.library, self.folder = simulate, texts, library, folder

    def make(self):
        (self.folder / "pictures").mkdir(parents=True)
        rows = [self.make_page(name) for name in self.texts]
        (self.folder / "README.md").write_text(MARK + INDEX.format(rows="\n".join(rows)), encoding="utf-8")

    def make_page(self, name):
        """Writes the page of a scenario and its pictures; returns its row in the index."""
        entry, sweep = self.texts[name], self.library[name].startswith("A sweep:")
        folder = f"runs/{name}/sweep" if sweep else f"runs/{name}/1"
        output = self.simulate.run("sweep" if sweep else "scenario", name)
        facts = json.loads((self.simulate.folder / folder / ("sweep.json" if sweep else "run.json")).read_text(encoding="utf-8"))
        self.simulate.run("report", folder, "--format", "svg", "--to", "result.svg")
        pictures = {
            f"{name}-design": self.simulate.run("graph", name, "--format", "svg"),
            f"{name}-{'sweep' if sweep else 'run'}": (self.simulate.folder / "result.svg").read_text(encoding="utf-8"),
        }
        design, result = (self.picture(*picture) for picture in pictures.items())
        shown = output if sweep else without_assumptions(output)
        page = PAGE.format(
            mark=MARK, name=name, question=entry["question"], about=entry["about"].strip(), design=design, result=result,
            command=f"go run ./cmd/simulate {'sweep ' if sweep else ''}{name}",
            output=parts(shown, entry["shows"]) if "shows" in entry else shown,
            reading=entry["reading"].strip(), assumed=assumed(facts["unknowns"], facts["assumptions"]), next="\n".join(map(step, entry["next"])),
        )  # fmt: skip
        (self.folder / f"{name}.md").write_text(fill_page(name, page, entry.get("figures", {}), output), encoding="utf-8")
        face, picture = list(pictures.items())[sweep]
        return ROW.format(name=name, question=entry["question"], picture=thumbnail(f"pictures/{face}.svg", picture))

    def picture(self, name, text):
        """Writes a picture; returns the markdown that shows it."""
        (self.folder / "pictures" / f"{name}.svg").write_text(text, encoding="utf-8")
        return f"![{alternative(text).translate(str.maketrans('[]', '()'))}](pictures/{name}.svg)"


def fill_page(name, page, figures, output):
    try:
        return fill(page, figures, output)
    except ValueError as err:
        sys.exit(f"gallery.toml: {name}: {err}")


def step(entry):
    commands = re.sub("^simulate", "go run ./cmd/simulate", entry["run"].strip(), flags=re.MULTILINE)
    return f"{entry['why']}\n\n```sh\n{commands}\n```\n"


def thumbnail(path, picture):
    return f'<img src="{path}" width="300" alt="{html.escape(ET.fromstring(picture).findtext(SVG + "title"))}">'


INDEX = """\
# Gallery

Each scenario of the library: the question that it answers, what it looks like, what comes out, and what to try next. The pictures are
what `simulate` draws, the results are what it prints; `make gallery` makes these pages, and CI checks that they are fresh.

| | |
|---|---|
{rows}

The pictures, of these or of your own scenarios:

```sh
go run ./cmd/simulate graph active-passive --format svg > design.svg
go run ./cmd/simulate active-passive
go run ./cmd/simulate report runs/active-passive/1 --format svg --to run.svg
go run ./cmd/simulate report runs/active-passive/1 --to report.html   # all of it, as a page
```
"""

ROW = "| {picture} | **[{name}]({name}.md)**<br>{question} |"

PAGE = """\
{mark}# {name}

**{question}**

{about}

{design}

```sh
{command}
```

```text
{output}```

{result}

{reading}

{assumed}
## What to try next

{next}
[All scenarios](README.md)
"""


def check(made):
    """Ends with an error where the gallery differs from what was made."""
    stale = []
    files = {path.relative_to(folder) for folder in (made, GALLERY) for path in folder.glob("**/*") if path.is_file()}
    for name in sorted(files):
        if not (made / name).exists():
            stale.append(f"docs/gallery/{name} belongs to no scenario")
        elif not (GALLERY / name).exists():
            stale.append(f"docs/gallery/{name} is missing")
        elif (made / name).read_bytes() != (GALLERY / name).read_bytes():
            stale.append(f"docs/gallery/{name} is stale")
    if stale:
        sys.exit("\n".join(stale) + f"\nmake gallery makes it again; what it would make is in {made.relative_to(ROOT)}")
    print(f"docs/gallery is fresh: {len(files)} files")


def main(command, checking):
    shutil.rmtree(SCRATCH, ignore_errors=True)
    (SCRATCH / "work").mkdir(parents=True)
    simulate, texts = Simulate(command, SCRATCH / "work"), tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    library = library_of(simulate)
    if faults := faults_in(texts, library):
        sys.exit("\n".join(faults))
    made = SCRATCH / "made"
    Gallery(simulate, texts, library, made).make()
    if checking:
        check(made)
        return
    shutil.rmtree(GALLERY, ignore_errors=True)
    shutil.copytree(made, GALLERY)
    print(f"docs/gallery: {len(texts)} scenarios")


class Selftest(unittest.TestCase):
    ENTRY = {"question": "Why?", "about": "`nva1` dies.", "reading": "After {t}.", "figures": {"t": r"after (\S+ s)"},
             "next": [{"why": "Again.", "run": "simulate a"}]}  # fmt: skip

    def test_library_and_texts_agree(self):
        self.assertEqual(faults_in({"a": self.ENTRY}, {"a": ""}), [])
        self.assertEqual(faults_in({}, {"a": ""}), ["gallery.toml has no entry for a, which the library has"])
        self.assertEqual(faults_in({"a": self.ENTRY}, {}), ["gallery.toml has an entry for a, which the library has not"])

    def test_no_numbers_in_prose(self):
        said = "nva1 and hub-2 in AS 65515 (RFC 4271), `hold=9s`, [a link](x-1.md), {t}"
        self.assertEqual(faults_of(self.ENTRY | {"about": said}), [])
        for number in ("15 seconds", "180s", "99 %", "1.5"):
            self.assertIn("a number in prose", faults_of(self.ENTRY | {"reading": f"It takes {number}."})[0])

    def test_keys(self):
        self.assertIn("no key question", faults_of({k: v for k, v in self.ENTRY.items() if k != "question"}))
        self.assertIn("read is not a key, or not of its type", faults_of(self.ENTRY | {"read": "x"}))
        self.assertIn("each line of run", faults_of(self.ENTRY | {"next": [{"why": "x", "run": "rm -rf x"}]})[0])

    def test_figures_are_cut_out_of_the_output(self):
        self.assertEqual(fill("After {t}.", {"t": r"after (\S+ s)"}, "gone after 3 s"), "After 3 s.")
        for text, figures in (("After {t}.", {"t": "nothing (x)"}), ("After.", {"t": "(s)"}), ("After {t} {u}.", {"t": "(s)"})):
            with self.assertRaises(ValueError):
                fill(text, figures, "gone after 3 s")

    def test_parts(self):
        said = "head\n\none: a\n\ntwo: b\n\nthree: c\n\nexpected x: holds\nassumed: y\n"
        self.assertEqual(parts(without_assumptions(said), ["two"]), "head\n\n…\n\ntwo: b\n\n…\n")
        self.assertEqual(parts(said, ["one", "two"]), "head\n\none: a\n\ntwo: b\n\n…\n")

    def test_assumed(self):
        self.assertIn("values: none.", assumed([], []))
        self.assertIn("values: 2 without a source [U], 1 inferred [I].", assumed([1, 2], [{"grade": "I"}]))

    def test_alternative(self):
        said = alternative('<svg xmlns="http://www.w3.org/2000/svg"><title>A</title><desc>B.</desc></svg>')
        self.assertEqual(said, "A. B.")


if __name__ == "__main__":
    if sys.argv[1:] == ["--selftest"]:
        unittest.main(argv=sys.argv[:1], buffer=True)
    elif len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--check"]):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:] == ["--check"])
