"""Runs the commands of the README and the docs, and checks their links.

    readme.py               README.md and docs/**/*.md of this checkout
    readme.py --selftest    the rules, tried on documents made for them

Each ```sh block runs with `sh -e` in a fresh copy of the checkout (one copy a document, so a block may use what an
earlier one made) and must exit with 0. Where it is followed by <!-- output --> and a ```text block, its standard
output must be exactly that. `git clone`, and a `cd` that follows it, are left out; <!-- not run: reason --> before a
block leaves all of it out.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRATCH = ROOT / ".scratch" / "readme"  # always the same place, so that the build cache serves the next time
LIMIT_SECONDS = 600

BLOCK = re.compile(
    r"(?P<before>^<!-- not run(?P<reason>(?:(?!-->).)*)-->\n+)?"
    r"^```sh\n(?P<code>.*?)^```\n"
    r"(?P<shown>\s*<!-- output -->\s*^```text\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")


@dataclass
class Block:
    """One sh block: where it begins, its commands, and the output that it shows (None: none)."""

    line: int
    commands: str
    output: str | None


def blocks(text):
    """Returns the blocks that run."""
    found = []
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("code"))
        if match["before"]:
            if not re.match(r": *\S", match["reason"]):
                raise ValueError(f"{line}: a block is not run, but no reason is given: <!-- not run: reason -->")
            continue
        found.append(Block(line, commands(match["code"]), match["output"]))
    return found


def commands(code):
    """Returns the commands of a block without git clone and the cd into the clone."""
    kept, cloned = [], False
    for line in code.splitlines():
        if re.match(r"\s*git clone\b", line):
            cloned = True
            continue
        if not (cloned and re.match(r"\s*cd\b", line)):
            kept.append(line)
        cloned = False
    return "\n".join(kept) + "\n"


def run_document(path, folder):
    """Runs the blocks of one document in folder; returns the faults."""
    faults = []
    for block in blocks(path.read_text(encoding="utf-8")):
        where = f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{block.line}"
        began = time.monotonic()
        fault = run_block(block, folder)
        if fault:
            faults.append(f"{where}: {fault}")
        print(f"{where}: {'failed' if fault else 'ok'}, {time.monotonic() - began:.1f} s")
    return faults


def run_block(block, folder):
    """Runs one block; returns what went wrong, or an empty string."""
    try:
        done = subprocess.run(
            ["sh", "-e"], input=block.commands, cwd=folder, capture_output=True, text=True, timeout=LIMIT_SECONDS,
            env=os.environ | {"README_RUNS": "1"}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not done after {LIMIT_SECONDS} s\n{block.commands}"
    if done.returncode != 0:
        return f"exit code {done.returncode}\n{block.commands}{done.stdout}{done.stderr}"
    if block.output is not None and done.stdout != block.output:
        return f"the output shown is\n{block.output}but it is\n{done.stdout}"
    return ""


def prose(path):
    """Returns a document without its blocks."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def broken_links(path):
    """Returns the links of a document to files, or to headings of documents, that are not there."""
    faults, where = [], path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    for target, heading in LINK.findall(prose(path)):
        to = path.parent / target if target else path
        if not to.exists():
            faults.append(f"{where}: links to {target}, which is not there")
        elif heading and to.suffix == ".md" and heading not in headings(to):
            faults.append(f"{where}: links to {target}#{heading}, a heading that is not there")
    return faults


def headings(path):
    """Returns the names by which links find the headings of a document, as GitHub makes them."""
    found = []
    for text in re.findall(r"^#+ (.*)$", prose(path), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
        name = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        same = sum(re.fullmatch(re.escape(name) + r"(-\d+)?", f) is not None for f in found)
        found.append(f"{name}-{same}" if same else name)
    return found


def lay_copy():
    """Copies what git knows or would add to SCRATCH; returns that folder."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (SCRATCH / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, SCRATCH / name)
    return SCRATCH


def main():
    if os.environ.get("README_RUNS"):
        sys.exit("a document runs the check that runs documents: put <!-- not run: reason --> before that block")
    faults = [fault for name in ("notebooks/README.md", "benchmarks/README.md", "CHANGELOG.md") for fault in broken_links(ROOT / name)]
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        try:
            faults += broken_links(path)
            if blocks(path.read_text(encoding="utf-8")):
                faults += run_document(path, lay_copy())
        except (OSError, ValueError) as err:
            faults.append(f"{path.relative_to(ROOT)}: {err}")
    if faults:
        sys.exit("\n".join(faults))
    shutil.rmtree(SCRATCH, ignore_errors=True)


class Selftest(unittest.TestCase):
    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "doc.md"
            path.write_text(text)
            return run_document(path, folder)

    def test_exit_code(self):
        self.assertEqual(self.check("```sh\ntrue\n```\n"), [])
        self.assertIn("doc.md:3: exit code 1", self.check("One.\n\n```sh\nfalse\ntrue\n```\n")[0])

    def test_output(self):
        shown = "```sh\necho a; echo b >&2\n```\n\n<!-- output -->\n```text\n%s\n```\n"
        self.assertEqual(self.check(shown % "a"), [])
        self.assertIn("but it is\na", self.check(shown % "b")[0])

    def test_text_without_mark_is_not_compared(self):
        self.assertEqual(self.check("```sh\necho a\n```\n\n```text\nb\n```\n"), [])

    def test_blocks_of_a_document_share_a_folder(self):
        self.assertEqual(self.check("```sh\necho x > made\n```\nThen\n```sh\ntest -s made\n```\n"), [])

    def test_clone_is_left_out(self):
        self.assertEqual(commands("git clone URL x && cd x\ngo run .\n"), "go run .\n")
        self.assertEqual(commands("git clone URL x\ncd x\ncd cmd\n"), "cd cmd\n")
        self.assertEqual(commands("cd cmd\n"), "cd cmd\n")

    def test_not_run(self):
        self.assertEqual(self.check("<!-- not run: needs a fleet -->\n```sh\nfalse\n```\n"), [])
        with self.assertRaisesRegex(ValueError, "no reason"):
            blocks("<!-- not run -->\n```sh\nfalse\n```\n")
        self.assertEqual(len(blocks("<!-- not run: a -->\n\nText.\n<!-- b -->\n```sh\na\n```\n")), 1)
        self.assertEqual(len(blocks("<!-- not run: a -->\n```sh\na\n```\nb\n```sh\nc\n```\n")), 1)

    def test_links(self):
        with tempfile.TemporaryDirectory() as folder:
            path, other = pathlib.Path(folder) / "doc.md", pathlib.Path(folder) / "other.md"
            other.write_text("# A `name`, and [a link](x.md)\n## Twice\n## Twice\n```sh\n# No heading\n```\n")
            path.write_text("## Here\n[a](#here) [b](other.md#a-name-and-a-link) [c](other.md#twice-1) [d](other.md) [e](https://example.org/#x)\n```\n[f](none.md)\n```\n")
            self.assertEqual(broken_links(path), [])
            path.write_text("[a](#here) [b](other.md#no-heading) [c](none.md#x)\n")
            self.assertEqual([f.split(" links to ")[1].split(", ")[0] for f in broken_links(path)], ["#here", "other.md#no-heading", "none.md"])

    def test_other_blocks(self):
        self.assertEqual(blocks("```go\nx\n```\n```yaml\ny: 1\n```\n"), [])


if __name__ == "__main__":
    if sys.argv[1:] == ["--selftest"]:
        unittest.main(argv=sys.argv[:1], buffer=True)
    elif sys.argv[1:]:
        sys.exit(__doc__)
    main()
