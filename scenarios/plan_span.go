package scenarios

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// span is a range or an interval: values that nobody writes out.
type span struct {
	kind  quantityKind
	from  *big.Rat
	to    *big.Rat // of an interval; nil: a range
	step  *big.Rat // of a range
	count *big.Int // of the values of a range
	unit  *big.Rat // of which those of an interval are multiples; nil: rounded as it suits
}

// isSpan tells whether a text is meant as a range or an interval.
func isSpan(written string) bool {
	return strings.HasPrefix(written, "range(") || strings.HasPrefix(written, "interval(")
}

// spanOf reads range(start, stop, step) or interval(a, b).
func spanOf(written string) (*span, error) {
	name, rest, _ := strings.Cut(written, "(")
	inside, closed := strings.CutSuffix(rest, ")")
	form := map[string]string{"range": "range(start, stop, step), like range(0s, 30s, 5s)", "interval": "interval(from, to), like interval(30s, 180s)"}[name]
	parts := strings.Split(inside, ",")
	if want := map[string]int{"range": 3, "interval": 2}[name]; !closed || strings.ContainsAny(inside, "()") || len(parts) != want {
		return nil, complaint{fmt.Sprintf("%s is no %s", written, name), "it is " + form}
	}
	var all []quantity
	for _, part := range parts {
		q, ok := quantityOf(strings.TrimSpace(part))
		if !ok {
			return nil, complaint{fmt.Sprintf("%q is no quantity", strings.TrimSpace(part)), "it is " + form}
		}
		all = append(all, q)
	}
	kind := all[0].kind
	for i, q := range all[1:] {
		both, ok := alike(kind, q.kind)
		if !ok {
			return nil, complaint{fmt.Sprintf("%s mixes %s and %s", written, kind, q.kind), strings.TrimSpace(parts[0]) + " and " + strings.TrimSpace(parts[i+1]) + " have other units"}
		}
		kind = both
	}
	for i, q := range all[:2] {
		if kind >= aDuration && q.number.Sign() < 0 {
			return nil, complaint{strings.TrimSpace(parts[i]) + " is negative", ""}
		}
	}
	if name == "interval" {
		return intervalOf(kind, all[0].number, all[1].number, written)
	}
	return rangeOf(kind, all[0].number, all[1].number, all[2].number, written)
}

func intervalOf(kind quantityKind, from, to *big.Rat, written string) (*span, error) {
	if from.Cmp(to) >= 0 {
		return nil, complaint{written + " is empty", "the smaller end comes first"}
	}
	s := &span{kind: kind, from: from, to: to}
	if kind == wholeNumber || kind == aSize {
		s.unit = big.NewRat(1, 1)
	}
	return s, nil
}

func rangeOf(kind quantityKind, start, stop, step *big.Rat, written string) (*span, error) {
	way := new(big.Rat).Sub(stop, start)
	switch {
	case step.Sign() == 0:
		return nil, complaint{written + " never ends: its step is 0", ""}
	case way.Sign() != 0 && way.Sign() != step.Sign():
		return nil, complaint{written + " leads away from its stop", "give the step the other sign, or swap start and stop"}
	}
	steps := way.Quo(way, step)
	count := new(big.Int).Quo(steps.Num(), steps.Denom())
	return &span{kind: kind, from: start, step: step, count: count.Add(count, big.NewInt(1))}, nil
}

// at gives the i-th value of a range.
func (s *span) at(i int64) quantity {
	n := new(big.Rat).SetInt64(i)
	return quantity{s.kind, n.Add(s.from, n.Mul(n, s.step))}
}

// ends gives its first value and its last.
func (s *span) ends() []quantity {
	last := s.to
	if last == nil {
		last = new(big.Rat).SetInt(new(big.Int).Sub(s.count, big.NewInt(1)))
		last.Add(s.from, last.Mul(last, s.step))
	}
	return []quantity{{s.kind, s.from}, {s.kind, last}}
}

// sample gives the value of which a share u of all are below, where there are so
// many samples. Values of a range, and those with a unit, are equally probable. Others
// are rounded to a power of ten (of 1 ns, 1 bit/s, 1) of which at least a thousand
// fit between two of the samples, if these lie evenly; a value stays in the part of
// the interval, one of as many equal parts as there are samples, that u is in.
func (s *span) sample(u float64, samples int) quantity {
	switch {
	case s.to == nil:
		return s.at(stratum(u, s.count).Int64())
	case s.unit != nil:
		units := new(big.Rat).Sub(s.to, s.from)
		units.Quo(units, s.unit) // whole: the ends are multiples
		at := new(big.Rat).SetInt(stratum(u, new(big.Int).Add(units.Num(), big.NewInt(1))))
		return quantity{s.kind, at.Add(s.from, at.Mul(at, s.unit))}
	}
	part := new(big.Rat).Sub(s.to, s.from)
	unit := s.resolution(part, samples)
	value := new(big.Rat).SetFloat64(u)
	value.Add(s.from, value.Mul(value, part))
	least := new(big.Rat).SetFrac64(int64(u*float64(samples)), int64(samples))
	least.Add(s.from, least.Mul(least, part))
	value = floor(value, unit)
	if value.Cmp(least) < 0 {
		value.Add(value, unit)
	}
	return quantity{s.kind, value}
}

// resolution gives the unit that the values of an interval of that width have.
func (s *span) resolution(width *big.Rat, samples int) *big.Rat {
	most := new(big.Rat).Quo(width, new(big.Rat).SetInt64(1000*int64(samples)))
	f, _ := most.Float64()
	exponent := int64(math.Floor(math.Log10(f)))
	if s.kind != decimalNumber {
		exponent = max(0, exponent)
	}
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(max(exponent, -exponent)), nil))
	if exponent < 0 {
		unit.Inv(unit)
	}
	return unit
}

// floor gives the greatest multiple of unit that is not above n.
func floor(n, unit *big.Rat) *big.Rat {
	times := new(big.Rat).Quo(n, unit)
	whole := new(big.Int).Div(times.Num(), times.Denom()) // Euclidean: down, as the denominator is positive
	return times.Mul(times.SetInt(whole), unit)
}

// stratum gives the one of n equally probable places that u is in.
func stratum(u float64, n *big.Int) *big.Int {
	at := new(big.Rat).SetFloat64(u)
	at.Mul(at, new(big.Rat).SetInt(n))
	return new(big.Int).Quo(at.Num(), at.Denom())
}
