package metrics

import (
	"iter"

	"dualhome/events"
)

// Matrix is other traffic for a run than that of its log: classes, and the ways
// between their places that a run without them has no use for.
type Matrix struct {
	Classes []events.FlowClass
	Paths   []events.Path
}

// MatrixOf takes the traffic out of the facts of a network that was built with it.
func MatrixOf(facts []events.Event) *Matrix {
	m := &Matrix{}
	for _, fact := range facts {
		switch e := fact.(type) {
		case events.FlowClass:
			m.Classes = append(m.Classes, e)
		case events.Path:
			m.Paths = append(m.Paths, e)
		}
	}
	return m
}

// MeasureWith is Measure for other traffic than that of the log.
func MeasureWith(lines iter.Seq2[events.Line, error], other *Matrix) (*Result, error) {
	m := Meter{Other: other}
	return m.measure(lines)
}

// fold puts the traffic in the place of that of the log, when all is known that
// stands in the network.
func (m *Matrix) fold(n *network) {
	n.classes = append(n.classes[:0], m.Classes...)
	for _, p := range m.Paths {
		n.fact(p)
	}
}
