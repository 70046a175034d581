"""Executes the notebooks.

    notebooks.py             runs the simulations that they read, executes them, and writes them
    notebooks.py --check     the same in .scratch/notebooks, and compares with what is committed
    notebooks.py --selftest  the comparison, tried on notebooks made for it

The sources are notebooks/*.py (py:percent); each becomes the .ipynb of the same name, executed, with its pictures.
SIMULATE is the command that runs the simulations. A notebook has nothing in it that differs from one execution to the
next: no times, no counters of the kernel, no places on this machine. So it can be compared: all but the bytes of the
pictures, which another processor may draw a little differently.
"""

import base64
import copy
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SCRATCH = ROOT / ".scratch" / "notebooks"
SETTINGS = ROOT / ".scratch" / "settings"  # in place of those of the user
LIMIT_BYTES = 300_000
LIMIT_SECONDS = 300
PICTURE = "image/png"

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def make(folder):
    """Runs the simulations of folder, and executes its notebooks."""
    began = time.monotonic()
    subprocess.run(["sh", folder / "simulations.sh"], check=True)
    print(f"simulations: {time.monotonic() - began:.1f} s")
    settle()
    for source in sources(folder):
        began = time.monotonic()
        text = as_text(execute(source))
        source.with_suffix(".ipynb").write_text(text, encoding="utf-8")
        print(f"{source.stem}: {len(text) / 1000:.0f} kB, {time.monotonic() - began:.1f} s")


def sources(folder):
    return sorted(folder.glob("[0-9]*.py"))


