package metrics

import "math/bits"

// flowSet is a set of the flows of one class, a bit each. Sets are never
// changed once they are shared; all sets of one class have one length.
type flowSet []uint64

func newFlowSet(flows int) flowSet { return make(flowSet, (flows+63)/64) }

// allFlows gives the set of the flows 0 to n-1.
func allFlows(n int) flowSet {
	s := newFlowSet(n)
	for i := range n {
		s.add(i)
	}
	return s
}

func (s flowSet) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s flowSet) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s flowSet) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// and gives the flows that are in both.
func (s flowSet) and(t flowSet) flowSet {
	both := make(flowSet, len(s))
	for i := range s {
		both[i] = s[i] & t[i]
	}
	return both
}

// minus gives the flows of s that are not in t.
func (s flowSet) minus(t flowSet) flowSet {
	rest := make(flowSet, len(s))
	for i := range s {
		rest[i] = s[i] &^ t[i]
	}
	return rest
}

// first gives the n flows of s with the lowest numbers.
func (s flowSet) first(n int) flowSet {
	few := make(flowSet, len(s))
	for i, w := range s {
		for ; w != 0 && n > 0; n-- {
			few[i] |= w & -w
			w &= w - 1
		}
	}
	return few
}

// join adds the flows of t to s itself.
func (s flowSet) join(t flowSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// joinBoth adds to s itself the flows that are in both t and u.
func (s flowSet) joinBoth(t, u flowSet) {
	for i := range s {
		s[i] |= t[i] & u[i]
	}
}

// joinRest adds to s itself the flows of t that are not in u.
func (s flowSet) joinRest(t, u flowSet) {
	for i := range s {
		s[i] |= t[i] &^ u[i]
	}
}

// keep leaves in s itself only the flows that are in t.
func (s flowSet) keep(t flowSet) {
	for i := range s {
		s[i] &= t[i]
	}
}

// remove takes the flows of t from s itself.
func (s flowSet) remove(t flowSet) {
	for i := range s {
		s[i] &^= t[i]
	}
}

// countBoth gives the number of flows that are in both.
func (s flowSet) countBoth(t flowSet) int {
	n := 0
	for i := range s {
		n += bits.OnesCount64(s[i] & t[i])
	}
	return n
}
