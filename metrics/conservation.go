package metrics

import (
	"fmt"
	"time"

	"dualhome/events"
)

// LeakError says that traffic appeared or vanished: the simulator is wrong, and no
// figure of the run can be trusted. In every class, direction and instant what is
// offered is delivered or lost, each flow once.
type LeakError struct {
	Class     string
	Direction string // forward, return, two-way
	At        events.Time
	Offered   int64 // flows, or bit/s
	Delivered int64
	Lost      int64
	Twice     int64 // flows that are on two ways; of rates 0
	Unit      string
}

func (e *LeakError) Error() string {
	s := fmt.Sprintf("class %s, %s, at %v: %d %s are offered, %d delivered and %d lost", e.Class, e.Direction, time.Duration(e.At), e.Offered, e.Unit, e.Delivered, e.Lost)
	if e.Twice > 0 {
		s += fmt.Sprintf(", %d of them twice", e.Twice)
	}
	return s + ": traffic is not conserved, which is a mistake of the simulator"
}

// conserve checks the step that was made of the legs of a direction: each flow is on
// exactly one of them, and what the step delivers is what they do.
func (c *class) conserve(dir direction, legs []leg, s *step) error {
	leak := LeakError{Class: c.Name, Direction: dir.String(), At: s.at, Offered: int64(c.Flows), Unit: "flows"}
	seen, weight := c.counted, int64(0)
	clear(seen)
	for i := range legs {
		l := &legs[i]
		n := int64(l.flows.count())
		leak.Twice += int64(l.flows.countBoth(seen))
		seen.join(l.flows)
		switch {
		case l.cause != delivered:
			leak.Lost += n
			continue
		case l.jam != nil:
			weight += l.jam.got * int64(c.Flows)
		default:
			weight += n * c.weight()
		}
		leak.Delivered += n
	}
	if leak.Twice > 0 || seen.count() != c.Flows || weight != s.delivered {
		return leak.asError()
	}
	return c.conserveRates(dir.String(), s)
}

// conserveRates checks the cells of a step: they hold all flows, and what these offer
// in bits is delivered or lost, in each and together. The step keeps these fates.
func (c *class) conserveRates(dir string, s *step) error {
	bits := LeakError{Class: c.Name, Direction: dir, At: s.at, Offered: c.BitsPerSec, Unit: "bit/s"}
	flows := 0
	for i := range s.cells {
		flows += s.cells[i].flows
	}
	if flows != c.Flows {
		return bits.asError()
	}
	s.fates = c.fates(s.cells)
	offered, missing, whole := int64(0), int64(0), true
	for _, f := range s.fates {
		offered, missing = offered+f.offered, missing+f.missing
		bits.Delivered, bits.Lost = bits.Delivered+f.delivered, bits.Lost+f.lost
		whole = whole && f.offered == f.delivered+f.lost && f.lost >= 0 && f.delivered >= 0
	}
	if !whole || offered != bits.Offered || bits.Delivered+bits.Lost != bits.Offered || s.delivered+missing != c.total() {
		return bits.asError()
	}
	return nil
}

// asError puts a leak on the heap: there is none in all runs but wrong ones.
func (e LeakError) asError() error { return &e }
