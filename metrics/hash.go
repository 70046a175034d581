package metrics

import (
	"math/bits"

	"dualhome/events"
)

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
	by    events.HashScheme
	n     int
}

// fan is how the flows of a class divide at a fork.
type fan struct {
	table *bucketTable
	ways  []flowSet
}

// forks gives, for each fork met so far, which flows take which way. What n says
// alone is computed once; what buckets say too, once for each table in turn.
type forks map[fork]fan

// split gives the flows of each of n ways.
func (f forks) split(at fork, nodeSeed uint64, c *class, table *bucketTable) []flowSet {
	if known, ok := f[at]; ok && known.table == table {
		return known.ways
	}
	ways := make([]flowSet, at.n)
	for i := range ways {
		ways[i] = newFlowSet(c.Flows)
	}
	hash := newHash(nodeSeed, c.HashSeed, at.dir)
	for i := range c.Flows {
		hashed := i
		if c.Pairs > 0 {
			hashed = i % c.Pairs
		}
		ways[way(at.by, hash.of(hashed), at.n, table)].add(i)
	}
	f[at] = fan{table, ways}
	return ways
}

// way gives which of n equal next hops a scheme takes for a hash.
func way(s events.HashScheme, hash uint64, n int, table *bucketTable) int {
	switch s {
	case events.ThresholdHash: // the region that it falls in (RFC 2992)
		region, _ := bits.Mul64(hash, uint64(n))
		return int(region)
	case events.ResilientHash, events.StickyHash:
		return table.hop(int(hash%buckets), n)
	default:
		return int(hash % uint64(n))
	}
}

// flowHash gives the hashes of flows at a node. It has nothing in it that changes
// with the topology. The two directions of a flow have different 5-tuples, hence
// different keys; a node whose hash is symmetric gives both the key of the forward
// one.
type flowHash struct{ node, class uint64 }

func newHash(nodeSeed, classSeed uint64, dir direction) flowHash {
	return flowHash{mix(nodeSeed), mix(classSeed + uint64(dir))}
}

func (h flowHash) of(flow int) uint64 { return mix(mix(h.class+uint64(flow)) ^ h.node) }

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
