# %% [markdown]
# # One withdrawal: why so many routes?
#
# A prefix goes away, once. Routers that know no better than the paths of their neighbours try one after the
# other of them, ever longer, until none is left: *path exploration*. How many paths are tried, how many
# UPDATEs does that take, what does the MRAI change, and what does a router make of it that damps flapping
# routes?
#
# The runs are of plain BGP networks, without anything of Azure.

# %%
import math

import matplotlib.pyplot as plt
import polars as pl
from dualhome import load, said

plt.style.use("dualhome.mplstyle")
pl.Config(tbl_rows=40, fmt_str_lengths=90, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
SECOND = 1_000_000_000
LOOKS = [("#0072b2", "-", "o"), ("#e69f00", "--", "s"), ("#009e73", "-.", "^"), ("#cc79a7", ":", "D"),
         ("#56b4e9", "-", "v"), ("#7a5c1e", "--", "P"), ("#5d4b8c", "-.", "X")]  # fmt: skip

# %% [markdown]
# ## Ever longer paths
#
# `mrai-clique` with an MRAI of 30 s: eight routers, each linked to all others; `r0` originates the prefix and
# withdraws it.

# %%
run, (gone,) = load("exploration"), said("exploration")["disturbances"]
others = [f"r{n}" for n in range(1, 8)]
best = run["routes"].filter(pl.col("table") == "loc-rib", pl.col("t_ns") >= gone["t_ns"])
tried = best.with_columns(after=(pl.col("t_ns") - gone["t_ns"]) / SECOND).sort("seq")

figure, axis = plt.subplots(figsize=(8, 4.2))
for at, (router, look) in enumerate(zip(others, LOOKS)):
    rows = tried.filter(pl.col("actor") == router)
    shift = (at - 3) * 0.09  # so that equal lengths lie side by side
    lengths = [1, *rows["as_path_len"].fill_null(0)]
    axis.step(
        [0, *rows["after"]], [length + shift for length in lengths], where="post", color=look[0], ls=look[1], lw=1
    )
    axis.plot(
        rows["after"], [length + shift for length in lengths[1:]], look[2], ls="", color=look[0], ms=5, label=router
    )
axis.set(xlabel="time since the withdrawal [s]", ylabel="length of the best AS path", xlim=0)
axis.set_yticks(range(8), ["no route", *range(1, 8)])
axis.set_title("The best route of each router")
axis.legend(ncols=7, loc="lower center", bbox_to_anchor=(0.5, 1.06), handletextpad=0.1, columnspacing=1)
plt.show()

# %%
assert tried["t_ns"].max() - gone["t_ns"] == gone["control_ns"]
assert set(tried.filter(pl.col("as_path_len").is_null())["actor"]) >= set(others)  # in the end nobody has a route
assert run["flapping"].filter(pl.col("actor") != "r0").sort("last_ns")["actor"][0] == "r1"
longest = tried["as_path_len"].max()
flapping = run["flapping"].sort("actor").filter(pl.col("actor") != "r0")
for row in flapping.iter_rows(named=True):  # flapping.arrow, reckoned again
    rows = tried.filter(pl.col("actor") == row["actor"])
    paths = set(rows["as_path"].drop_nulls())
    assert (row["best_changes"], row["distinct_paths"]) == (rows.height, len(paths))
(counted,) = run["convergence"].iter_rows(named=True)
print(
    f"{counted['best_changes']} changes of a best route, {flapping['distinct_paths'].sum()} paths tried, "
    f"of up to {longest} routers; {counted['announcements']} announcements, {counted['withdrawals']} withdrawals."
)
flapping.select(
    "actor",
    "best_changes",
    "distinct_paths",
    "returns",
    (pl.col("last_ns") / SECOND).round(1).alias("gives up after [s]"),
)

# %% [markdown]
# *A mark is a change; marks of one length are spread, so that all can be seen.* In rounds of an MRAI each,
# everybody learns that what it believed is gone, and believes a longer path that somebody still announces. Of
# two paths of one length that from the router with the lower identifier is taken, so the first choice of all
# leads through `r1`, which soon hears of nothing but paths through itself and gives up first.
#
# ## The MRAI, in UPDATEs
#
# The sweep of the last notebook again, 40 runs at each MRAI: what it costs in messages and in changes of
# mind.

# %%
sweep = load("mrai-clique")
summary = sweep["summary"].with_columns(pl.col("measure").cast(pl.String))
PANELS = [
    ("announcements", "announcements sent"),
    ("withdrawals", "withdrawals sent"),
    ("distinct_paths", "paths tried, all routers"),
]

tried_by_run = sweep["flapping"].group_by("run").agg(pl.col("distinct_paths", "returns").sum())
runs = sweep["runs"].drop("returns").join(tried_by_run, on="run").sort("run")  # polars joins and groups in any order
for measure in ("announcements", "withdrawals", "returns"):
    for point in said(f"mrai-clique-{measure}")["points"]:
        values = runs.filter(pl.col("point") == point["point"])[measure]
        assert math.isclose(values.mean(), point["mean"]["value"]) and values.max() == point["max"]

figure, axes = plt.subplots(1, 3, figsize=(9.5, 3.4))
points = (
    runs.group_by("value.mrai", maintain_order=True).agg(pl.col(name).mean() for name, _ in PANELS).sort("value.mrai")
)
for axis, (name, title) in zip(axes, PANELS):
    axis.plot(runs["value.mrai"] / SECOND, runs[name], "_", color="#7f8c99", ms=7, mew=0.7, label="a run")
    axis.plot(points["value.mrai"] / SECOND, points[name], "-", marker="o", color="#0072b2", label="mean")
    axis.set_xscale("symlog", linthresh=1, linscale=0.5)
    axis.set_yscale("log")
    axis.set_xticks([0, 1, 2, 5, 10, 30, 90], ["0", "1", "2", "5", "10", "30", "90"])
    axis.set_yticks(counts := [20, 50, 100, 200, 500, 1000, 2000, 4000], counts)
    axis.minorticks_off()
    axis.set_ylim(0.8 * runs[name].min(), 1.2 * runs[name].max())
    axis.set(title=title, xlabel="MRAI [s]", xlim=(-0.1, 120))
axes[0].set_ylabel("number in a run")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()
none, thirty = (points.filter(pl.col("value.mrai") == mrai * SECOND).row(0, named=True) for mrai in (0, 30))
assert none["announcements"] > 5 * thirty["announcements"]
print(
    f"Announcements: {none['announcements']:.0f} without an MRAI, {thirty['announcements']:.0f} with one of 30 s; "
    f"paths tried: {none['distinct_paths']:.0f} and {thirty['distinct_paths']:.0f}."
)

# %% [markdown]
# ## Damping what does not flap
#
# A router with route flap damping (RFC 2439) keeps a penalty for each route of each peer: a withdrawal costs
# 1000, another path 500, half of it is forgotten in 15 minutes (Cisco's defaults, RFC 7196). Above 2000 the
# route is suppressed, below 750 it is used again.
#
# In `scenarios/damping.yaml` the origin is away once, for 1000 s, in a clique of five. A sixth router,
# `edge`, hears of it from one of them, and damps. It sees the exploration (Mao and others, 2002).

# %%
HALF_LIFE, SUPPRESS, REUSE = 900, 2000, 750
damped = load("damping")
away, back = said("damping")["disturbances"]
seen = damped["events"].filter(
    pl.col("role") == "in", pl.col("actor") == "edge", pl.col("kind") == "update", pl.col("t_ns") >= away["t_ns"]
)
seen = [(row["t_ns"] / SECOND, row["detail"]) for row in seen.iter_rows(named=True)]


def decayed(penalty, seconds):
    return penalty * 2 ** (-seconds / HALF_LIFE)


# The penalty by the formula, from nothing but what edge received.
times, penalties, at, penalty = [away["t_ns"] / SECOND], [0.0], away["t_ns"] / SECOND, 0.0
for instant, text in seen:
    cost = (
        1000 if "withdraw" in text else 500 if instant * SECOND < back["t_ns"] else 0
    )  # what comes back costs nothing
    dense = [at + (instant - at) * n / 50 for n in range(1, 51)]
    times += [*dense, instant]
    penalties += [*(decayed(penalty, moment - at) for moment in dense), decayed(penalty, instant - at) + cost]
    at, penalty = instant, penalties[-1]
    if cost == 1000:
        peak, peak_at = penalty, instant
reused = peak_at + HALF_LIFE * math.log2(peak / REUSE)
tail = [at + (reused - at) * n / 50 for n in range(1, 51)]
times += tail
penalties += [decayed(penalty, moment - at) for moment in tail]

lines = damped["events"].filter(pl.col("kind") == "suppressed", pl.col("actor") == "edge").sort("seq")
(begins, ends) = lines.select("t_ns", "detail").rows()
assert begins[0] == peak_at * SECOND and f"penalty {peak:.2f}" in begins[1]  # the simulator says the same
assert abs(ends[0] / SECOND - reused) < 1e-6 and "penalty 750.00" in ends[1]
(suppressed,) = damped["flapping"].filter(pl.col("actor") == "edge", pl.col("suppressed_ns") > 0)["suppressed_ns"]
assert suppressed == ends[0] - begins[0]

figure, axis = plt.subplots(figsize=(8, 3.8))
axis.axvspan(away["t_ns"] / SECOND, back["t_ns"] / SECOND, color="#e3e8ec", lw=0, label="r0 is away")
axis.axvspan(
    begins[0] / SECOND,
    ends[0] / SECOND,
    ymax=0.06,
    facecolor="#d55e00",
    hatch="////",
    edgecolor="white",
    lw=0,
    label="suppressed",
)
axis.plot(times, penalties, "-", color="#0072b2", marker="", label="penalty")
axis.plot(
    [instant for instant, _ in seen],
    [0] * len(seen),
    "^",
    color="#17222d",
    ms=7,
    clip_on=False,
    zorder=3,
    label="UPDATE heard",
)
for level, name in ((SUPPRESS, "suppress above"), (REUSE, "reuse below")):
    axis.axhline(level, color="#566573", ls=":", lw=1)
    axis.annotate(f"{name} {level}", (1090, level), va="bottom", color="#566573")
axis.set(
    xlabel="time since the start of the run [s]",
    ylabel="penalty of the route at edge",
    xlim=(550, 2300),
    ylim=(0, 2700),
)
axis.set_title("One withdrawal, four UPDATEs, and the route is not believed for ten minutes after it is back")
figure.legend(loc="outside lower center", ncols=4)
plt.show()
print(f"The penalty rises to {peak:.2f}; the route is suppressed for {suppressed / SECOND:.1f} s.")

# %%
settled = {
    name: said(name)["disturbances"][1]["control_ns"] / SECOND for name in ("damping-none", "damping", "damping-6000")
}
for name, seconds in settled.items():
    print(f"{name:13} the route is everywhere {seconds:8.3f} s after it is back")
    nothing = load(name)["flapping"]["suppressed_ns"].sum() == 0
    assert nothing == (name != "damping")
assert len(seen) == 5 and settled["damping"] > 600 > 1 > settled["damping-none"] == settled["damping-6000"]

# %% [markdown]
# No link flapped. Three tries and a withdrawal are four marks against a route that was away once, and the
# outage of ten minutes is of the remedy's own making. (The third try and the withdrawal come almost at once, so
# that they are one triangle in the picture; the last triangle is the route itself, back.) With the threshold
# of 6000 that RFC 7196 recommends it does not happen.
