package simtest

import "dualhome/events"

// Lineage knows the causes of the lines of a whole log.
type Lineage []events.Line

// Line gives the line of a seq.
func (l Lineage) Line(seq uint64) events.Line { return l[seq-1] }

// Root gives the disturbance that a line follows from; 0: the start of the run.
func (l Lineage) Root(seq uint64) uint64 {
	for seq != 0 && l.Line(seq).Role != events.Fault {
		seq = l.Line(seq).Cause
	}
	return seq
}

// Disturbance gives the name of a line's root; "start" if it has none.
func (l Lineage) Disturbance(seq uint64) string {
	root := l.Root(seq)
	if root == 0 {
		return "start"
	}
	return l.Line(root).Event.(events.Disturbance).Name
}

// Why gives the chain of causes of a line, the line itself first.
func (l Lineage) Why(seq uint64) []events.Line {
	var chain []events.Line
	for ; seq != 0; seq = l.Line(seq).Cause {
		chain = append(chain, l.Line(seq))
	}
	return chain
}
