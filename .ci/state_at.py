"""The state of a run at any time, folded from its Arrow files: what a report must show, by other code."""

import bisect
import pathlib

import pyarrow.ipc as ipc


def rows(folder, table):
    """Returns the rows of a table of a run, as dicts."""
    with ipc.open_file(pathlib.Path(folder) / f"{table}.arrow") as reader:
        return reader.read_all().to_pylist()


class Run:
    """The tables of a run whose rows are changes."""

    def __init__(self, folder):
        self.changes = {table: rows(folder, table) for table in ("sessions", "routes", "traffic")}
        self.times = sorted({row["t_ns"] for table in self.changes.values() for row in table})

    def until(self, table, t):
        return self.changes[table][: bisect.bisect_right(self.changes[table], t, key=lambda row: row["t_ns"])]

    def sessions(self, t):
        """Returns the state of each end of a session by (actor, peer)."""
        return {(row["actor"], row["peer"]): row["state"] for row in self.until("sessions", t)}

    def routes(self, t):
        """Returns the next hops of each entry by (actor, table, prefix)."""
        held = {(row["actor"], row["table"], row["prefix"]): tuple(row["next_hops"] or ()) for row in self.until("routes", t)}
        return {key: hops for key, hops in held.items() if hops}

    def traffic(self, t):
        """Returns (delivered, lost) in bit/s by (class, direction, via, cause), without those of which there is nothing."""
        last, sums = {}, {}
        for row in self.until_by_way(t):
            way = row["class"], row["direction"]
            if last.get(way) != row["t_ns"]:  # a step tells all of its class and direction
                last[way], sums[way] = row["t_ns"], {}
            key = row["via"], row["cause"]
            delivered, lost = sums[way].get(key, (0, 0))
            sums[way][key] = delivered + row["delivered_bps"], lost + row["lost_bps"]
        return {way + key: rates for way, step in sums.items() for key, rates in step.items() if any(rates)}

    def until_by_way(self, t):
        return [row for row in self.changes["traffic"] if row["t_ns"] <= t]  # in the order of class, direction, time
