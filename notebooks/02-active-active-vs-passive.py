# %% [markdown]
# # Is it better to use both hubs, or to let one stand by?
#
# The same silent death of `nva1` in two designs: *active-passive*, where hub 1 carries everything until it
# dies, and *active-active*, where both hubs share. A hundred runs of each, with the same seeds: in a pair of
# runs the fault strikes at the same instant, and the same timers run. So what differs is the design, and not
# luck.
#
# The figures are those of `simulate compare runs/active-active-100 runs/active-passive-100`, which is
# asserted.

# %%
import statistics

import matplotlib.pyplot as plt
import polars as pl
from dualhome import load, said

plt.style.use("dualhome.mplstyle")
pl.Config(tbl_rows=40, fmt_str_lengths=90, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
SECOND = 1_000_000_000
DESIGNS = ["active-active", "active-passive"]
LOOKS = {"active-active": ("#0072b2", "-"), "active-passive": ("#e69f00", "--")}
KEY = ["class", "direction"]

runs = {design: load(f"{design}-100") for design in DESIGNS}
compared = said("active-active-vs-passive")
assert compared["designs"][0]["seeds"] == compared["designs"][1]["seeds"] == list(range(1, 101))

# %% [markdown]
# ## Both are without some of their traffic for equally long
#
# Detection and programming are a matter of timers and of Azure, and not of how many hubs are in use. The
# outage budget of a design is its mean over the runs.

# %%
PARTS = {"detect": "", "propagate": "xx", "decide": "..", "program": "//", "flows": "--"}
budgets = {}
for design, tables in runs.items():
    died = tables["convergence"].filter(pl.col("disturbance") == "nva1-dies")
    assert died.height == 100 and died["detect_ns"].null_count() == 0
    budgets[design] = died.select("run", "t_ns", "traffic_ns", *[f"{part}_ns" for part in PARTS]).sort("run")
assert budgets["active-active"].equals(budgets["active-passive"])  # to the nanosecond, in each of the hundred pairs

figure, axis = plt.subplots(figsize=(8, 1.9))
for row, design in enumerate(reversed(DESIGNS)):
    left = 0
    for (part, hatch), color in zip(PARTS.items(), ["#0072b2", "#009e73", "#56b4e9", "#e69f00", "#cc79a7"]):
        mean = budgets[design][f"{part}_ns"].mean() / SECOND
        if mean:
            label = f"{part} {mean:.1f} s" if row == 0 else None
            axis.barh(row, mean, left=left, color=color, hatch=hatch, edgecolor="white", label=label, height=0.7)
        left += mean
axis.set(yticks=[0, 1], yticklabels=DESIGNS[::-1], xlabel="time since the fault, mean of 100 runs [s]")
axis.grid(axis="y", visible=False)
axis.set_title("Outage budget: the same")
figure.legend(loc="outside lower right", ncols=2)
plt.show()

# %% [markdown]
# ## What differs is the share that is lost
#
# *Full outage* is for how long all flows together would have been lost, to lose as much. It is in
# `outages.arrow`, where the causes of each class and direction add up to it. *Two-way* is the view of a user:
# a flow is lost where either of its directions is.

# %%
GROUPS = [("spoke-dc", "forward"), ("spoke-dc", "return"), ("spoke-dc", "two-way"), ("spoke-internet", "two-way")]


def full_outage(tables):
    """Gives the seconds of full outage of each run, class and direction, of the fault and its repair together."""
    sums = tables["outages"].group_by("run", *KEY).agg(pl.col("equivalent_ns").sum())
    return sums.with_columns(pl.col(*KEY).cast(pl.String)).sort("run", *KEY)


def any_loss(tables, last=1200 * SECOND):
    """Gives for how long some flow of each run, class and direction was lost, after the fault."""
    died = tables["convergence"].filter(pl.col("disturbance") == "nva1-dies").select("run", begin="t_ns")
    steps = (
        tables["traffic"]
        .with_columns(pl.col(*KEY).cast(pl.String))
        .group_by("run", *KEY, "t_ns")
        .agg(pl.col("lost_bps").sum())
    )
    wide = steps.pivot("direction", index=["run", "class", "t_ns"], values="lost_bps").sort("run", "class", "t_ns")
    wide = wide.with_columns(pl.col("forward", "return").forward_fill().over("run", "class"))
    wide = wide.with_columns(pl.max_horizontal("forward", "return").alias("two-way"))
    wide = wide.with_columns(until=pl.col("t_ns").shift(-1, fill_value=last).over("run", "class")).join(
        died, on="run"
    )
    ns = pl.col("until") - pl.max_horizontal("t_ns", "begin")
    long = (
        wide.filter(pl.col("until") > pl.col("begin"))
        .with_columns(ns=ns)
        .unpivot(
            ["forward", "return", "two-way"],
            index=["run", "class", "ns"],
            variable_name="direction",
            value_name="lost",
        )
    )
    sums = long.group_by("run", *KEY).agg(outage_ns=pl.col("ns").filter(pl.col("lost") > 0).sum())
    return sums.sort("run", *KEY)


full = {design: full_outage(tables) for design, tables in runs.items()}
loss = {design: any_loss(tables) for design, tables in runs.items()}
assert loss["active-active"].equals(loss["active-passive"])
for frame in full.values():  # with the Internet a flow returns as it went: one picture will do
    internet = frame.filter(pl.col("class") == "spoke-internet").pivot(
        "direction", index="run", values="equivalent_ns"
    )
    assert internet["forward"].equals(internet["return"]) and internet["forward"].equals(internet["two-way"])


def of(frame, group, column):
    return frame.filter(pl.col("class") == group[0], pl.col("direction") == group[1])[column]


def steps_up(axis, values, design):
    color, dash = LOOKS[design]
    axis.ecdf([value / SECOND for value in values], label=design, color=color, ls=dash, marker="")


figure, axes = plt.subplots(2, 4, figsize=(9.5, 4.9), sharex=True, sharey=True)
for column, group in enumerate(GROUPS):
    for design in DESIGNS:
        steps_up(axes[0, column], of(loss[design], group, "outage_ns"), design)
        steps_up(axes[1, column], of(full[design], group, "equivalent_ns"), design)
    axes[0, column].set_title(f"{group[0]}\n{group[1]}")
    axes[0, column].set_xlim(0, 200)
    axes[0, column].set_xlabel("time with any loss [s]")
    axes[0, column].tick_params(labelbottom=True)
    axes[1, column].set_xlabel("full outage [s]")
for axis in axes[:, 0]:
    axis.set_ylabel("share of the runs")
figure.legend(*axes[1, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()

# %% [markdown]
# *Upper row: for how long some flow is lost. The curves lie on each other, in every run. Lower row: how
# much.*
#
# A run of the active-active design loses what was on the dead hub, a half: of what goes to the data centre,
# of what comes from there, of what goes to the Internet. But a flow with the data centre takes one hub there
# and, by chance, one back, and needs both: only a quarter has neither on the dead hub.

# %%
saved = {}
for group in GROUPS:
    a, p = (of(full[design], group, "equivalent_ns").mean() for design in DESIGNS)
    saved[group] = 1 - a / p
    print(f"{group[0]:14} {group[1]:7}: active-active loses {a / p:.1%} of what active-passive loses")
assert all(abs(saved[group] - 1 / 2) < 0.01 for group in GROUPS if group != ("spoke-dc", "two-way"))
assert abs(saved["spoke-dc", "two-way"] - 1 / 4) < 0.01

# %% [markdown]
# ## The difference, pair by pair
#
# Each dot is a pair of runs with one seed: what active-passive loses more. The mean has its 95 % interval
# (Student's t). It is narrower than one would think from the spread of the runs, as most of that spread, the
# instant of the fault within the keepalive interval, is common to both.

# %%
T99 = 1.9842169515  # Student's t for 99 degrees of freedom, 97.5 %


def mean_with_interval(values):
    mean = statistics.fmean(values)
    half = T99 * statistics.stdev(values) / len(values) ** 0.5
    return mean, mean - half, mean + half


def figure_of(group, measure):
    """Gives a figure of simulate compare: of the fault with its repair, of all causes."""
    (found,) = [
        figure
        for figure in compared["figures"]
        if (figure["class"], figure["direction"], figure["measure"], figure["cause"]) == (*group, measure, None)
    ]
    return found["designs"]


def same(ours, theirs, tolerance=3):  # nanoseconds: each cause of a run is rounded to whole ones
    assert all(abs(a - theirs[b]) <= tolerance for a, b in zip(ours, ("value", "low", "high"))), (ours, theirs)


differences = {}
for group in GROUPS:
    a, p = (of(full[design], group, "equivalent_ns").to_list() for design in DESIGNS)
    differences[group] = [theirs - ours for ours, theirs in zip(a, p, strict=True)]
    active, passive = figure_of(group, "equivalent_ns")
    same(mean_with_interval(a), active["mean"])
    same(mean_with_interval(p), passive["mean"])
    same(mean_with_interval(differences[group]), passive["difference"])
    active, passive = figure_of(group, "outage_ns")
    same(mean_with_interval(of(loss["active-active"], group, "outage_ns").to_list()), active["mean"])
    assert passive["difference"] == {"value": 0, "low": 0, "high": 0}

figure, axis = plt.subplots(figsize=(8, 2.9))
for row, group in enumerate(reversed(GROUPS)):
    values = [value / SECOND for value in differences[group]]
    axis.plot(values, [row + 0.18 * ((7 * n) % 11 - 5) / 5 for n in range(len(values))], ".", color="#7f8c99", ms=4)
    mean, low, high = (value / SECOND for value in mean_with_interval(differences[group]))
    axis.errorbar(mean, row, xerr=[[mean - low], [high - mean]], fmt="D", color="#17222d", capsize=5, ms=5)
    axis.annotate(f"{mean:.1f} s ± {(high - low) / 2:.1f} s", (104, row), va="center", color="#17222d")
axis.set(
    yticks=range(4),
    yticklabels=[" ".join(group) for group in reversed(GROUPS)],
    xlim=(0, 124),
    xticks=range(0, 101, 20),
    ylim=(-0.5, 3.5),
)
axis.set_xlabel("full outage of active-passive less that of active-active [s]")
axis.set_title("100 pairs of runs")
plt.show()
single = [value / SECOND for value in of(full["active-passive"], ("spoke-internet", "two-way"), "equivalent_ns")]
paired = [value / SECOND for value in differences["spoke-internet", "two-way"]]
print(
    f"spoke-internet: standard deviation {statistics.stdev(single):.1f} s between runs of one design, "
    f"{statistics.stdev(paired):.1f} s between pairs"
)

# %% [markdown]
# ## But which hub dies?
#
# So far the hub died that active-passive uses. That is half of the truth: its other hub carries nothing, and
# nothing is lost when that one dies. The sweep `active-active-vs-passive` has both; *either one* is their
# mean, as if both were equally likely.

# %%
either = load("either-hub")["summary"].filter(
    pl.col("disturbance") == "nva-dies", pl.col("measure") == "equivalent_ns", pl.col("direction") == "two-way"
)
table = either.select(
    pl.col("param.design").cast(pl.String).alias("design"),
    pl.col("param.faults[nva-dies].target").cast(pl.String).alias("dies"),
    pl.col("class").cast(pl.String),
    pl.col("mean") / SECOND,
)
wide = table.pivot("dies", index=["design", "class"], values="mean").with_columns(
    either=(pl.col("nva1") + pl.col("nva2")) / 2
)
lost = load("either-hub")["runs"].group_by("point").agg(pl.col("lost_bytes").mean())
for point in said("either-hub-lost")["points"]:  # the same runs, as the command sums them up
    assert abs(lost.filter(pl.col("point") == point["point"])["lost_bytes"][0] - point["mean"]["value"]) < 1

figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True)
for axis, name in zip(axes, ("spoke-dc", "spoke-internet")):
    for offset, design in ((-0.2, "active-active"), (0.2, "active-passive")):
        row = wide.filter(pl.col("design") == design, pl.col("class") == name)
        values = [row[column][0] for column in ("nva1", "nva2", "either")]
        hatch = "" if design == "active-active" else "//"
        drawn = axis.bar(
            [at + offset for at in range(3)],
            values,
            0.38,
            color=LOOKS[design][0],
            hatch=hatch,
            edgecolor="white",
            label=design,
        )
        axis.bar_label(drawn, fmt="{:.0f}", padding=1)
    axis.set(xticks=range(3), xticklabels=["nva1 dies", "nva2 dies", "either one"], title=name, ylim=(0, 175))
    axis.grid(axis="x", visible=False)
axes[0].set_ylabel("full outage, two-way, mean [s]")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()

# %%
mean = {(row["design"], row["class"]): row["either"] for row in wide.iter_rows(named=True)}
by_class = {
    name: mean["active-active", name] / mean["active-passive", name] for name in ("spoke-dc", "spoke-internet")
}
assert by_class["spoke-dc"] > 1.4 and abs(by_class["spoke-internet"] - 1) < 0.02
assert wide.filter(pl.col("design") == "active-passive")["nva2"].to_list() == [0, 0]
print(
    f"Of one of the two deaths, whichever: active-active loses {by_class['spoke-dc']:.2f} times as much of spoke-dc, "
    f"{by_class['spoke-internet']:.2f} times of spoke-internet."
)

# %% [markdown]
# **So:** what dies does so for equally long. Active-active makes the worst case half as bad (to the data
# centre: a quarter less), and makes it happen twice as often. Over a year of deaths of either hub that comes
# to the same loss to the Internet, and to *more* with the data centre, where a flow depends on both hubs.
# What active-active buys is that a failure is never one of everybody. (What a year costs by all kinds of
# failures: `simulate availability`.)
