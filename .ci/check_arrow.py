"""Checks that the files of a run keep their contract, as a reader in another language sees them.

    check_arrow.py RUN_FOLDER     the folder of one run, of many (--seeds), or of a sweep
    check_arrow.py --selftest     the checks, tried on folders made for them

Each Arrow file must be there, hold the columns below with exactly these types (more columns may follow), carry the
metadata of its run and be compressed with zstd; run.json must have its keys and agree with them. So must sweep.json,
where the tables have a column run more, and runs and summary a column for each parameter that is swept.
"""

import hashlib
import json
import pathlib
import shutil
import struct
import sys
import tempfile
import unittest

import pyarrow as pa
import pyarrow.ipc as ipc

INT, SHARE, TEXT, FLAG = pa.int64(), pa.float64(), pa.string(), pa.bool_()
NAME = "dictionary<string>"  # an enum or a name, whatever the type of its index
ADDRESSES, CAUSES, BYTES = pa.list_(pa.string()), pa.list_(pa.int64()), pa.binary()


def columns(**groups):
    """Turns INT="a b", … into {"a": int64, "b": int64, …}."""
    types = {"INT": INT, "SHARE": SHARE, "TEXT": TEXT, "FLAG": FLAG, "NAME": NAME}
    types |= {"ADDRESSES": ADDRESSES, "CAUSES": CAUSES, "BYTES": BYTES}
    return {name: types[group] for group, names in groups.items() for name in names.split()}


TABLES = {
    "events": columns(
        INT="seq cause root t_ns due_ns", NAME="role actor peer kind", TEXT="prefix detail", CAUSES="causes", BYTES="payload"
    ),
    "routes": columns(
        INT="seq root t_ns as_path_len", NAME="actor table from", TEXT="prefix as_path why", ADDRESSES="next_hops"
    ),
    "programming": columns(INT="seq root t_ns changes", NAME="actor group"),
    "sessions": columns(INT="seq root t_ns", NAME="actor peer state reason"),
    "convergence": columns(
        INT="root t_ns detection_ns detection_last_ns control_ns forwarding_ns traffic_ns"
        " detect_ns propagate_ns decide_ns program_ns flows_ns announcements withdrawals best_changes",
        NAME="disturbance target",
        FLAG="restored overlaps converged",
    ),
    "flapping": columns(
        INT="root best_changes returns distinct_paths first_ns last_ns suppressed_ns", NAME="actor", TEXT="prefix"
    ),
    "traffic": columns(
        INT="t_ns root offered_bps delivered_bps lost_bps", NAME="class direction via cause", TEXT="path", FLAG="inspected"
    ),
    "shift": columns(
        INT="root t50_ns t90_ns t99_ns t100_ns flows_moved flows_broken", NAME="class direction via", SHARE="share_before share_after"
    ),
    "outages": columns(INT="root outage_ns lost_bytes lost_packets equivalent_ns", NAME="class direction cause", FLAG="restored"),
}

# The tables of many runs: those of one with a column more, a row a run, and a row a measure.
SWEEP = {name: {"run": INT} | contract for name, contract in TABLES.items()} | {
    "runs": columns(
        INT="run point seed detection_ns control_ns forwarding_ns traffic_ns outage_forward_ns outage_return_ns outage_two_way_ns",
        NAME="status", TEXT="digest", FLAG="converged",
    ),
    "summary": columns(
        INT="point n nulls", NAME="measure disturbance class direction",
        SHARE="mean mean_low mean_high p50 p50_low p50_high p95 p95_low p95_high p99 p99_low p99_high",
    ),
}  # fmt: skip

METADATA = ["simulate." + key for key in ("schema", "schema_version", "scenario", "seed", "digest")]

RUN_KEYS = {
    "schema_version": (int, str), "status": str, "scenario": str, "scenario_sha256": str, "seed": int, "digest": str,
    "lines": int, "turns": int, "messages": int, "virtual_ns": int, "converged": bool,
    "unknowns": (list, dict), "nic_groups": int, "versions": dict, "wall": dict,
}  # fmt: skip

