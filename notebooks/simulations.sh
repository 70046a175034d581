#!/bin/sh
# The runs that the notebooks read. Each goes into a folder under runs/ here, and what
# the command says of it with -o json into a file beside that folder, so that the notebooks
# can compare. `make notebooks` runs this; SIMULATE is the command.
set -eu
cd "$(dirname "$0")"
simulate=${SIMULATE:-../bin/simulate}

# simulation NAME COMMAND...: runs simulate COMMAND... into runs/NAME.
simulation() {
	name=$1
	shift
	"$simulate" --quiet -o json "$@" --out "runs/$name" >"runs/$name.json"
}

# statement NAME COMMAND...: keeps what simulate COMMAND... says of runs that are there.
statement() {
	name=$1
	shift
	"$simulate" --quiet -o json "$@" >"runs/$name.json"
}

rm -rf runs
mkdir runs

# 01-first-run, 05-events
simulation active-passive scenario active-passive

# 02-active-active-vs-passive: the same seeds for both, so that luck cancels
simulation active-active-100 scenario active-active --seeds 100
simulation active-passive-100 scenario active-passive --seeds 100
statement active-active-vs-passive compare runs/active-active-100 runs/active-passive-100
simulation either-hub sweep active-active-vs-passive -m hold=180s --tables none
statement either-hub-lost sweep show runs/either-hub --measure lost-bytes

# 03-sweep
simulation hold-timer sweep hold-timer --tables none
simulation bfd sweep hold-timer -m 'route_servers[rs0].bfd=false,true' --tables none
statement bfd-forward sweep show runs/bfd --measure outage.forward.spoke-dc
statement bfd-return sweep show runs/bfd --measure outage.return.spoke-dc

# 03-sweep, 04-flapping-and-exploration
simulation mrai-clique sweep mrai-clique --tables flapping
for measure in announcements withdrawals returns; do
	statement "mrai-clique-$measure" sweep show runs/mrai-clique --measure "$measure"
done

# 04-flapping-and-exploration
simulation exploration scenario mrai-clique --set mrai=30s
simulation damping scenario scenarios/damping.yaml
simulation damping-none scenario scenarios/damping.yaml --set damping=none
simulation damping-6000 scenario scenarios/damping.yaml --set suppress=6000
