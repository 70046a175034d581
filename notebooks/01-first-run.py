# %% [markdown]
# # What happens when the active hub dies?
#
# A spoke VNet has two hubs. All traffic goes through the first one, until its NVA dies: silently, so that
# nobody is told. How long is which traffic lost, and what was it waiting for?
#
# The run is `simulate scenario active-passive`, with seed 1. Everything here is read from the Arrow files of
# its folder, and asserted to equal what the command printed with `-o json`.

# %%
import matplotlib.pyplot as plt
import polars as pl
from dualhome import load, said

plt.style.use("dualhome.mplstyle")
pl.Config(tbl_rows=40, fmt_str_lengths=90, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
SECOND = 1_000_000_000  # all times are int64 nanoseconds
HUBS = {"hub1": "#0072b2", "hub2": "#e69f00"}
LOSS = "#d55e00"

run, summary = load("active-passive"), said("active-passive")
died, repaired = summary["disturbances"]
{name: table.shape for name, table in run.items()}

# %% [markdown]
# ## The story in one picture
#
# From top: when `nva1` is dead; the sessions as those who survive see them (a bar is *Established*); changes
# of best routes (Loc-RIB), by router; changes of the routes of the VMs' NICs, by group of NICs; and what of
# the offered traffic arrives through which hub, or is lost.


# %%
def bars(of):
    """Gives when each session was Established: (actor, peer, from, to)."""
    rows = []
    for (actor, peer), changes in of.sort("seq").group_by("actor", "peer", maintain_order=True):
        up = None
        for t, state in changes.select("t_ns", "state").iter_rows():
            if state == "Established":
                up = t
            elif up is not None:
                rows.append((actor, peer, up, t))
                up = None
        if up is not None:
            rows.append((actor, peer, up, END))
    return rows


def heading(axis, label):
    axis.text(-0.235, 0.5, label, transform=axis.transAxes, ha="right", va="center", weight="bold")


def lane(axis, label, names):
    """Prepares a lane with a line for each name, the first on top."""
    axis.set_yticks(range(len(names)), names[::-1])
    axis.set_ylim(-0.7, len(names) - 0.3)
    heading(axis, label)
    axis.grid(axis="y", visible=False)
    return {name: len(names) - 1 - at for at, name in enumerate(names)}


def events_lane(axis, label, rows):
    names = sorted(rows["actor"].cast(pl.String).unique())
    at = lane(axis, label, names)
    axis.plot(rows["t_ns"] / SECOND, [at[name] for name in rows["actor"]], "|", color="#17222d", ms=9, mew=1.4)


def steps(table, of, direction):
    """Gives the times and, for each hub, what it delivers of what is offered, then what is lost."""
    rows = table.filter(pl.col("class") == of, pl.col("direction") == direction)
    wide = rows.group_by("t_ns").agg(
        *[pl.col("delivered_bps").filter(pl.col("via") == hub).sum().alias(hub) for hub in HUBS],
        lost=pl.col("lost_bps").sum(),
        offered=pl.col("offered_bps").sum(),
    )
    return wide.sort("t_ns")


def traffic_lane(axis, table, of, direction):
    wide = steps(table, of, direction)
    times = [*(wide["t_ns"] / SECOND), END / SECOND]
    base = [0.0] * len(times)
    for name, color, hatch in [("hub1", HUBS["hub1"], ""), ("hub2", HUBS["hub2"], ".."), ("lost", LOSS, "////")]:
        share = list(wide[name] / wide["offered"] * 100)
        top = [low + high for low, high in zip(base, [*share, share[-1]])]
        axis.fill_between(
            times, base, top, step="post", label=name, facecolor=color, edgecolor="white", hatch=hatch, lw=0
        )
        base = top
    axis.set_ylim(0, 100)
    axis.set_yticks([0, 100], ["0 %", "100 %"])
    heading(axis, f"{of}\n{direction}")


def timeline(start, end, title):
    """Draws what happened between two times, in seconds."""
    figure, axes = plt.subplots(
        8, sharex=True, figsize=(9, 7.4), height_ratios=[0.5, 1.5, 1, 0.6, 0.7, 0.7, 0.7, 0.7]
    )
    lane(axes[0], "fault", ["nva1 dead"])
    axes[0].axvspan(died["t_ns"] / SECOND, repaired["t_ns"] / SECOND, color="#17222d", alpha=0.75, lw=0)
    survivors = run["sessions"].filter(pl.col("actor").is_in(["dc", "rs0-0", "rs0-1"]))
    rows = bars(survivors)
    at = lane(axes[1], "sessions", sorted({f"{actor} – {peer}" for actor, peer, _, _ in rows}))
    for actor, peer, up, down in rows:
        color = HUBS["hub1"] if peer == "nva1" else HUBS["hub2"]
        axes[1].barh(at[f"{actor} – {peer}"], (down - up) / SECOND, left=up / SECOND, height=0.62, color=color)
    events_lane(axes[2], "best routes", run["routes"].filter(pl.col("table") == "loc-rib"))
    events_lane(axes[3], "NICs", run["routes"].filter(pl.col("table") == "nic"))
    flows = [(of, direction) for of in ("spoke-dc", "spoke-internet") for direction in ("forward", "return")]
    for axis, (of, direction) in zip(axes[4:], flows):
        traffic_lane(axis, run["traffic"], of, direction)
    axes[0].set_title(title)
    axes[-1].set_xlim(start, end)
    axes[-1].set_xlabel("time since the start of the run [s]")
    figure.legend(*axes[4].get_legend_handles_labels(), loc="outside lower right", ncols=3)
    plt.show()


END = 1200 * SECOND
timeline(285, 640, "nva1 dies, is noticed three minutes later, and returns")

# %% [markdown]
# *Traffic in % of what is offered.* For three minutes no route changes at all, and that is the outage:
# everybody goes on sending to a machine that is dead, until the hold timers run out. The two instances of the
# Route Server and the data centre have a timer each, started by the last message that each of them heard.
#
# The few seconds in which everything changes, closer:

# %%
silence = run["routes"].filter(pl.col("t_ns") >= died["t_ns"], pl.col("t_ns") < died["t_ns"] + died["detection_ns"])
assert silence.is_empty()

noticed = (died["t_ns"] + died["detection_ns"]) / SECOND
timeline(noticed - 0.5, noticed + 5, "Noticed one after the other; the NICs follow when Azure has programmed them")

# %% [markdown]
# The data centre sends by the other hub as soon as its own timer has run out (`return` of `spoke-dc`). What
# the VMs send waits for the NICs as well: each instance of the Route Server programs its share of them, after
# a delay of its own. A flow to the Internet comes back to the address that its NVA gave it, so that its
# return goes with its forward way.
#
# ## The outage budget
#
# The last NIC that changed ended the outage. Its chain of causes, walked back to the fault, says how long was
# spent on what.

# %%
budget = run["convergence"].filter(pl.col("disturbance") == "nva1-dies").row(0, named=True)
parts = {name: budget[f"{name}_ns"] for name in ("detect", "propagate", "decide", "program", "flows")}
assert {f"{name}_ns": ns for name, ns in parts.items()} == died["budget"]
assert sum(parts.values()) == budget["traffic_ns"] == died["traffic_ns"]

figure, axis = plt.subplots(figsize=(8, 1.5))
left = 0
looks = {"detect": ("#0072b2", ""), "program": ("#e69f00", "//")}
for name, ns in parts.items():
    if ns:
        color, hatch = looks[name]
        axis.barh(
            0,
            ns / SECOND,
            left=left,
            color=color,
            hatch=hatch,
            edgecolor="white",
            label=f"{name} {ns / SECOND:.3f} s",
        )
        left += ns / SECOND
axis.set(yticks=[], xlabel="time since the fault [s]", xlim=(0, left))
axis.grid(visible=False)
axis.set_title(f"Outage budget of nva1-dies: {left:.3f} s")
figure.legend(loc="outside lower right", ncols=2)
plt.show()
print(f"{parts['detect'] / left / SECOND:.1%} of the outage is waiting for a hold timer.")

# %% [markdown]
# ## Who lost what?
#
# `traffic.arrow` has a row for each step of each class, direction, hub and cause. Adding these up over the
# time from the fault to its repair gives the outage, in nanoseconds, and what was lost, in bytes.

# %%
flows = run["traffic"].group_by("class", "direction", "t_ns").agg(pl.col("offered_bps", "lost_bps").sum())
flows = flows.sort("class", "direction", "t_ns").with_columns(
    until=pl.col("t_ns").shift(-1, fill_value=END).over("class", "direction")
)
window = flows.with_columns(
    begin=pl.col("t_ns").clip(lower_bound=died["t_ns"]), end=pl.col("until").clip(upper_bound=repaired["t_ns"])
).filter(pl.col("end") > pl.col("begin"))
window = window.with_columns(ns=pl.col("end") - pl.col("begin"))
lost = window.group_by("class", "direction", maintain_order=True).agg(
    outage_ns=pl.col("ns").filter(pl.col("lost_bps") > 0).sum(),
    lost_bytes=(pl.col("ns").cast(pl.Int128) * pl.col("lost_bps") // 8).sum() // SECOND,
    equivalent_ns=(pl.col("ns").cast(pl.Int128) * pl.col("lost_bps") // pl.col("offered_bps")).sum(),
)
stated = {(impact["class"], impact["direction"]): impact for impact in died["impacts"]}
for row in lost.iter_rows(named=True):
    impact = stated[row["class"], row["direction"]]
    assert row["outage_ns"] == impact["outage_ns"] and row["lost_bytes"] == impact["lost_bytes"], row
    assert abs(row["equivalent_ns"] - impact["equivalent_ns"]) <= 1, row
lost.select(
    "class",
    "direction",
    (pl.col("outage_ns") / SECOND).round(3).alias("loss for [s]"),
    (pl.col("lost_bytes") / 1e9).round(2).alias("lost [GB]"),
    (pl.col("equivalent_ns") / SECOND).round(3).alias("full outage [s]"),
)

# %% [markdown]
# *Full outage* is for how long all flows together would have been lost, to lose as much: a little less than
# the time with any loss, since some NICs were programmed before the others. `outages.arrow` says the same by
# cause. The causes overlap in time, as some flows wait for detection while others wait for a NIC; their bytes
# add up.

# %%
causes = run["outages"].filter(pl.col("root") == budget["root"], pl.col("direction") != "two-way")
for (of, direction), rows in causes.group_by("class", "direction"):
    assert abs(rows["lost_bytes"].sum() - stated[of, direction]["lost_bytes"]) < len(rows)
causes.select(
    *("class", "direction", "cause"),
    (pl.col("outage_ns") / SECOND).round(3).alias("loss for [s]"),
    (pl.col("lost_bytes") / 1e9).round(2).alias("lost [GB]"),
)

# %% [markdown]
# ## The way back
#
# When `nva1` returns nothing is lost: the others keep the way they have until the better one is there. Before
# and after: the share of the traffic that is offered by way of hub 1; then, how long it took until half and
# all of it had moved, and how many of the flows moved and broke.

# %%
after = [impact["outage_ns"] for impact in repaired["impacts"]]
assert set(after) == {0}
moved = run["shift"].filter(pl.col("root") != budget["root"], pl.col("via") == "hub1")
broken = (
    moved.group_by(pl.col("class").cast(pl.String)).agg(pl.col("flows_moved", "flows_broken").max()).sort("class")
)
assert broken.rows() == [("spoke-dc", 1000, 0), ("spoke-internet", 1000, 1000)]
moved.select(
    "class",
    "direction",
    pl.col("share_before").alias("before"),
    pl.col("share_after").alias("after"),
    *[(pl.col(f"t{percent}_ns") / SECOND).round(3).alias(f"{percent} % [s]") for percent in (50, 100)],
    pl.col("flows_moved").alias("moved"),
    pl.col("flows_broken").alias("broken"),
)

# %% [markdown]
# Flows to the Internet break though, each of them: the NVA of the other hub is another address to the far
# end. How soon such a flow is opened again is the application's affair; here, at once.
#
# ## What is assumed
#
# Microsoft documents little of what decides this outage. Each value that the run depends on has a grade:
# **[U]** unknown, nobody says and nobody measured it; **[I]** inferred from something else; **[O]** observed
# by somebody, not documented. Values that are documented are not in this list.

# %%
assumed = pl.DataFrame(summary["assumptions"]).select("grade", "name", "value", "source")
assert set(assumed["grade"]) <= {"U", "I", "O"}
print(", ".join(f"[{grade}] {count}" for grade, count in assumed["grade"].value_counts(sort=True).iter_rows()))
assumed.select("grade", "name", "value")

# %% [markdown]
# The most important one is the second: no document says whether a Route Server speaks BFD. It would notice
# within a second. What that would and would not help is in [03-sweep](03-sweep.ipynb).

# %%
assert assumed["name"][1] == "BFD on Route Server sessions" and assumed["value"][1] == "off"
