"""What the notebooks read: the tables of a run, and what the command line said of it."""

import json
import pathlib

import polars as pl

RUNS = pathlib.Path(__file__).resolve().parent / "runs"  # make notebooks fills it, by simulations.sh


def load(run):
    """Gives the tables of a run, of many runs or of a sweep, by their names: load("active-passive")["traffic"]."""
    return {path.stem: pl.read_ipc(path) for path in sorted((RUNS / run).glob("*.arrow"))}


def said(run):
    """Gives what simulate printed of it with -o json."""
    return json.loads((RUNS / f"{run}.json").read_text(encoding="utf-8"))
