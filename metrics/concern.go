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
	dst, legs := c.Destination, c.went
	if dir == backward {
		dst, legs = c.Source, c.walked[backward]
	}
	most := t.concernTo(dst, legs)
	if dir == backward {
		for _, nva := range t.net.hiding { // answers go to what an NVA gave as its own address
			most = max(most, t.concernTo(nva, legs))
		}
	}
	return most
}

// concernBack gives what the changes of the instant may mean to the way back. Where
// it depends on the way there, which was another one, an answer goes where what it
// answers came from, and is lost for the same reasons.
func (t *traffic) concernBack(c *class, went []leg) concern {
	most := t.concern(c, backward)
	switch {
	case !c.tied:
		return most
	case !identical(went, c.went):
		return theWay
	case t.effectOn(c.Destination).explains:
		return max(most, theReasons)
	}
	return most
}

// concernTo gives what the changes of the instant may mean to packets on some legs,
// while they go to an address.
func (t *traffic) concernTo(dst netip.Addr, legs []leg) concern {
	by := t.effectOn(dst)
	switch {
	case by.moves || slices.ContainsFunc(by.at, func(node int32) bool { return walked(legs, node) }):
		return theWay
	case by.explains:
		return theReasons
	}
	return nothing
}

// effect is what the changes of an instant may do to packets to an address.
type effect struct {
	moves    bool    // whichever way they go
	at       []int32 // if they come there: a table entry changed
	explains bool    // if they are lost
}

// effectOn gives the effect of the instant on packets to an address: many classes
// have the same.
func (t *traffic) effectOn(dst netip.Addr) effect {
	e, known := t.effects[dst]
	if known {
		return e
	}
	for _, by := range t.touched {
		if !by.to(dst) {
			continue
		}
		e.explains = e.explains || by.reason
		e.moves = e.moves || !by.reason && !by.forward
		if by.forward {
			e.at = append(e.at, by.node)
		}
	}
	t.effects[dst] = e
	return e
}

// to tells whether the change concerns packets to a destination.
func (by touch) to(dst netip.Addr) bool { return !by.prefix.IsValid() || by.prefix.Contains(dst) }
