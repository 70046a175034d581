package availability

import (
	"maps"
	"strings"
)

// batch is one estimate of the whole sum.
type batch struct {
	total   map[Key]float64 // a year
	pairs   map[Key]float64 // of that, two at once
	healthy map[Key]float64 // with nothing broken: the mean of its samples
}

// term is what one failure, or a pair, adds up to.
type term struct {
	samples int
	sum     map[Key]float64 // of values
	year    map[Key]float64 // of what they add to a year
	means   []Loss          // of a failure alone: the means of its batches
}

// added is a sample of the batch under way.
type added struct {
	*Sample
	losses []Loss
}

// closeBatch counts the batch under way, all of whose samples are there.
func (e *Estimator) closeBatch() {
	b := batch{map[Key]float64{}, map[Key]float64{}, map[Key]float64{}}
	for _, a := range e.open {
		t := e.term(a.Sample)
		t.samples++
		for key, lost := range e.value(&a) { // order-free: each key is a sum of its own
			if of, is := key.healthy(); is {
				b.healthy[of] += lost * Year.Seconds() / float64(len(e.open))
				continue
			}
			t.sum[key] += lost
			t.year[key] += a.factor * lost
			b.total[key] += a.factor * lost
			if a.Second != alone {
				b.pairs[key] += a.factor * lost
			}
		}
	}
	for key, lost := range b.healthy { // order-free: each key is a sum of its own
		b.total[key] += lost
	}
	e.closeMeans()
	e.batches, e.open = append(e.batches, b), nil
}

// value gives what the first run lost, less what the others did, and less what its
// control explains, whose mean is 0; of a network with nothing broken what the first says.
func (e *Estimator) value(a *added) Loss {
	v := maps.Clone(a.losses[0])
	for _, l := range a.losses[1:] {
		for key, lost := range l { // order-free: each key is a difference of its own
			if _, is := key.healthy(); !is {
				v[key] -= lost
			}
		}
	}
	for key, slope := range e.slopes[[2]int{a.First, a.Second}] { // order-free: each key is a difference of its own
		v[key] -= slope * a.control
	}
	return v
}

// closeMeans keeps what each failure alone lost in the batch under way.
func (e *Estimator) closeMeans() {
	for i, n := range e.perOne {
		t := e.terms[[2]int{i, alone}]
		mean := Loss{}
		for _, a := range e.open {
			if a.First == i && a.Second == alone {
				for key, lost := range e.value(&a) { // order-free: each key is a sum of its own
					mean[key] += lost / float64(n)
				}
			}
		}
		t.means = append(t.means, mean)
	}
}

// healthy tells of what is lost with nothing broken which quantity it belongs to.
func (k Key) healthy() (of Key, is bool) {
	switch k.What {
	case Healthy:
		return Key{k.Class, Equivalent}, true
	case HealthyAny:
		return Key{k.Class, AnyLoss}, true
	}
	if cause, is := strings.CutPrefix(k.What, healthyBy); is {
		return Key{k.Class, ByCause(cause)}, true
	}
	return k, false
}

func (e *Estimator) term(s *Sample) *term {
	at := [2]int{s.First, s.Second}
	t := e.terms[at]
	if t == nil {
		t = &term{sum: map[Key]float64{}, year: map[Key]float64{}}
		e.terms[at] = t
	}
	return t
}
