# %% [markdown]
# # Why did this route change?
#
# `events.arrow` is the run: a line for each message, timer, fault and change, in order. All other files are
# made of it. Each line knows the line that caused it, so that every change can be walked back to what began
# it, and every fault forwards to all that it did. Here with polars and with DuckDB, on the run of
# [01-first-run](01-first-run.ipynb).

# %%
import duckdb
import matplotlib.pyplot as plt
import polars as pl
from dualhome import load, said

plt.style.use("dualhome.mplstyle")
pl.Config(
    tbl_rows=40,
    fmt_str_lengths=90,
    tbl_width_chars=150,
    tbl_hide_dataframe_shape=True,
    tbl_hide_column_data_types=True,
)
SECOND = 1_000_000_000

run = load("active-passive")
events, convergence = run["events"], run["convergence"]
events.select("seq", "cause", "root", "t_ns", "role", "actor", "peer", "kind", "detail").filter(
    pl.col("seq").is_between(422, 429)
)

# %% [markdown]
# | column | is |
# |---|---|
# | `seq` | the number of the line, from 1 on without a gap |
# | `cause` | the line that led to it; 0 for faults and for what the run begins with |
# | `root` | the disturbance that it goes back to; 0 for the start of the run |
# | `t_ns`, `due_ns` | when it is; for a message that is sent or a timer that is set also when it is due |
# | `role` | a fact of the network, a fault, a message sent (`out`), received (`in`) or `lost`, a timer, or a `change` of state |
# | `payload` | what rebuilds the event; for a BGP message, its bytes on the wire |
#
# ## Counting messages
#
# The same question in both languages. DuckDB reads the frame by its name.

# %%
sent = (
    events.filter(pl.col("role") == "out")
    .group_by(pl.col("kind").cast(pl.String))
    .len("messages")
    .sort("messages", "kind", descending=[True, False])
)
same = duckdb.sql(
    "select kind, count(*) as messages from events where role = 'out' group by kind order by messages desc, kind"
).pl()
assert same.rows() == sent.rows()
ends = events.filter(pl.col("role").is_in(["in", "lost"]), pl.col("kind") != "start")  # "start" comes from nobody
assert (
    sorted(ends["cause"]) == events.filter(pl.col("role") == "out")["seq"].to_list()
)  # each message arrives or is lost, once
lost = ends.filter(pl.col("role") == "lost")
print(f"{ends.height} messages, {lost.height} of them lost")
sent

# %%
KINDS = [
    ("open", "OPEN"),
    ("update", "UPDATE"),
    ("keepalive", "KEEPALIVE"),
    ("notification", "NOTIFICATION"),
    ("tcp", "TCP"),
    ("program", "NIC programming"),
]
figure, axis = plt.subplots(figsize=(9, 2.8))
for at, (kind, _) in enumerate(reversed(KINDS)):
    times = {
        role: events.filter(pl.col("kind") == kind, pl.col("role") == role)["t_ns"] / SECOND
        for role in ("out", "lost")
    }
    axis.plot(
        times["out"], [at] * times["out"].len(), "|", color="#0072b2", ms=12, mew=1.2, label=None if at else "sent"
    )
    axis.plot(
        times["lost"], [at] * times["lost"].len(), "x", color="#d55e00", ms=7, mew=1.6, label=None if at else "lost"
    )
for row in convergence.iter_rows(named=True):
    axis.axvline(row["t_ns"] / SECOND, color="#566573", ls=":")
    axis.annotate(
        row["disturbance"], (row["t_ns"] / SECOND, 5.75), ha="center", color="#566573", annotation_clip=False
    )
axis.set(
    yticks=range(len(KINDS)), yticklabels=[label for _, label in reversed(KINDS)], ylim=(-0.6, 5.6), xlim=(-15, 1200)
)
axis.set_xlabel("time since the start of the run [s]")
axis.grid(axis="y", visible=False)
figure.legend(loc="outside lower right", ncols=2)
plt.show()

# %% [markdown]
# *Lost: at the time when the connection is given up; until then TCP sends again.* Keepalives are in the log
# where they matter. As long as a session has nothing to tell, both its ends know when the other would have
# sent one, and no line is written: it would be the same in each minute. What the survivors send to the dead
# NVA is written, as nothing comes of it.
#
# ## Back: from a NIC to the fault
#
# The last NIC that changed before the repair ended the outage. DuckDB walks its causes with a recursive
# query; with polars it is a loop.

# %%
died, repaired = convergence.sort("t_ns").iter_rows(named=True)
last = events.filter(pl.col("kind") == "nic-changed", pl.col("root") == died["root"])["seq"].max()

WALK = """
with recursive chain as (
    select * from events where seq = $1
    union all
    select events.* from events join chain on events.seq = chain.cause
)
select seq, cause, t_ns, role, actor, peer, kind, detail from chain order by seq
"""


def back(seq):
    """Gives the lines from the disturbance to the line seq."""
    return duckdb.sql(WALK, params=[seq]).pl()


def hops(chain):
    """Gives the same with how long each line came after the one that caused it."""
    return chain.with_columns(wait_ns=pl.col("t_ns") - pl.col("t_ns").shift(1, fill_value=pl.col("t_ns").first()))


