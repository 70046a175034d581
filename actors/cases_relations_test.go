package actors_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// sampleA is a file of AS relationships (CAIDA, serial-1).
const sampleA = "1|2|0 1|3|-1 1|4|-1 2|4|-1 2|5|-1 3|4|0 3|6|-1 4|7|-1 5|7|-1 5|8|-1 6|7|0 7|9|-1 8|9|-1 6|10|-1"

// relations gives what each AS is to another: provider, customer or peer.
func relations() map[[2]string]string {
	all := map[[2]string]string{}
	for line := range strings.FieldsSeq(sampleA) {
		f := strings.Split(line, "|")
		all[[2]string{f[0], f[1]}], all[[2]string{f[1], f[0]}] = "peer", "peer"
		if f[2] == "-1" {
			all[[2]string{f[0], f[1]}], all[[2]string{f[1], f[0]}] = "provider", "customer"
		}
	}
	return all
}

// tenASes is the network of sampleA; every AS originates a prefix.
func tenASes(policy bool, faults string) string { return tenASesWith(policy, "", "10ms", faults) }

// tenASesWith is tenASes with options of all routers and a delay of all links.
func tenASesWith(policy bool, bgp, delay, faults string) string {
	var b strings.Builder
	b.WriteString("version: 1\nname: case\nhorizon: 3000s\nstart: established\nrouters:\n")
	for i := range 10 {
		fmt.Fprintf(&b, "  - {name: '%d', asn: %d, originates: [%v], bgp: {%s}}\n", i+1, i+1, prefixOf(i+1), bgp)
	}
	b.WriteString("links:\n")
	for line := range strings.FieldsSeq(sampleA) {
		f := strings.Split(line, "|")
		relation := map[string]string{"-1": "provider", "0": "peer"}[f[2]]
		if !policy {
			relation = "none"
		}
		fmt.Fprintf(&b, "  - {between: ['%s', '%s'], relation: %s, delay: '%s'}\n", f[0], f[1], relation, delay)
	}
	return b.String() + faults
}

// GR-S: customers before peers before providers, and what they may be told of
// each other (Gao and Rexford 2001).
func businessRelations(t *testing.T) {
	o := observe(t, tenASes(true, "faults: [{name: cut, kind: link-down, target: 4-7, at: 1000s}]"), 1)
	free := observe(t, tenASes(false, ""), 1)
	kinds := relations()
	pairs, sum, most, sumFree, inflated := 0, 0, 0, 0, 0
	for i := range 10 {
		prefix := prefixOf(i + 1).String()
		short := free.paths(prefix, 999)
		for from, path := range o.paths(prefix, 999) {
			hops := strings.Count(path, " ")
			if hops == 0 {
				continue
			}
			freely := strings.Count(short[from], " ")
			pairs, sum, most, sumFree = pairs+1, sum+hops, max(most, hops), sumFree+freely
			if hops > freely {
				inflated++
			}
			if !valleyFree(kinds, strings.Fields(path)) {
				t.Errorf("%s has a valley", path)
			}
		}
	}
	same(t, "pairs, hops, longest, inflated", [4]int{pairs, sum, most, inflated}, [4]int{90, 204, 6, 8})
	same(t, "mean without policy", fmt.Sprintf("%.4f", float64(sumFree)/90), "2.0889")
	nine := map[events.ActorID]string{
		"1": "1 4 7 9", "2": "2 4 7 9", "3": "3 4 7 9", "4": "4 7 9", "5": "5 7 9", "6": "6 7 9", "7": "7 9", "8": "8 9", "9": "9", "10": "10 6 7 9",
	}
	same(t, "paths to 9", o.paths(prefixOf(9).String(), 999), nine)
	same(t, "paths to 10", o.paths(prefixOf(10).String(), 999), map[events.ActorID]string{
		"1": "1 3 6 10", "2": "2 1 3 6 10", "3": "3 6 10", "4": "4 3 6 10", "5": "5 2 1 3 6 10", "6": "6 10", "7": "7 6 10",
		"8": "8 5 2 1 3 6 10", "9": "9 7 6 10", "10": "10",
	})
	maps.Copy(nine, map[events.ActorID]string{"1": "1 2 5 7 9", "2": "2 5 7 9", "3": "3 1 2 5 7 9", "4": "4 2 5 7 9"})
	same(t, "paths to 9 after 4-7 failed", o.paths(prefixOf(9).String(), 3000), nine)
	same(t, "customer cones", cones(kinds), map[string]int{"1": 7, "2": 6, "3": 3, "4": 3, "5": 4, "6": 2, "7": 2, "8": 2, "9": 1, "10": 1})
	t.Run("told", func(t *testing.T) { onlyCustomers(t, o, kinds) })
	t.Run("any order", func(t *testing.T) { oneFinalState(t, o) })
	t.Run("news", goodNewsIsFaster)
	t.Run("beacon", beacon)
}

