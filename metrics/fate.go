package metrics

// fate is what becomes of some flows of a step, in bits per second. What is full
// takes a part of a flow and lets the other part go on, to be delivered or lost
// elsewhere.
type fate struct {
	key
	offered   int64
	delivered int64
	lost      int64
	missing   int64 // what is lost, exactly: flows × rate of the class
	inspected bool
}

// weight is what a flow counts where the flows of a class are weighed by what
// becomes of their bits: so a part of a flow is a whole number too.
func (c *class) weight() int64 { return max(1, c.BitsPerSec) }

// total is what all flows of a class count.
func (c *class) total() int64 { return c.weight() * int64(c.Flows) }

// share gives what part of a class something weighs; of whole flows it is their
// number over that of all.
func (c *class) share(weight int64) float64 {
	flows := float64(weight/c.weight()) + float64(weight%c.weight())/float64(c.weight())
	return flows / float64(c.Flows)
}

// delivers weighs what is delivered.
func (c *class) delivers(cells []cell) (sum int64) {
	for _, k := range cells {
		switch {
		case k.cause != delivered:
		case k.full:
			sum += k.got * int64(c.Flows)
		default:
			sum += int64(k.flows) * c.weight()
		}
	}
	return sum
}

// fates gives what becomes of the flows of a step. What they offer sums to the
// rate of the class.
func (c *class) fates(cells []cell) []fate {
	all := c.ground.fates.take(len(cells))
	for i, rate := range c.rates(cells) {
		k, weight := cells[i], int64(cells[i].flows)*c.weight()
		got := k.got * int64(c.Flows)
		jammed := fate{key: key{k.hub, congestion}, offered: rate, delivered: k.got, lost: rate - k.got, missing: weight - got, inspected: k.inspected}
		switch {
		case k.full && k.cause == delivered:
			all = append(all, jammed)
		case k.full:
			jammed.offered, jammed.delivered = jammed.lost, 0
			all = append(all, fate{key: k.key(), offered: k.got, lost: k.got, missing: got, inspected: k.inspected}, jammed)
		case k.cause == delivered:
			all = append(all, fate{key: k.key(), offered: rate, delivered: rate, inspected: k.inspected})
		default:
			all = append(all, fate{key: k.key(), offered: rate, lost: rate, missing: weight, inspected: k.inspected})
		}
	}
	return all
}

// rates gives the bits per second of each cell of a step; they sum to the rate
// of the class.
func (c *class) rates(cells []cell) []int64 {
	weights := make([]int, len(cells))
	for i := range cells {
		weights[i] = cells[i].flows
	}
	return apportion(c.BitsPerSec, weights, c.Flows)
}

// bits gives what gets past what is full.
func (j *jam) bits() int64 {
	if j == nil {
		return 0
	}
	return j.got
}

// same tells whether two legs are held back alike.
func (j *jam) same(k *jam) bool { return j == k || j != nil && k != nil && *j == *k }

// loses tells whether anything is lost.
func (f fate) loses() bool { return f.missing > 0 }
