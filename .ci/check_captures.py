"""Checks that tools which know nothing of this project read in an export what the run was.

    check_captures.py SIMULATE RUN...   exports each run folder with that program, and reads the files again
    check_captures.py --packets FILE... pcapng files alone: Wireshark finds nothing wrong with them
    check_captures.py --selftest        the checks, tried on packets and rows that are wrong

The truth is the Arrow tables of the folder. tshark reads the pcapng file: each message and TCP segment that was sent is
there, in order, with time, addresses, bytes, line, prefixes and AS path; no packet is malformed, no checksum wrong, and
TCP's analysis has nothing to say. bgpdump reads the MRT file: records by type, announcements, withdrawals and AS paths.
The trace is JSON whose flows are the messages. Each table is the same as CSV and as JSON Lines. Of a folder with many
runs only the tables are checked.
"""

import collections
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.ipc as ipc

EPOCH = 946_684_800_000_000_000  # 2000-01-01T00:00:00Z, in ns
BGP = {"open": 1, "update": 2, "notification": 3, "keepalive": 4, "route-refresh": 5}
SENT = {*BGP, "tcp", "bfd"}
NOTE, WARNING = 0x400000, 0x600000  # of Wireshark's severities; below are chats and comments, above errors


def main(args):
    if not args:
        sys.exit(__doc__)
    if args[0] == "--packets":
        need("tshark", "tshark")
        faults = [f"{file}: {fault}" for file in args[1:] for fault in check_packets_alone(file)]
    else:
        need("tshark", "tshark")
        need("bgpdump", "bgpdump")
        faults = [f"{run}: {fault}" for run in args[1:] for fault in check_run(args[0], pathlib.Path(run))]
    for fault in faults[:30]:
        print(fault)
    if faults:
        sys.exit(f"{len(faults)} faults")


def need(tool, package):
    if shutil.which(tool) is None:
        sys.exit(f"{tool} is missing: install the Debian package {package}")


def check_run(simulate, folder):
    """Exports everything that a folder has, and returns what is wrong with it."""
    with tempfile.TemporaryDirectory() as scratch:
        def export(*args):
            to = pathlib.Path(scratch) / "-".join(args).replace("--", "")
            subprocess.run([simulate, "export", folder, "--format", *args, "--to", to, "--quiet"], check=True)
            return to

        faults = []
        for file in sorted(folder.glob("*.arrow")):
            with ipc.open_file(file) as reader:
                table = reader.read_all()
            faults += check_csv(file.stem, table, export("csv", "--table", file.stem))
            faults += check_jsonl(file.stem, table, export("jsonl", "--table", file.stem))
        if (folder / "sweep.json").exists():
            print(f"{folder}: {len(list(folder.glob('*.arrow')))} tables as CSV and JSON Lines")
            return faults
        with ipc.open_file(folder / "events.arrow") as reader:
            rows = reader.read_all().to_pylist()
        nodes = nodes_of(rows)
        packets = dissect(export("pcapng"))
        faults += check_packets(rows, nodes, packets)
        faults += check_mrt(rows, nodes, export("mrt"))
        faults += check_trace(rows, export("trace"))
    kinds = collections.Counter(row["kind"] for row in rows if row["role"] == "out" and row["kind"] in SENT)
    print(f"{folder}: {len(packets)} packets ({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))}), MRT, trace and all tables")
    return faults


# What the log says.


def nodes_of(rows):
    """Returns address and AS of each node that has an address, as the log tells of them."""
    nodes = {}
    for row in rows:
        if row["kind"] == "node":
            name = row["detail"].split(" ", 1)[0]
            address = re.search(r", (\d+\.\d+\.\d+\.\d+)(,|$)", row["detail"])
            number = re.search(r", AS (\d+)(,|$)", row["detail"])
            if address:
                nodes[name] = (address[1], int(number[1]) if number else 0)
    return nodes


def routes_of(detail):
    """Returns the withdrawn prefixes, the announced ones and the AS path of the text of an UPDATE."""
    withdrawn, announced, path = [], [], []
    for part in detail.removeprefix("UPDATE ").split("; "):
        if part.startswith("withdraw "):
            withdrawn = part.removeprefix("withdraw ").split(", ")
        elif found := re.match(r"announce (.*) path (.*)next hop ", part):
            announced, path = found[1].split(", "), found[2].split()
    return withdrawn, announced, path


# Packets.

