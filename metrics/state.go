package metrics

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"

	"dualhome/events"
)

// Entry is a route that a table holds at the end of a run.
type Entry struct {
	Actor  string // for NICs the group
	Table  string // loc-rib, fib, nic
	Prefix string
	Route  string // where to, in words: all that tells it from another
}

// State is all entries at the end of a run, ordered by actor, table and prefix.
// Of two runs with equal states every speaker chose the same routes, and every
// packet goes the same ways.
type State []Entry

// Fingerprint gives SHA-256 over a state, in hexadecimal digits.
func (s State) Fingerprint() string {
	h := sha256.New()
	for _, e := range s {
		h.Write([]byte(e.Actor + "\x00" + e.Table + "\x00" + e.Prefix + "\x00" + e.Route + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// at gives the route of an entry; "nothing" where there is none.
func (s State) at(e Entry) string {
	i, ok := slices.BinarySearchFunc(s, e, Entry.compare)
	if !ok {
		return "nothing"
	}
	return s[i].Route
}

func (e Entry) compare(other Entry) int {
	if e.Actor != other.Actor {
		return strings.Compare(e.Actor, other.Actor)
	}
	return cmp.Or(strings.Compare(e.Table, other.Table), strings.Compare(e.Prefix, other.Prefix))
}

// state adds what all tables hold now.
func (n *network) state(s State) State {
	for i := range n.nodes {
		one := &n.nodes[i]
		put := func(table string, p netip.Prefix, route string) {
			s = append(s, Entry{string(one.Node.Node), table, n.texts.prefix(p), route})
		}
		for p, best := range one.best.all() {
			put("loc-rib", p, n.routeText(one, best))
		}
		for p, e := range one.fib.all() {
			put("fib", p, n.hopsText(e.hops))
		}
		for p, e := range one.nic.all() {
			put("nic", p, n.hopsText(e.hops))
		}
	}
	slices.SortFunc(s, Entry.compare)
	return s
}

// routeText says which routes of a Loc-RIB entry are used: of several, which is
// the best, but not in what order the others stand.
func (n *network) routeText(at *node, best *events.BestChanged) string {
	if at.originates(best) {
		return "its own"
	}
	ways := make([]string, len(best.Is))
	for i, peer := range best.Is {
		ways[i] = string(peer)
		if i < len(best.NextHops) {
			ways[i] += " (" + n.texts.address(best.NextHops[i]) + ")"
		}
	}
	slices.Sort(ways[1:])
	return "from " + strings.Join(ways, " + ") + ", path " + *n.texts.path(best.Path)
}

// hopsText gives next hops, which the fold keeps in the order of the hash.
func (n *network) hopsText(hops []netip.Addr) string {
	b := append(n.texts.buffer[:0], "to "...)
	for i, hop := range hops {
		if i > 0 {
			b = append(b, " + "...)
		}
		b = hop.AppendTo(b)
	}
	return *n.texts.of(b)
}