SWEEP_KEYS = {
    "schema_version": (int, str), "status": str, "scenario": str, "scenario_sha256": str, "seed": int, "seeds": int,
    "runs": int, "digest": str, "axes": list, "points": list, "failures": list, "unknowns": (list, dict), "versions": dict, "wall": dict,
}  # fmt: skip


def check_folder(folder):
    """Returns the number of rows of each table and the list of faults, one sentence each."""
    folder, rows = pathlib.Path(folder), {}
    if not folder.is_dir():
        return rows, [f"{folder} is not a folder"]
    sweep = (folder / "sweep.json").exists()
    tables = SWEEP if sweep else TABLES
    run, faults = check_run(folder / "sweep.json", SWEEP_KEYS) if sweep else check_run(folder / "run.json", RUN_KEYS)
    faults += check_scenario(folder / "scenario.yaml", run)
    faults += [f"{path.name}: left over from an unfinished write" for path in sorted(folder.glob("*.tmp"))]
    for path in [folder / f"{name}.arrow" for name in tables if not (folder / f"{name}.arrow").exists()]:
        faults.append(f"{path.name}: missing")
    for path in sorted(folder.glob("*.arrow")):
        contract = tables.get(path.stem, {}) | (parameters(run) if path.stem in ("runs", "summary") else {})
        rows[path.stem], found = check_file(path, run, contract)
        faults += [f"{path.name}: {fault}" for fault in found]
    return rows, faults


def parameters(run):
    """Returns the columns of the parameters of a sweep: as written, and as numbers where they are."""
    axes = run.get("axes", [])
    return {f"param.{axis['name']}": NAME for axis in axes} | {f"value.{axis['name']}": SHARE for axis in axes if axis["numbers"]}