FIELDS = """frame.time_epoch frame.interface_name frame.comment ip.src ip.dst tcp.flags.syn tcp.flags.ack tcp.flags.fin tcp.flags.reset
tcp.payload udp.payload udp.dstport bgp.type bgp.withdrawn_prefix bgp.prefix_length bgp.nlri_prefix
bgp.update.path_attribute.as_path_segment.as4 _ws.malformed _ws.expert.severity _ws.expert.message tcp.analysis.flags
ip.checksum.status tcp.checksum.status udp.checksum.status""".split()


def dissect(file):
    """Returns the packets of a file as tshark takes them apart: a list of values for each field."""
    command = ["tshark", "-n", "-r", file, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=\x1f"]
    for protocol in ("ip", "tcp", "udp"):
        command += ["-o", f"{protocol}.check_checksum:TRUE"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    packets = []
    for line in done.stdout.splitlines():
        values = line.split("\t")
        packets.append({field: value.split("\x1f") if value else [] for field, value in zip(FIELDS, values, strict=True)})
    return packets


def check_packets(rows, nodes, packets):
    sent = [row for row in rows if row["role"] == "out" and row["kind"] in SENT]
    faults = [] if len(sent) == len(packets) else [f"{len(packets)} packets of {len(sent)} lines"]
    lost = {row["cause"]: row for row in rows if row["role"] == "lost"}
    arrived = {row["cause"]: row for row in rows if row["role"] == "in"}
    for row, packet in zip(sent, packets):
        for fault in check_packet(row, nodes, packet) + check_fate(row, lost, arrived, packet) + suspicions(packet):
            faults.append(f"line {row['seq']}: {fault}")
    return faults


def check_packet(row, nodes, packet):
    """Compares a packet with the line in which it was sent."""
    wanted = {
        "frame.time_epoch": [seconds(EPOCH + row["t_ns"])], "frame.interface_name": [row["actor"]],
        "ip.src": [nodes[row["actor"]][0]], "ip.dst": [nodes[row["peer"]][0]],
    }  # fmt: skip
    if row["kind"] == "tcp":
        flag = row["detail"].split()[0]
        wanted |= {
            "tcp.flags.syn": ["1" if "SYN" in flag else "0"], "tcp.flags.ack": ["0" if flag == "SYN" else "1"],
            "tcp.flags.fin": ["1" if flag == "FIN" else "0"], "tcp.flags.reset": ["1" if flag == "RST" else "0"], "tcp.payload": [],
        }  # fmt: skip
    elif row["kind"] == "bfd":
        wanted |= {"udp.payload": [row["payload"].hex()], "udp.dstport": ["3784"]}
    else:
        wanted |= {"tcp.payload": [row["payload"].hex()], "bgp.type": [str(BGP[row["kind"]])]}
    faults = [f"{field} is {packet[field]}, not {value}" for field, value in wanted.items() if packet[field] != value]
    if row["kind"] == "update":
        withdrawn, announced, path = routes_of(row["detail"])
        prefixes = packet["bgp.withdrawn_prefix"] + packet["bgp.nlri_prefix"]
        theirs = [f"{prefix}/{length}" for prefix, length in zip(prefixes, packet["bgp.prefix_length"])]
        if theirs != withdrawn + announced:
            faults.append(f"tshark reads the prefixes {theirs}, not {withdrawn + announced}")
        if packet["bgp.update.path_attribute.as_path_segment.as4"] != [n for n in re.split(r"[ {},]+", " ".join(path)) if n]:
            faults.append(f"tshark reads the path {packet['bgp.update.path_attribute.as_path_segment.as4']}, not {path}")
    return faults


def check_fate(row, lost, arrived, packet):
    """Compares the comment of a packet with its line, and with the line in which it arrived or was lost."""
    seq = row["seq"]
    if seq in lost:
        fate = f"lost={seconds(lost[seq]['t_ns'])}s"
    elif seq in arrived:
        fate = f"arrives={seconds(arrived[seq]['t_ns'])}s"
    else:
        fate = "under-way-at-end"
    wanted = f"seq={seq} cause={row['cause']} root={row['root']} {fate} {row['detail']}"
    comment = "\x1f".join(packet["frame.comment"])
    return [] if comment == wanted else [f"its comment is {comment!r}, not {wanted!r}"]


ENDINGS = ("Connection reset (RST)", "This frame initiates the connection closing", "This frame undergoes the connection closing")


def suspicions(packet):
    """Returns what Wireshark has against a packet: nothing but that connections end."""
    faults = []
    if packet["_ws.malformed"]:
        faults.append("it is malformed")
    for layer in ("ip", "tcp", "udp"):
        if any(status not in ("1", "Good") for status in packet[f"{layer}.checksum.status"]):
            faults.append(f"its {layer} checksum is wrong")
    if packet["tcp.analysis.flags"]:
        faults.append(f"TCP's analysis flags it: {packet['_ws.expert.message']}")
    for severity, message in zip(packet["_ws.expert.severity"], packet["_ws.expert.message"]):
        if int(severity, 0) >= NOTE and not message.startswith(ENDINGS):
            faults.append(f"Wireshark says: {message}")
    return faults


def check_packets_alone(file):
    """Returns what Wireshark has against the packets of a file, but for what it reads wrongly itself."""
    faults = []
    for number, packet in enumerate(dissect(file), 1):
        if packet["_ws.malformed"] and reads_add_path(bytes.fromhex(packet["tcp.payload"][0])):
            continue
        faults += [f"packet {number}: {fault}" for fault in suspicions(packet)]
    return faults


def reads_add_path(message):
    """Tells whether Wireshark takes the prefixes of an UPDATE for some with path identifiers (RFC 7911).

    It guesses that of every list that could be one and has 0.0.0.0/0 before others.
    """
    body = message[19:]
    size = int.from_bytes(body[:2], "big")
    withdrawn, body = body[2 : 2 + size], body[2 + size :]
    announced = body[2 + int.from_bytes(body[:2], "big") :]
    return any(zero_before_others(prefixes) for prefixes in (withdrawn, announced))


def zero_before_others(prefixes):
    while prefixes:
        if prefixes[0] == 0 and len(prefixes) > 1:
            return True
        prefixes = prefixes[1 + (prefixes[0] + 7) // 8 :]
    return False


def seconds(ns):
    return f"{ns // 10**9}.{ns % 10**9:09d}"


# MRT.


def check_mrt(rows, nodes, file):
    faults = []
    text = subprocess.run(["bgpdump", "-H", file], capture_output=True, text=True, check=True).stdout
    theirs = collections.Counter(re.findall(r"^TYPE: (.*)$", text, re.MULTILINE))
    names = {"open": "Open", "update": "Update", "keepalive": "Keepalive", "notification": "Notify"}
    ours = collections.Counter(f"BGP4MP_ET/MESSAGE/{names[row['kind']]}" for row in rows if row["role"] == "in" and row["kind"] in names)
    ours["BGP4MP_ET/STATE_CHANGE"] = sum(row["kind"] == "session-changed" for row in rows)
    if +theirs != +ours:
        faults.append(f"bgpdump counts {dict(theirs)}, not {dict(ours)}")
    text = subprocess.run(["bgpdump", "-m", file], capture_output=True, text=True, check=True).stdout
    theirs = [line.split("|") for line in text.splitlines()]
    return faults + check_routes(rows, nodes, theirs) + check_states(rows, nodes, theirs)


def micros(row):
    """Returns the time of a row as bgpdump prints it."""
    at = (EPOCH + row["t_ns"]) // 1000
    return f"{at // 10**6}.{at % 10**6:06d}"


def check_routes(rows, nodes, records):
    """Compares what was announced and withdrawn: when, by whom, which prefix, with which path."""
    theirs = collections.Counter()
    for record in records:
        if record[2] in "AW":
            theirs[record[1], record[2], record[3], record[4], record[5], record[6] if record[2] == "A" else ""] += 1
    ours = collections.Counter()
    for row in rows:
        if row["role"] != "in" or row["kind"] != "update":
            continue
        address, number = nodes[row["peer"]]
        withdrawn, announced, path = routes_of(row["detail"])
        for prefix in withdrawn:
            ours[micros(row), "W", address, str(number), prefix, ""] += 1
        for prefix in announced:
            ours[micros(row), "A", address, str(number), prefix, " ".join(path)] += 1
    return differences("routes", ours, theirs)


STATES = ["Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"]


def check_states(rows, nodes, records):
    theirs = collections.Counter((r[1], r[3], r[4], r[5], r[6]) for r in records if r[2] == "STATE")
    ours = collections.Counter()
    for row in rows:
        if row["kind"] == "session-changed":
            peer, was, now = re.match(r"session (\S+): (\w+) -> (\w+) ", row["detail"]).groups()
            ours[micros(row), nodes[peer][0], str(nodes[peer][1]), str(STATES.index(was) + 1), str(STATES.index(now) + 1)] += 1
    return differences("transitions", ours, theirs)


def differences(what, ours, theirs):
    if not ours:
        return [f"there are no {what}, and so nothing is compared"]
    faults = [f"bgpdump reads no {one}" for one in ours - theirs]
    return faults + [f"bgpdump reads {one}, which is not so" for one in theirs - ours]


# The trace.


def check_trace(rows, file):
    trace = json.loads(file.read_text(encoding="utf-8"))["traceEvents"]
    faults = []
    sent = sorted(row["seq"] for row in rows if row["role"] == "out")
    for phase in "sf":
        if sorted(event["id"] for event in trace if event["ph"] == phase) != sent:
            faults.append(f"the flows with phase {phase} are not the {len(sent)} messages")
    disturbances = sorted(row["detail"] for row in rows if row["role"] == "fault")
    if sorted(event["name"] for event in trace if event["ph"] == "i") != disturbances:
        faults.append("its instants are not the disturbances")
    ends = {}
    for event in sorted((e for e in trace if e["ph"] == "X"), key=lambda e: (e["ts"], e["dur"])):
        end = ends.get(event["tid"], 0)
        if event["ts"] < end - 1e-4:  # floating point
            faults.append(f"slice {event['name']} at {event['ts']} overlaps another")
        ends[event["tid"]] = max(end, event["ts"] + event["dur"])
    return faults


# Tables.


def plain(table):
    """Returns a table as text has it: names as texts, lists as JSON, bytes as hexadecimal digits."""
    columns = []
    for field, column in zip(table.schema, table.columns):
        if pa.types.is_dictionary(field.type):
            column = column.cast(pa.string())
        if pa.types.is_list(field.type):
            column = pa.array([None if v is None else json.dumps(v, separators=(",", ":"), ensure_ascii=False) for v in column.to_pylist()], pa.string())
        if pa.types.is_binary(field.type):
            column = pa.array([None if v is None else v.hex() for v in column.to_pylist()], pa.string())
        columns.append(column)
    return pa.table(columns, names=table.schema.names)


def check_csv(name, table, file):
    wanted = plain(table)
    types = {field.name: field.type for field in wanted.schema}
    got = csv.read_csv(
        file, csv.ReadOptions(block_size=1 << 28), csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]),
    )  # fmt: skip
    return [] if got.equals(wanted) else [f"{name}: its CSV is another table:\n{got}\nnot\n{wanted}"]


def check_jsonl(name, table, file):
    got = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    wanted = table.to_pylist()
    for row in wanted:
        for key, value in row.items():
            if isinstance(value, bytes):
                row[key] = value.hex()
    if got != wanted or any(list(row) != table.schema.names for row in got):
        return [f"{name}: its JSON Lines are another table"]
    return []


# Do the checks notice?


def a_packet(**changes):
    return {field: [] for field in FIELDS} | {
        "frame.time_epoch": ["946684801.000000002"], "frame.interface_name": ["a"], "ip.src": ["192.0.2.1"], "ip.dst": ["192.0.2.2"],
        "tcp.payload": ["ff"], "bgp.type": ["2"], "bgp.nlri_prefix": ["10.0.0.0"], "bgp.prefix_length": ["8"],
        "bgp.update.path_attribute.as_path_segment.as4": ["64512", "64513"], "frame.comment": ["seq=5 cause=4 root=3 arrives=1.500000000s " + TEXT],
    } | {name.replace("__", "."): value for name, value in changes.items()}  # fmt: skip


TEXT = "UPDATE announce 10.0.0.0/8 path 64512 64513 next hop 192.0.2.1"
ROWS = [
    {"seq": 1, "cause": 0, "root": 0, "t_ns": 0, "role": "fact", "kind": "node", "actor": "fabric", "peer": None, "detail": "a is a site, AS 64512, 192.0.2.1", "payload": b""},
    {"seq": 2, "cause": 0, "root": 0, "t_ns": 0, "role": "fact", "kind": "node", "actor": "fabric", "peer": None, "detail": "b is a site, AS 64513, 192.0.2.2", "payload": b""},
    {"seq": 5, "cause": 4, "root": 3, "t_ns": 10**9 + 2, "role": "out", "kind": "update", "actor": "a", "peer": "b", "detail": TEXT, "payload": b"\xff"},
    {"seq": 6, "cause": 5, "root": 3, "t_ns": 1_500_000_000, "role": "in", "kind": "update", "actor": "b", "peer": "a", "detail": TEXT, "payload": b"\xff"},
]  # fmt: skip
RECORD = "BGP4MP_ET|946684801.500000|A|192.0.2.1|64512|10.0.0.0/8|64512 64513|IGP|192.0.2.1|0|0||NAG||".split("|")


class Selftest(unittest.TestCase):
    def faults(self, **changes):
        return check_packets(ROWS, nodes_of(ROWS), [a_packet(**changes)])

    def test_whole(self):
        self.assertEqual(self.faults(), [])
        self.assertEqual(len(check_packets(ROWS, nodes_of(ROWS), [])), 1)

    def test_wrong_packets(self):
        for field, value in {
            "frame.time_epoch": ["946684801.000000003"], "frame.interface_name": ["b"], "frame.comment": ["seq=5"], "ip.src": ["192.0.2.2"], "ip.dst": [],
            "tcp.payload": ["fe"], "bgp.type": ["4"], "bgp.nlri_prefix": ["11.0.0.0"], "bgp.prefix_length": ["9"], "_ws.malformed": ["1"],
            "bgp.update.path_attribute.as_path_segment.as4": ["64512"], "tcp.analysis.flags": ["1"], "ip.checksum.status": ["0"], "tcp.checksum.status": ["Bad"],
        }.items():  # fmt: skip
            with self.subTest(field):
                self.assertTrue(self.faults(**{field: value}))

    def test_experts(self):
        self.assertTrue(self.faults(**{"_ws.expert.severity": [str(WARNING)], "_ws.expert.message": ["previous segment not captured"]}))
        self.assertFalse(self.faults(**{"_ws.expert.severity": [str(WARNING)], "_ws.expert.message": ["Connection reset (RST)"]}))

    def test_routes(self):
        self.assertEqual(check_routes(ROWS, nodes_of(ROWS), [RECORD]), [])
        self.assertTrue(check_routes(ROWS, nodes_of(ROWS), []))
        for i in (1, 3, 4, 5, 6):
            wrong = RECORD[:i] + ["x"] + RECORD[i + 1 :]
            self.assertEqual(len(check_routes(ROWS, nodes_of(ROWS), [wrong])), 2)

    def test_texts(self):
        self.assertEqual(routes_of("UPDATE withdraw 10.0.0.0/8, 0.0.0.0/0; announce 10.1.0.0/16 path 1 {2,3} next hop 1.2.3.4 65535:1"), (["10.0.0.0/8", "0.0.0.0/0"], ["10.1.0.0/16"], ["1", "{2,3}"]))
        self.assertEqual(routes_of("UPDATE announce 10.1.0.0/16 path  next hop 1.2.3.4"), ([], ["10.1.0.0/16"], []))
        self.assertEqual(routes_of("UPDATE End-of-RIB"), ([], [], []))
        self.assertTrue(zero_before_others(b"\x08\x0a\x00\x08\x0b"))
        self.assertFalse(zero_before_others(b"\x08\x0a\x00"))

    def test_tables(self):
        table = pa.table({"n": pa.array([1, None]), "t": pa.array(["", 'a,"b']), "l": pa.array([[1], None]), "x": pa.array([0.1, math.pi])})
        with tempfile.TemporaryDirectory() as scratch:
            file = pathlib.Path(scratch) / "t"
            file.write_text('n,t,l,x\n1,"",[1],0.1\n,"a,""b",,3.141592653589793\n')
            self.assertEqual(check_csv("t", table, file), [])
            file.write_text('n,t,l,x\n1,,[1],0.1\n,"a,""b",,3.141592653589793\n')
            self.assertTrue(check_csv("t", table, file))
            file.write_text('{"n":1,"t":"","l":[1],"x":0.1}\n{"n":null,"t":"a,\\"b","l":null,"x":3.141592653589793}\n')
            self.assertEqual(check_jsonl("t", table, file), [])
            file.write_text('{"n":1,"t":"","l":[1],"x":0.1}\n')
            self.assertTrue(check_jsonl("t", table, file))


if __name__ == "__main__":
    if sys.argv[1:] == ["--selftest"]:
        unittest.main(argv=sys.argv[:1])
    main(sys.argv[1:])
