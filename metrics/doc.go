// Package metrics measures a run: every table, convergence, flapping, traffic
// and its outages are folds over the lines of its log, and of nothing else.
//
// [Measure] reads the lines once and gives a [Result]: the rows of all tables
// ([Tables], one type of row per file, rows.go) and what a summary prints.
// Inside, each idea is a small fold of its own:
//
//   - lineage: where a line comes from; every change has one root, the
//     disturbance that it follows from, or 0 for the start of the run;
//   - network: what forwards packets (nodes, links, guest FIBs, effective
//     routes of NICs) and what each speaker believes; it can walk the packets
//     of a class hop by hop, and blame a loss on the entry that led to it;
//   - traffic: the classes, walked again whenever an instant changed what may
//     concern them. A walk carries a set of flows and splits it where the way
//     forks, so that it costs per way, not per flow. Which flows take which of
//     several equal next hops is a matter of hash and scheme (hash.go), and of
//     buckets, which follow each change of their entry (buckets.go);
//   - life: which flows of a class are open, who keeps their state, which break,
//     and when these are open again;
//   - bounds: what nodes and links let pass, and who loses what when more comes;
//   - conservation: at each step every flow is delivered or lost, once, or the
//     measurement fails;
//   - ribs: what each speaker heard of each peer, for the diagnoses: sentences
//     that say what is wrong with the network, why, and what would help;
//   - overflows: the sessions that ended because of too many routes;
//   - pending: what is not finished, and so whether the run has converged;
//   - windows: outages, shift and the times of convergence, per disturbance;
//   - ground and texts: memory that walks, steps and rows share. A [Meter] keeps it for
//     its next run, of which then only what its [Result] holds is new.
//
// Many runs of one scenario, which differ by their seeds, add up to [Outcomes]
// (in which stable states they end, and how often) and to an [Ensemble] (how each
// measure is distributed), run by run, without keeping a run. Those of several
// designs are [Record]s, of which two with the same seeds make paired differences
// ([Pair]) of what a fault costs with its repair ([Episode]). All intervals are
// for 95 %: Wilson's for a probability, Student's t for a mean, order statistics
// for a percentile (interval.go). The runs of a sweep add up to a [Study]: which of its
// parameters moves a figure most, and whether more than chance does (sensitivity.go).
//
// Counts, rates and times are integers, and what is offered is delivered or
// lost, to the bit: only shares are floating point.
//
// # What is not modelled
//
// Traffic is a fluid: it takes no time to cross the network, and no queue fills:
// what does not fit is lost at once. A flow is a hash key with a state at the NVAs
// that keep one: it has no windows and no timeouts, so that what is lost for
// minutes goes on when its way is back, unless it broke.
package metrics