chain = hops(back(last))
at, walked = last, []
while at:
    row = events.row(at - 1, named=True)
    walked.append(row["seq"])
    at = row["cause"]
assert walked[::-1] == chain["seq"].to_list() and walked[-1] == died["root"]
chain.select(
    "seq",
    (pl.col("wait_ns") / SECOND).round(3).alias("after [s]"),
    "role",
    "actor",
    "kind",
    pl.col("detail").str.slice(0, 58),
)

# %% [markdown]
# Where the waits go is the outage budget. The kind of the later line names the part: a session that ends is
# *detect*, a message that arrives *propagate*, a NIC *program*. The sum is the time from the fault to the end
# of the outage, and equals `convergence.arrow`.

# %%
PART = {"session-changed": "detect", "nic-changed": "program", "update": "propagate"}
parts = dict.fromkeys(("detect", "propagate", "decide", "program", "flows"), 0)
for row in chain.iter_rows(named=True):
    if row["wait_ns"]:
        parts[PART[row["kind"]]] += row["wait_ns"]
assert {f"{part}_ns": ns for part, ns in parts.items()} == {f"{part}_ns": died[f"{part}_ns"] for part in parts}
assert sum(parts.values()) == died["traffic_ns"] == said("active-passive")["disturbances"][0]["traffic_ns"]
print(", ".join(f"{part} {ns / SECOND:.3f} s" for part, ns in parts.items() if ns))

# %% [markdown]
# ## The way back has more steps
#
# When `nva1` returns, its sessions are made anew, it sends its routes, and the Route Server prefers them.
# From the repair to the last NIC:

# %%
returned = hops(back(events.filter(pl.col("kind") == "nic-changed", pl.col("root") == repaired["root"])["seq"].max()))
assert returned["wait_ns"].sum() == repaired["forwarding_ns"]

figure, axis = plt.subplots(figsize=(9, 3))
names = []
for at, row in enumerate(returned.iter_rows(named=True)):
    end = (row["t_ns"] - repaired["t_ns"]) / SECOND
    axis.barh(at, row["wait_ns"] / SECOND, left=end - row["wait_ns"] / SECOND, color="#0072b2", height=0.6)
    axis.plot(end, at, "|", color="#17222d", ms=13, mew=1.5)
    axis.annotate(
        f"{row['wait_ns'] / 1e6:.0f} ms" if row["wait_ns"] else "at once",
        (end, at),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
    )
    peer = f" {'from' if row['role'] == 'in' else 'to'} {row['peer']}" if row["peer"] else ""
    names.append(f"{row['actor']}: {row['kind']}{peer}")
axis.set(yticks=range(len(names)), yticklabels=names, xlabel="time since the repair [s]", xlim=(0, 3))
axis.invert_yaxis()
axis.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# A session has the disturbance as its cause, and not each message of its handshake: its first bar is all of
# TCP, OPEN and KEEPALIVE.
#
# ## Forwards: all that the fault did
#
# From a line to all that it led to. That is what `root` says of each line, so that the walk is needed only
# from other lines than a disturbance.

# %%
LED_TO = """
with recursive led_to as (
    select seq from events where seq = $1
    union all
    select events.seq from events join led_to on events.cause = led_to.seq
)
select seq from led_to order by seq
"""
for disturbance in (died, repaired):
    descendants = duckdb.sql(LED_TO, params=[disturbance["root"]]).pl()["seq"]
    assert descendants.to_list() == events.filter(pl.col("root") == disturbance["root"])["seq"].to_list()

down = events.filter(pl.col("kind") == "session-changed", pl.col("root") == died["root"]).row(0, named=True)
after = duckdb.sql(LED_TO, params=[down["seq"]]).pl().join(events, on="seq").sort("seq")
print(f"{down['actor']}: {down['detail']}\nled to {after.height - 1} lines:")
after.filter(pl.col("seq") > down["seq"]).group_by(pl.col("role", "kind", "actor").cast(pl.String)).len("lines").sort(
    "role", "kind", "actor"
)

# %% [markdown]
# ## The measures, from the lines alone
#
# What `convergence.arrow` says is a matter of a few filters.

# %%
for disturbance in (died, repaired):
    mine = events.filter(pl.col("root") == disturbance["root"])
    elsewhere = mine.filter(pl.col("role") == "change", ~pl.col("actor").is_in([disturbance["target"], "fabric"]))
    moment = {
        "detection_ns": elsewhere["t_ns"].min(),
        "control_ns": mine.filter(pl.col("kind") == "best-changed")["t_ns"].max(),
        "forwarding_ns": mine.filter(pl.col("kind").is_in(["fib-changed", "nic-changed"]))["t_ns"].max(),
    }
    for name, t in moment.items():
        assert t - disturbance["t_ns"] == disturbance[name], name
    assert mine.filter(pl.col("kind") == "best-changed").height == disturbance["best_changes"]
    updates = mine.filter(pl.col("role") == "out", pl.col("kind") == "update")["detail"]
    assert updates.str.contains("announce").sum() == disturbance["announcements"]
    assert updates.str.contains("withdraw").sum() == disturbance["withdrawals"]
convergence.select(
    "disturbance",
    *[(pl.col(name) / SECOND).round(3).alias(f"{name[:-3]} [s]") for name in moment],
    "announcements",
    "withdrawals",
    "best_changes",
)