def settle():
    """Makes the kernels deaf to the settings of whoever runs this, and their libraries ready."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR"):
        os.environ[name] = str(SETTINGS / name.lower())
        os.makedirs(os.environ[name], exist_ok=True)
    os.environ |= {"JUPYTER_PREFER_ENV_PATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("MPLBACKEND", "MATPLOTLIBRC", "PYTHONWARNINGS"):
        os.environ.pop(name, None)
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=True)  # says something when it is new


def execute(source):
    """Returns a notebook with its outputs, as it is written."""
    import jupytext
    import nbclient
    from traitlets.config import Config

    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
    nbclient.NotebookClient(
        notebook, timeout=LIMIT_SECONDS, kernel_name="python3", resources={"metadata": {"path": source.parent}},
        record_timing=False, config=Config(KernelManager={"transport_encryption": "required"}),
    ).execute()  # fmt: skip
    notebook.metadata = METADATA  # the kernel has said which Python it is
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            tidy(source, output)
    return notebook


def tidy(source, output):
    """Takes out of an output what differs between executions; there must be no warning in it."""
    if output.get("name") == "stderr":
        raise ValueError(f"{source.name} writes to standard error: {output['text']}")
    output.pop("metadata", None)
    if output["output_type"] in ("execute_result", "display_data"):
        output["metadata"] = {}
    data = output.get("data", {})
    if PICTURE in data:
        data[PICTURE] = smaller(data[PICTURE])


def smaller(picture):
    """Returns a picture with a palette of 128 colours, and without what made it."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    out = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def as_text(notebook):
    """Returns the text of a .ipynb file."""
    import nbformat

    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def check():
    """Makes all notebooks again, elsewhere, and returns how they differ from those that are committed."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    shutil.copytree(NOTEBOOKS, SCRATCH, ignore=shutil.ignore_patterns("runs", "*.ipynb", "__pycache__"))
    make(SCRATCH)
    faults = []
    names = {path.name for folder in (NOTEBOOKS, SCRATCH) for path in folder.glob("*.ipynb")}
    for name in sorted(names):
        try:
            committed, fresh = [(folder / name).read_text(encoding="utf-8") for folder in (NOTEBOOKS, SCRATCH)]
        except OSError as err:
            faults.append(f"{name}: {err.strerror}: {err.filename}")
            continue
        faults += [f"{name}: {fault}" for fault in differences(committed, fresh)]
    return faults


def differences(committed, fresh):
    """Returns what is wrong with the text of a committed notebook, beside a fresh one."""
    faults = []
    if len(committed.encode()) > LIMIT_BYTES:
        faults.append(f"has {len(committed.encode())} bytes, more than {LIMIT_BYTES}")
    ours, theirs = json.loads(committed)["cells"], json.loads(fresh)["cells"]
    if len(ours) != len(theirs):
        return [*faults, f"has {len(ours)} cells, its source {len(theirs)}"]
    for number, (old, new) in enumerate(zip(ours, theirs)):
        if old["source"] != new["source"]:
            faults.append(f"cell {number} is another than in its source")
        elif without_pictures(old) != without_pictures(new):
            faults.append(f"cell {number} gives something else now: {shown(new)}")
    return faults


def without_pictures(cell):
    """Returns a cell in which each picture is only said to be there."""
    cell = copy.deepcopy(cell)
    for output in cell.get("outputs", []):
        if output.get("data", {}).get(PICTURE):
            output["data"][PICTURE] = "a picture"
    return cell


def shown(cell):
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    return " ".join("".join(text) for text in texts)[:500]


class Selftest(unittest.TestCase):
    """What differs between two notebooks is named, and pictures may differ."""

    def setUp(self):
        self.cells = [
            {"cell_type": "markdown", "source": ["Why?"]},
            {"cell_type": "code", "source": ["1 + 1"], "outputs": [{"data": {"text/plain": ["2"]}}]},
            {"cell_type": "code", "source": ["draw()"], "outputs": [{"data": {PICTURE: "AAAA", "text/plain": ["<Figure>"]}}]},
        ]

    def differences(self, changed):
        return differences(json.dumps({"cells": changed}), json.dumps({"cells": self.cells}))

    def changed(self):
        return copy.deepcopy(self.cells)

    def test_same(self):
        self.assertEqual(self.differences(self.changed()), [])

    def test_other_bytes_of_a_picture(self):
        cells = self.changed()
        cells[2]["outputs"][0]["data"][PICTURE] = "BBBB"
        self.assertEqual(self.differences(cells), [])

    def test_no_picture(self):
        for change in (lambda data: data.pop(PICTURE), lambda data: data.update({PICTURE: ""})):
            cells = self.changed()
            change(cells[2]["outputs"][0]["data"])
            self.assertIn("cell 2 gives something else now", self.differences(cells)[0])

    def test_other_result(self):
        cells = self.changed()
        cells[1]["outputs"][0]["data"]["text/plain"] = ["3"]
        self.assertEqual(self.differences(cells), ["cell 1 gives something else now: 2"])

    def test_not_executed(self):
        cells = self.changed()
        cells[1]["outputs"] = []
        self.assertIn("cell 1 gives something else now", self.differences(cells)[0])

    def test_other_source(self):
        cells = self.changed()
        cells[0]["source"] = ["How?"]
        self.assertEqual(self.differences(cells), ["cell 0 is another than in its source"])
        self.assertEqual(self.differences(cells[:2]), ["has 2 cells, its source 3"])

    def test_large(self):
        cells = self.changed()
        cells[2]["outputs"][0]["data"][PICTURE] = "A" * LIMIT_BYTES
        self.assertIn("more than 300000", self.differences(cells)[0])

    def test_warning(self):
        with self.assertRaisesRegex(ValueError, "standard error: careful"):
            tidy(pathlib.Path("a.py"), {"output_type": "stream", "name": "stderr", "text": "careful"})


def main(arguments):
    if arguments == ["--selftest"]:
        unittest.main(argv=sys.argv[:1])
    elif arguments == ["--check"]:
        faults = check()
        if faults:
            sys.exit("\n".join(faults) + "\nmake notebooks writes them anew")
        print("the notebooks are fresh")
    elif not arguments:
        make(NOTEBOOKS)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
