package metrics

import (
	"cmp"
	"slices"
)

// Ending is in which manner a run ends.
type Ending string

// The endings. A run that ends settled ends in a state; of the others no state
// is the last.
const (
	EndsSettled    Ending = "settled"    // in a stable state
	EndsUnsettled  Ending = "unsettled"  // something still changes or is pending at the horizon
	EndsOscillates Ending = "oscillates" // it will never settle: its state comes again and again
	EndsCutShort   Ending = "cut short"  // before the horizon, at a bound
)

// Outcome is how one run ended.
type Outcome struct {
	Ending      Ending
	State       State  // of a settled run; nil else
	Fingerprint string // of the state; empty where there is none
	Why         string // of one that is not settled
}

// Outcome gives how a run that came to its horizon ended.
func (r *Result) Outcome() Outcome {
	if !r.Converged {
		return Outcome{Ending: EndsUnsettled, Why: r.Unsettled}
	}
	return Outcome{Ending: EndsSettled, State: r.State, Fingerprint: r.State.Fingerprint()}
}

// OutcomeClass is the runs that ended alike: in one stable state, or without.
type OutcomeClass struct {
	Ending      Ending
	Fingerprint string // of the state; empty where there is none
	Runs        int
	Seed        uint64 // the lowest, for an example
	Why         string // of the example, where it is not settled
	Share       Proportion
	state       State
	kept        bool // state is that of the class
}

// Outcomes sorts runs into classes. The zero value is ready. It keeps a state
// for each of the classes that come first, and a few words for the others.
type Outcomes struct {
	runs    int
	kept    int // states
	classes []*OutcomeClass
	index   map[outcomeKey]*OutcomeClass
}

type outcomeKey struct {
	ending      Ending
	fingerprint string
}

// statesKept bounds the states in memory: more classes are counted, but not
// compared.
const statesKept = 16

// Add takes a run.
func (o *Outcomes) Add(seed uint64, run Outcome) {
	key := outcomeKey{run.Ending, run.Fingerprint}
	o.runs++
	c := o.index[key]
	if c == nil {
		c = o.open(key, seed)
	}
	c.Runs++
	if c.Runs == 1 || seed < c.Seed {
		c.Seed, c.Why = seed, run.Why
	}
	if c.Runs == 1 && run.Ending == EndsSettled && o.kept < statesKept {
		o.kept++
		c.state, c.kept = run.State, true
	}
}

func (o *Outcomes) open(key outcomeKey, seed uint64) *OutcomeClass {
	if o.index == nil {
		o.index = map[outcomeKey]*OutcomeClass{}
	}
	c := &OutcomeClass{Ending: key.ending, Fingerprint: key.fingerprint, Seed: seed}
	o.index[key], o.classes = c, append(o.classes, c)
	return c
}

// Classes gives the classes, the most frequent first, with the share of the runs
// that each has.
func (o *Outcomes) Classes() []OutcomeClass {
	all := make([]OutcomeClass, len(o.classes))
	for i, c := range o.classes {
		all[i] = *c
		all[i].Share = proportion(c.Runs, o.runs)
	}
	slices.SortFunc(all, func(a, b OutcomeClass) int { return cmp.Or(cmp.Compare(b.Runs, a.Runs), cmp.Compare(a.Seed, b.Seed)) })
	return all
}

// Difference is an entry that is not the same in all states.
type Difference struct {
	Actor, Table, Prefix string
	Routes               []string // of each class, in their order; empty: of no settled state, or of one that is not kept
}

// Differences gives the entries in which the states of classes differ: those of
// routing tables first, since the others follow from them.
func Differences(classes []OutcomeClass) []Difference {
	var keys []Entry
	for _, c := range classes {
		for _, e := range c.state {
			e.Route = ""
			keys = append(keys, e)
		}
	}
	slices.SortFunc(keys, Entry.compare)
	var all []Difference
	for _, at := range slices.Compact(keys) {
		if d, differs := differenceAt(at, classes); differs {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Difference) int { return cmp.Compare(tableRank(a.Table), tableRank(b.Table)) })
	return all
}

func differenceAt(at Entry, classes []OutcomeClass) (d Difference, differs bool) {
	d = Difference{Actor: at.Actor, Table: at.Table, Prefix: at.Prefix}
	last := ""
	for _, c := range classes {
		route := ""
		if c.kept {
			route = c.state.at(at)
			differs = differs || last != "" && route != last
			last = route
		}
		d.Routes = append(d.Routes, route)
	}
	return d, differs
}

func tableRank(table string) int { return slices.Index([]string{"loc-rib", "fib", "nic"}, table) }
