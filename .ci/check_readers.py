"""Opens the Arrow files of runs with four libraries, which must read the same.

    check_readers.py FOLDER...     run folders, folders of many runs, or of sweeps
    check_readers.py --page FILE   the python blocks of a page, which read the runs of the working folder
    check_readers.py --selftest    the comparison, tried on files made for it

pyarrow, polars, pandas and DuckDB open each file, and must see the same rows, columns, types, nulls and values.
DuckDB reads what pyarrow opened: its own reader of Arrow files is an extension, which it would download.

The python blocks of a page run in their order, each by itself. What one prints must be the ```text block that
follows it behind <!-- output -->, if there is one.
"""

import contextlib
import io
import pathlib
import re
import shutil
import sys
import tempfile
import traceback
import unittest

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.ipc as ipc

# What each library calls a type of ours: those of columns, by that of pyarrow.
TYPES = {
    pa.int64(): (pl.Int64(), "BIGINT"),
    pa.float64(): (pl.Float64(), "DOUBLE"),
    pa.bool_(): (pl.Boolean(), "BOOLEAN"),
    pa.string(): (pl.String(), "VARCHAR"),
    pa.binary(): (pl.Binary(), "BLOB"),
    pa.list_(pa.string()): (pl.List(pl.String()), "VARCHAR[]"),
    pa.list_(pa.int64()): (pl.List(pl.Int64()), "BIGINT[]"),
}

BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\s*<!-- output -->\s*^```text\n(?P<output>.*?)^```$)?", re.MULTILINE | re.DOTALL
)


def check_file(path):
    """Returns the number of rows of a file, and how what the libraries read differs, one sentence each."""
    with ipc.open_file(path) as reader:
        table = reader.read_all()
    read = {
        "polars": of_polars(pl.read_ipc(path)),
        "pandas": of_pandas(pd.read_feather(path, dtype_backend="pyarrow")),
        "duckdb": of_duckdb(table),
    }
    faults = []
    for library, (columns, rows) in read.items():
        if rows != table.num_rows:
            faults.append(f"{library} reads {rows} rows, pyarrow {table.num_rows}")
        if list(columns) != table.column_names:
            faults.append(f"{library} reads the columns {', '.join(columns)}, pyarrow {', '.join(table.column_names)}")
            continue
        for name, (kind, values) in columns.items():
            faults += [f"{library}, column {name}: {fault}" for fault in compare(library, table.column(name), kind, values)]
    return table.num_rows, faults


def compare(library, column, kind, values):
    """Returns how a column differs from that of pyarrow: its type, its nulls and its values."""
    plain = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if plain not in TYPES:
        return [f"{plain} is a type that is not known here"]
    polars, sql = TYPES[plain]
    if plain != column.type:
        polars = pl.Categorical()
    want = {"polars": polars, "pandas": pd.ArrowDtype(column.type), "duckdb": sql}[library]
    if kind != want:
        return [f"is {kind}, not {want}"]
    values = values.cast(plain)
    if values.null_count != column.null_count:
        return [f"has {values.null_count} nulls, not {column.null_count}"]
    return [] if values.equals(column.cast(plain)) else ["has other values"]


def of_polars(frame):
    return {name: (kind, pa.chunked_array([frame[name].to_arrow()])) for name, kind in frame.schema.items()}, frame.height


def of_pandas(frame):
    return {name: (frame[name].dtype, pa.chunked_array([pa.array(frame[name])])) for name in frame.columns}, len(frame)


def of_duckdb(opened):
    kinds = {row[0]: row[1] for row in duckdb.sql("describe select * from opened").fetchall()}
    ((rows,),) = duckdb.sql("select count(*) from opened").fetchall()
    table = duckdb.sql("select * from opened").to_arrow_table()
    return {name: (kind, table.column(name)) for name, kind in kinds.items()}, rows


def check_folder(folder):
    """Returns the number of files and rows of a folder, and the faults."""
    files, rows, faults = sorted(folder.glob("*.arrow")), 0, []
    if not files:
        faults.append(f"{folder}: no Arrow file")
    for path in files:
        count, found = check_file(path)
        rows += count
        faults += [f"{path.name}: {fault}" for fault in found]
    return len(files), rows, faults


