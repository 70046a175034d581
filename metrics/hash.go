package metrics

// direction is one of the two ways of a class: from the VMs, and back.
type direction uint8

const (
	forward direction = iota
	backward
)

func (d direction) String() string { return [...]string{"forward", "return"}[d] }

// fork is a choice among n equal next hops.
type fork struct {
	node  int32
	class int32
	dir   direction
	n     int
}

// forks gives, for each fork met so far, which flows take which way. A flow's
// way depends on its own key, the node's seed and n alone: it is modulo-N
// hashing (RFC 2991), so that most flows move when n changes.
type forks map[fork][]flowSet

// split gives the flows of each of n ways.
func (f forks) split(at fork, nodeSeed uint64, c *class) []flowSet {
	if ways, ok := f[at]; ok {
		return ways
	}
	ways := make([]flowSet, at.n)
	for i := range ways {
		ways[i] = newFlowSet(c.Flows)
	}
	for i := range c.Flows {
		hashed := i
		if c.Pairs > 0 {
			hashed = i % c.Pairs
		}
		ways[way(nodeSeed, c.HashSeed, at.dir, hashed, at.n)].add(i)
	}
	f[at] = ways
	return ways
}

// way gives which of n equal next hops a node takes for a flow. The two
// directions of a flow have different 5-tuples, hence different keys.
func way(nodeSeed, classSeed uint64, dir direction, flow, n int) int {
	key := mix(mix(classSeed+uint64(dir)) + uint64(flow))
	return int(mix(key^mix(nodeSeed)) % uint64(n))
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
