package metrics

import (
	"net/netip"
	"slices"
)

// concern is what the changes of an instant may mean to packets of a class.
type concern uint8

const (
	nothing    concern = iota
	theReasons         // they go the same way, and some are lost for other reasons
	theWay             // they go another way
)

// concern gives what the changes of the instant may mean to a direction: they move
// packets to its destination anywhere, or at a node on its way, or say otherwise why
// some are lost.
func (t *traffic) concern(c *class, dir direction) concern {
	if !t.begun {
		return theWay
	}
	legs := c.went
	if dir == backward {
		legs = c.walked[backward]
	}
	most := t.concernTo(c.effects[dir], legs)
	if dir == backward {
		for _, nva := range t.hiding { // answers go to what an NVA gave as its own address
			most = max(most, t.concernTo(nva, legs))
		}
	}
	return most
}

// concernBack gives what the changes of the instant may mean to the way back. Where
// it depends on the way there, which was another one, an answer goes where what it
// answers came from, and is lost for the same reasons.
func (t *traffic) concernBack(c *class, went []leg, there concern) concern {
	most := t.concern(c, backward)
	switch {
	case !c.tied:
		return most
	case !identical(went, c.went):
		return theWay
	case there == theWay || t.effectOn(c.effects[forward]).explains:
		return max(most, theReasons)
	}
	return most
}

// concernTo gives what the changes of the instant may mean to packets on some legs,
// while they go to an address.
func (t *traffic) concernTo(dst int32, legs []leg) concern {
	by := t.effectOn(dst)
	switch {
	case by.moves || slices.ContainsFunc(by.at, func(node int32) bool { return walked(legs, node) }):
		return theWay
	case by.explains:
		return theReasons
	}
	return nothing
}

// effect is what the changes of an instant may do to packets to an address: many
// classes have the same.
type effect struct {
	dst      netip.Addr
	instant  int     // of which it is the effect, in the order in which instants are judged
	moves    bool    // whichever way they go
	at       []int32 // if they come there: a table entry changed
	explains bool    // if they are lost
}

// number gives the number of the effect on packets to an address.
func (t *traffic) number(dst netip.Addr) int32 {
	n, known := t.numbers[dst]
	if !known {
		n = int32(len(t.effects))
		t.numbers[dst], t.effects = n, append(t.effects, effect{dst: dst})
	}
	return n
}

// effectOn gives the effect of the instant on packets to an address.
func (t *traffic) effectOn(n int32) *effect {
	e := &t.effects[n]
	if e.instant == t.instant {
		return e
	}
	*e = effect{dst: e.dst, instant: t.instant, at: e.at[:0]}
	for i := range t.touched {
		by := &t.touched[i]
		if !by.to(e.dst) {
			continue
		}
		e.explains = e.explains || by.reason
		e.moves = e.moves || !by.reason && !by.forward
		if by.forward {
			e.at = append(e.at, by.node)
		}
	}
	return e
}

// to tells whether the change concerns packets to a destination.
func (by *touch) to(dst netip.Addr) bool { return !by.prefix.IsValid() || by.prefix.Contains(dst) }