def check_page(text):
    """Runs the python blocks of a page; returns their number, and what went wrong."""
    faults, number = [], 0
    for number, block in enumerate(BLOCK.finditer(text), 1):
        line = text.count("\n", 0, block.start("code")) + 1
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(block["code"], f"line {line}", "exec"), {"__name__": "page"})
        except Exception:
            faults.append(f"line {line}: {traceback.format_exc()}")
            continue
        if block["output"] is not None and printed.getvalue() != block["output"]:
            faults.append(f"line {line}: the output shown is\n{block['output']}but it is\n{printed.getvalue()}")
    return number, faults or ([] if number else ["no python block"])


class Selftest(unittest.TestCase):
    """Files that all libraries read alike pass; each way to differ is named."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        name = pa.array(["a", None, "b"]).dictionary_encode()
        self.table = pa.table({
            "seq": pa.array([1, None, 2**62 + 1]), "share": [0.5, 0.1, None], "restored": [True, None, False], "path": ["x", "", None],
            "actor": name, "payload": pa.array([b"\0\xff", b"", None]), "next_hops": [["10.0.0.4", "10.0.0.5"], [], None],
            "causes": [[1, 2], None, [2**62 + 1]],
        })  # fmt: skip

    def write(self, table):
        with ipc.new_file(self.folder / "a.arrow", table.schema, options=ipc.IpcWriteOptions(compression="zstd")) as out:
            out.write(table)
        return check_folder(self.folder)

    def test_same(self):
        self.assertEqual(self.write(self.table), (1, 3, []))
        self.assertEqual(self.write(self.table.slice(0, 0)), (1, 0, []))

    def test_unknown_type(self):
        _, _, faults = self.write(pa.table({"t": pa.array([1], pa.duration("ns"))}))
        self.assertIn("duration[ns] is a type that is not known here", faults[0])

    def test_no_file(self):
        self.assertIn("no Arrow file", check_folder(self.folder)[2][0])

    def test_differences(self):
        column = pa.chunked_array([[1, None]])
        good = pa.chunked_array([[1, None]])
        self.assertEqual(compare("duckdb", column, "BIGINT", good), [])
        self.assertEqual(compare("duckdb", column, "INTEGER", good), ["is INTEGER, not BIGINT"])
        self.assertEqual(compare("polars", column, pl.Float64(), good), ["is Float64, not Int64"])
        self.assertEqual(compare("duckdb", column, "BIGINT", pa.chunked_array([[1, 2]])), ["has 0 nulls, not 1"])
        self.assertEqual(compare("duckdb", column, "BIGINT", pa.chunked_array([[2, None]])), ["has other values"])

    def test_page(self):
        page = "```python\nx = 1\nprint(x)\n```\n\n<!-- output -->\n```text\n%s\n```\n\n```python\nassert 'x' not in dir()\n```\n"
        self.assertEqual(check_page(page % "1"), (2, []))
        self.assertIn("the output shown is\n2\nbut it is\n1", check_page(page % "2")[1][0])
        self.assertIn("ZeroDivisionError", check_page("a\n```python\n1 / 0\n```\n")[1][0])
        self.assertEqual(check_page("nothing"), (0, ["no python block"]))


def main(arguments):
    if arguments == ["--selftest"]:
        unittest.main(argv=sys.argv[:1])
    if not arguments:
        sys.exit(__doc__)
    if arguments[0] == "--page":
        number, faults = check_page(pathlib.Path(arguments[1]).read_text(encoding="utf-8"))
        print(f"{arguments[1]}: {number} blocks ran")
    else:
        faults = []
        for folder in arguments:
            files, rows, found = check_folder(pathlib.Path(folder))
            faults += found
            print(f"{folder}: pyarrow, polars, pandas and DuckDB read {files} files with {rows} rows: {len(found)} differences")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main(sys.argv[1:])