def check_run(path, keys):
    """Returns what run.json or sweep.json says, and the faults in it."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        return {}, [f"{path.name}: {err}"]
    faults = [f"{path.name}: no key {key!r}" for key in keys if key not in run]
    for key, kind in keys.items():
        if key in run and (not isinstance(run[key], kind) or kind is int and isinstance(run[key], bool)):
            faults.append(f"{path.name}: {key} is {run[key]!r}, of the wrong type")
    if run.get("status") not in ("complete", "partial", None):
        faults.append(f"{path.name}: status is {run['status']!r}, neither complete nor partial")
    return run, faults


def check_scenario(path, run):
    if not path.is_file():
        return ["scenario.yaml: missing"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != run.get("scenario_sha256", digest):
        return [f"scenario.yaml: its SHA-256 is {digest}, but the run says {run['scenario_sha256']!r}"]
    return []


def check_file(path, run, contract):
    """Returns the number of rows of an Arrow file, and the faults in it."""
    try:
        with ipc.open_file(path) as reader:
            table = reader.read_all()
        table.validate(full=True)
        codecs = compression(path)
    except (pa.ArrowException, OSError) as err:
        return 0, [f"cannot be read: {err}"]
    faults = check_columns(table.schema, contract) + check_metadata(table.schema, run)
    if codecs - {"zstd"}:
        faults.append(f"a batch is compressed with {', '.join(sorted(codecs))}, not zstd")
    return table.num_rows, faults


def check_columns(schema, contract):
    faults = []
    for name, want in contract.items():
        at = schema.get_all_field_indices(name)
        if len(at) != 1:
            faults.append(f"{len(at)} columns {name!r}, not one of type {want}")
        elif not has_type(schema.field(at[0]).type, want):
            faults.append(f"column {name!r} is {schema.field(at[0]).type}, not {want}")
    for field in schema:
        if field.name.endswith("_ns") and field.type != INT:
            faults.append(f"column {field.name!r} is {field.type}, but times are int64 nanoseconds")
    return list(dict.fromkeys(faults))


def has_type(got, want):
    if want is NAME:
        return pa.types.is_dictionary(got) and got.value_type == TEXT
    return got == want


def check_metadata(schema, run):
    meta = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    faults = [f"no schema metadata {key!r}" for key in METADATA if not meta.get(key)]
    for key in ("schema_version", "scenario", "seed", "digest"):
        got = meta.get("simulate." + key)
        if got and key in run and got != str(run[key]):
            faults.append(f"metadata simulate.{key} is {got!r}, but the run says {run[key]!r}")
    return faults


def compression(path):
    """Returns the names of the codecs of the record and dictionary batches of an Arrow file ("none" where there is none).

    pyarrow does not tell, so this reads the flatbuffer of each message: Message.fbs and Schema.fbs of the Arrow format.
    """
    codecs = set()
    for message in ipc.MessageReader.open_stream(pa.py_buffer(path.read_bytes()[8:])):  # a file is a stream behind 8 bytes
        meta = message.metadata.to_pybytes()
        (root,) = struct.unpack_from("<I", meta)
        batch = table_at(meta, field(meta, root, 2))
        if message.type == "dictionary":
            batch = table_at(meta, field(meta, batch, 1))
        elif message.type != "record batch":
            continue
        body = field(meta, batch, 3)
        if body is None:
            codecs.add("none")
            continue
        codec = field(meta, table_at(meta, body), 0)
        codecs.add("zstd" if codec is not None and meta[codec] == 1 else "lz4")
    return codecs


def field(meta, table, index):
    """Returns where field number index of a flatbuffer table stands, or None if it has its default."""
    (back,) = struct.unpack_from("<i", meta, table)
    vtable = table - back
    (size,) = struct.unpack_from("<H", meta, vtable)
    if 4 + 2 * index >= size:
        return None
    (offset,) = struct.unpack_from("<H", meta, vtable + 4 + 2 * index)
    return table + offset if offset else None


def table_at(meta, position):
    return position + struct.unpack_from("<I", meta, position)[0]


class Selftest(unittest.TestCase):
    """A folder that keeps the contract passes; each way of breaking it is named."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.run_json = {key: (kind[0] if isinstance(kind, tuple) else kind)() for key, kind in RUN_KEYS.items()}
        self.run_json |= {"schema_version": 1, "status": "complete", "scenario": "one", "seed": 7, "digest": "d1"}
        self.meta = dict(zip(METADATA, ("events", "1", "one", "7", "d1")))
        self.run_json["scenario_sha256"] = hashlib.sha256(b"version: 1\n").hexdigest()
        (self.folder / "run.json").write_text(json.dumps(self.run_json))
        (self.folder / "scenario.yaml").write_bytes(b"version: 1\n")
        for name in TABLES:
            self.write(name)

    def make_sweep(self):
        (self.folder / "run.json").unlink()
        sweep = {key: (kind[0] if isinstance(kind, tuple) else kind)() for key, kind in SWEEP_KEYS.items()}
        sweep |= {key: self.run_json[key] for key in RUN_KEYS.keys() & SWEEP_KEYS.keys()}
        (self.folder / "sweep.json").write_text(json.dumps(sweep))
        for name in SWEEP:
            self.write(name, tables=SWEEP)

    def write(self, name, change=None, meta=None, codec="zstd", rows=2, tables=TABLES):
        contract = tables[name] | (change or {})
        types = [(n, pa.dictionary(pa.uint16(), TEXT) if t is NAME else t) for n, t in contract.items() if t is not None]
        schema = pa.schema(types, metadata=self.meta if meta is None else meta)
        data = pa.table([pa.array([None] * rows, t) for _, t in types], schema=schema)
        with ipc.new_file(self.folder / f"{name}.arrow", schema, options=ipc.IpcWriteOptions(compression=codec)) as out:
            out.write(data)

    def assert_fault(self, *parts):
        _, faults = check_folder(self.folder)
        self.assertEqual(len(faults), 1, faults)
        for part in parts:
            self.assertIn(part, faults[0])

    def test_good(self):
        self.write("sessions", rows=0)
        self.write("shift", change={"more": pa.float32()})
        rows, faults = check_folder(self.folder)
        self.assertEqual(faults, [])
        self.assertEqual((rows["events"], rows["sessions"]), (2, 0))

    def test_sweep(self):
        self.make_sweep()
        rows, faults = check_folder(self.folder)
        self.assertEqual(faults, [])
        self.assertEqual(rows.keys(), SWEEP.keys())

    def test_parameters(self):
        self.make_sweep()
        said = json.loads((self.folder / "sweep.json").read_text())
        said["axes"] = [{"name": "hold", "numbers": [1.0]}, {"name": "design", "numbers": None}]
        (self.folder / "sweep.json").write_text(json.dumps(said))
        more = {"param.hold": NAME, "value.hold": SHARE, "param.design": NAME}
        for name in ("runs", "summary"):
            self.write(name, change=more, tables=SWEEP)
        self.assertEqual(check_folder(self.folder)[1], [])
        self.write("runs", change=more | {"value.hold": None}, tables=SWEEP)
        self.assert_fault("runs.arrow", "0 columns 'value.hold'")

    def test_sweep_without_runs(self):
        self.make_sweep()
        self.write("routes")
        self.assert_fault("routes.arrow", "0 columns 'run'")
        self.write("routes", tables=SWEEP)
        (self.folder / "summary.arrow").unlink()
        self.assert_fault("summary.arrow: missing")

    def test_column_missing(self):
        self.write("routes", change={"why": None})
        self.assert_fault("routes.arrow", "0 columns 'why'")

    def test_time_unsigned(self):
        self.write("traffic", change={"t_ns": pa.uint64()})
        _, faults = check_folder(self.folder)
        self.assertIn("traffic.arrow: column 't_ns' is uint64, not int64", faults)

    def test_time_in_another_column(self):
        self.write("traffic", change={"extra_ns": pa.duration("ns")})
        self.assert_fault("'extra_ns' is duration[ns]", "int64")

    def test_enum_plain(self):
        self.write("sessions", change={"state": TEXT})
        self.assert_fault("sessions.arrow", "'state' is string, not dictionary<string>")

    def test_text_dictionary(self):
        self.write("routes", change={"prefix": NAME})
        self.assert_fault("'prefix' is dictionary", "not string")

    def test_share_integer(self):
        self.write("shift", change={"share_after": INT})
        self.assert_fault("'share_after' is int64, not double")

    def test_metadata_missing(self):
        self.write("outages", meta={k: v for k, v in self.meta.items() if k != "simulate.digest"})
        self.assert_fault("outages.arrow", "no schema metadata 'simulate.digest'")

    def test_metadata_of_another_run(self):
        self.write("outages", meta=self.meta | {"simulate.seed": "8"})
        self.assert_fault("simulate.seed is '8'", "7")

    def test_compression(self):
        for codec, name in (("lz4", "lz4"), (None, "none")):
            self.write("events", codec=codec)
            self.assert_fault("events.arrow", f"compressed with {name}, not zstd")

    def test_file_missing(self):
        (self.folder / "flapping.arrow").unlink()
        self.assert_fault("flapping.arrow: missing")

    def test_file_cut(self):
        path = self.folder / "flapping.arrow"
        path.write_bytes(path.read_bytes()[:-9])
        self.assert_fault("flapping.arrow: cannot be read")

    def test_unfinished(self):
        (self.folder / "events.arrow.tmp").touch()
        self.assert_fault("events.arrow.tmp: left over")

    def test_run_json(self):
        for key in RUN_KEYS:
            (self.folder / "run.json").write_text(json.dumps({k: v for k, v in self.run_json.items() if k != key}))
            self.assert_fault(f"no key '{key}'")

    def test_scenario_of_another_run(self):
        (self.folder / "scenario.yaml").write_text("version: 1\nname: other\n")
        self.assert_fault("scenario.yaml: its SHA-256 is")

    def test_run_status(self):
        (self.folder / "run.json").write_text(json.dumps(self.run_json | {"status": "fine"}))
        self.assert_fault("status is 'fine'")

    def test_no_folder(self):
        _, faults = check_folder(self.folder / "none")
        self.assertIn("is not a folder", faults[0])


def main(arguments):
    if arguments == ["--selftest"]:
        unittest.main(argv=sys.argv[:1])
    if len(arguments) != 1:
        sys.exit(__doc__)
    rows, faults = check_folder(arguments[0])
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(f"{arguments[0]}: {len(faults)} faults against the contract of run folders")
    print(f"{arguments[0]}: {len(rows)} Arrow files keep the contract ({', '.join(f'{n} {r}' for n, r in rows.items())} rows)")


if __name__ == "__main__":
    main(sys.argv[1:])