// cones gives how many ASes each one can reach by going down to customers, itself
// included.
func cones(kinds map[[2]string]string) map[string]int {
	sizes := map[string]int{}
	for i := range 10 {
		top := fmt.Sprint(i + 1)
		in := []string{top}
		for at := 0; at < len(in); at++ {
			for pair, is := range kinds { // order-free: a set
				if pair[0] == in[at] && is == "provider" && !slices.Contains(in, pair[1]) {
					in = append(in, pair[1])
				}
			}
		}
		sizes[top] = len(in)
	}
	return sizes
}

// onlyCustomers: peers and providers are sent the own prefix and those of customers,
// whose paths go down all the way; customers, whatever there is.
func onlyCustomers(t *testing.T, o observed, kinds map[[2]string]string) {
	told := map[string]int{}
	for _, l := range o.Written {
		u, ok := l.Event.(*events.Update)
		if !ok || l.Role != events.Out || l.At > 999e9 || u.Attrs == nil {
			continue
		}
		from, to := string(l.Actor), string(l.Peer)
		is := kinds[[2]string{to, from}]
		told[is]++
		path := strings.Fields(u.Attrs.Path.String())
		for i := range len(path) - 1 {
			if is != "customer" && kinds[[2]string{path[i], path[i+1]}] != "provider" {
				t.Errorf("%s tells %s, its %s, of %v", from, to, is, path)
			}
		}
	}
	if told["provider"] == 0 || told["peer"] == 0 || told["customer"] == 0 {
		t.Errorf("told: %v", told)
	}
}

// oneFinalState: whatever the delays and MRAI, the paths are the same in the end.
func oneFinalState(t *testing.T, o observed) {
	for seed := range uint64(20) {
		mrai := []string{"mrai: 'uniform(22.5s, 30s)'", "mrai: 30s, mrai_per: prefix, mrai_withdrawals: true", "mrai: 5s", "processing: 'uniform(10ms, 1s)'"}[seed%4]
		other := observe(t, tenASesWith(true, mrai, "uniform(1ms, 2s)", "faults: [{name: cut, kind: link-down, target: 4-7, at: 1000s}]"), seed+1)
		for i := range 10 {
			for _, at := range []float64{999, 3000} {
				prefix := prefixOf(i + 1).String()
				same(t, fmt.Sprintf("seed %d: paths to %s at %v s", seed+1, prefix, at), other.paths(prefix, at), o.paths(prefix, at))
			}
		}
	}
}

// goodNewsIsFaster: an announcement is everywhere before a withdrawal is (Labovitz et
// al. 2000): with policies, and with MRAI as it was then, for any of the ASes.
func goodNewsIsFaster(t *testing.T) {
	var ups, downs []float64
	for i := range 10 {
		for seed := range uint64(5) {
			faults := fmt.Sprintf("faults: [{name: up, kind: announce, target: '%[1]d', prefix: %[2]s, at: 1000s}, {name: down, kind: withdraw, target: '%[1]d', prefix: %[2]s, at: 2000s}]", i+1, lab0)
			o := observe(t, tenASesWith(true, "mrai: 'uniform(22.5s, 30s)'", "uniform(10ms, 100ms)", faults), seed+1)
			ups, downs = append(ups, o.during(1000, 2000).tBest), append(downs, o.during(2000, 3000).tBest)
		}
	}
	slices.Sort(ups)
	slices.Sort(downs)
	t.Logf("median up %.2f s, down %.2f s", ups[len(ups)/2], downs[len(downs)/2])
	if ups[len(ups)/2] >= downs[len(downs)/2] {
		t.Errorf("median up %v s, down %v s", ups[len(ups)/2], downs[len(downs)/2])
	}
}

// valleyFree tells whether packets go up to providers, over at most one peer, and
// down to customers.
func valleyFree(kinds map[[2]string]string, hops []string) bool {
	rank := map[string]int{"customer": 0, "peer": 1, "provider": 2}
	last := 0
	for i := range len(hops) - 1 {
		is := rank[kinds[[2]string{hops[i], hops[i+1]}]]
		if is < last || is == 1 && last == 1 {
			return false
		}
		last = is
	}
	return true
}
