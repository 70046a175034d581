package metrics

import (
	"cmp"
	"math/big"
	"math/bits"
	"slices"
)

// resource is what streams share: so many bits, or packets, pass it in a second.
type resource struct {
	bound   int64
	packets bool
}

// unit gives how many bits one of what a resource counts has in a stream.
func (r resource) unit(s *stream) int64 {
	if r.packets {
		return 8 * s.bytes
	}
	return 1
}

// stream is a number of equal flows that pass the same resources. Each offers
// rate ÷ of bits per second.
type stream struct {
	flows   int64
	rate    int64 // up to 2^40
	of      int64
	bytes   int64   // of a packet
	through []int32 // ascending
}

// offered gives what all flows of a stream offer, in 2^-20 bits per second,
// rounded down: some streams that fill a resource to the last bit do fit.
func (s *stream) offered() uint64 {
	hi, lo := bits.Mul64(uint64(s.flows), uint64(s.rate)<<20)
	q, _ := bits.Div64(hi, lo, uint64(s.of))
	return q
}

// byDemand compares what one flow of each of two streams offers.
func byDemand(s, t *stream) int {
	a, b := product(s.rate, t.of), product(t.rate, s.of)
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

// grant is what a stream gets.
type grant struct {
	got  int64 // bits per second of all its flows together; only where it does not get all that it offers
	full int32 // the resource that holds it back; -1: it gets all
}

// maxMin divides resources among streams: max-min fair, each flow counting as
// one, and none gets more than it offers (Bertsekas and Gallager, Data Networks,
// 1992, section 6.5.2). The rate of all flows grows alike; those stop that have
// what they offer, and those that pass a resource which is full. A stream that is
// held back gets whole bits per second, rounded down; all else is exact, and so
// the same on every processor and in whatever order the streams come.
func maxMin(resources []resource, streams []stream) []grant {
	f := &filling{streams: streams, pools: make([]pool, len(resources)), grants: make([]grant, len(streams))}
	for i, r := range resources {
		f.pools[i].resource = r
	}
	for i := range streams {
		f.grants[i].full = -1
	}
	f.enter()
	for f.next() {
	}
	return f.grants
}

// filling is progressive filling under way.
type filling struct {
	streams []stream
	pools   []pool
	grants  []grant
	growing []int // streams, the one with the smallest demand first
}

// pool is a resource with what uses it.
type pool struct {
	resource
	scarce bool // more is offered than passes
	users  []users
}

// users is the streams of a pool whose packets have one size.
type users struct {
	unit    int64
	growing int64   // flows
	stopped big.Int // bits per second, in 2^-20, of those that grow no more
}

// enter puts the streams that pass a scarce resource at the start.
func (f *filling) enter() {
	for i := range f.streams {
		f.each(i, func(u *users) { u.stopped.Add(&u.stopped, new(big.Int).SetUint64(f.streams[i].offered())) })
	}
	for i := range f.pools {
		p := &f.pools[i]
		p.scarce = p.room().Sign() < 0
		for j := range p.users {
			p.users[j].stopped.SetInt64(0)
		}
	}
	for i := range f.streams {
		if slices.ContainsFunc(f.streams[i].through, func(r int32) bool { return f.pools[r].scarce }) {
			f.growing = append(f.growing, i)
			f.each(i, func(u *users) { u.growing += f.streams[i].flows })
		}
	}
	slices.SortStableFunc(f.growing, func(i, j int) int { return byDemand(&f.streams[i], &f.streams[j]) })
}

// each gives where a stream is counted in the pools that it passes.
func (f *filling) each(i int, do func(*users)) {
	s := &f.streams[i]
	for _, r := range s.through {
		p := &f.pools[r]
		unit := p.unit(s)
		at := slices.IndexFunc(p.users, func(u users) bool { return u.unit == unit })
		if at < 0 {
			at, p.users = len(p.users), append(p.users, users{unit: unit})
		}
		do(&p.users[at])
	}
}

// next lets the rate grow until some streams stop; false: all have.
func (f *filling) next() bool {
	if len(f.growing) == 0 {
		return false
	}
	full, level := f.fullest()
	content := 0
	for content < len(f.growing) && (level == nil || f.streams[f.growing[content]].fits(level)) {
		i := f.growing[content]
		f.stop(i, new(big.Int).SetUint64(f.streams[i].offered()))
		content++
	}
	if content > 0 {
		f.growing = f.growing[content:]
		return true
	}
	f.growing = slices.DeleteFunc(f.growing, func(i int) bool {
		if !slices.Contains(f.streams[i].through, full) {
			return false
		}
		got := f.streams[i].at(level)
		f.grants[i] = grant{got, full}
		f.stop(i, new(big.Int).Lsh(big.NewInt(got), 20))
		return true
	})
	return true
}

// stop notes that a stream grows no more.
func (f *filling) stop(i int, offered *big.Int) {
	f.each(i, func(u *users) {
		u.growing -= f.streams[i].flows
		u.stopped.Add(&u.stopped, offered)
	})
}

// fullest gives the resource that is full first, of equal ones the first, and
// the rate of each flow at which it is; nil where none ever is.
func (f *filling) fullest() (full int32, first *big.Rat) {
	for i := range f.pools {
		p := &f.pools[i]
		flows := p.growing()
		if !p.scarce || flows.Sign() == 0 {
			continue
		}
		level := p.room()
		if level.Sign() < 0 {
			level.SetInt64(0)
		}
		if level.Quo(level, flows); first == nil || level.Cmp(first) < 0 {
			full, first = int32(i), level
		}
	}
	return full, first
}

// growing gives what the flows that grow take of a pool, at one bit per second
// each.
func (p *pool) growing() *big.Rat {
	sum := new(big.Rat)
	for i := range p.users {
		sum.Add(sum, big.NewRat(p.users[i].growing, p.users[i].unit))
	}
	return sum
}

// room gives what those that grow no more leave of a pool.
func (p *pool) room() *big.Rat {
	left := new(big.Rat).SetInt64(p.bound)
	for i := range p.users {
		u := &p.users[i]
		left.Sub(left, new(big.Rat).SetFrac(&u.stopped, new(big.Int).Lsh(big.NewInt(u.unit), 20)))
	}
	return left
}

// fits tells whether a flow of a stream offers no more than a rate.
func (s *stream) fits(level *big.Rat) bool {
	offered := new(big.Int).Mul(big.NewInt(s.rate), level.Denom())
	return offered.Cmp(new(big.Int).Mul(big.NewInt(s.of), level.Num())) <= 0
}

// at gives what all flows of a stream have at a rate of each.
func (s *stream) at(level *big.Rat) int64 {
	n := new(big.Int).Mul(big.NewInt(s.flows), level.Num())
	return n.Quo(n, level.Denom()).Int64()
}
