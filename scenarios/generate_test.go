package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
)

// network loads a scenario of one generator.
func network(t testing.TB, generator string) *Scenario {
	t.Helper()
	s, _, err := Load("x.yaml", []byte("{version: 1, name: x, horizon: 60s, generate: [{"+generator+"}]}"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// degrees gives the number of links of each router.
func degrees(s *Scenario) []int {
	all := make([]int, len(s.Routers))
	for i, r := range s.Routers {
		for _, l := range s.Links {
			if slices.Contains(l.Between[:], r.Name) {
				all[i]++
			}
		}
	}
	return all
}

// connected tells whether links lead from the first router to all.
func connected(s *Scenario) bool {
	reached := map[string]bool{s.Routers[0].Name: true}
	for range s.Routers {
		for _, l := range s.Links {
			if reached[l.Between[0]] || reached[l.Between[1]] {
				reached[l.Between[0]], reached[l.Between[1]] = true, true
			}
		}
	}
	return len(reached) == len(s.Routers)
}

func TestGenerators(t *testing.T) {
	for _, c := range []struct {
		generator      string
		routers, links int
		degrees        string
	}{
		{"kind: clique, count: 5", 5, 10, "[4 4 4 4 4]"},
		{"kind: ring, count: 5", 5, 5, "[2 2 2 2 2]"},
		{"kind: chain, count: 4", 4, 3, "[1 2 2 1]"},
		{"kind: chain, count: 1", 1, 0, "[0]"},
		{"kind: star, count: 5", 5, 4, "[4 1 1 1 1]"},
		{"kind: tree, count: 7", 7, 6, "[2 3 3 1 1 1 1]"},
		{"kind: b-clique, count: 8", 8, 11, "[2 2 2 2 4 3 3 4]"},
		{"kind: focus, count: 3", 10, 11, "[3 2 2 2 2 2 2 4 2 1]"},
		{"kind: clique, count: 100", 100, 4950, ""},
		{"kind: random, count: 50, degree: 6", 50, 150, ""},
		{"kind: random, count: 5, degree: 100", 5, 10, "[4 4 4 4 4]"},
		{"kind: gao-rexford, count: 50", 50, 100, ""},
		{"kind: tree, count: 1000", 1000, 999, ""},
	} {
		s := network(t, c.generator)
		if len(s.Routers) != c.routers || len(s.Links) != c.links {
			t.Errorf("%s: %d routers and %d links, want %d and %d", c.generator, len(s.Routers), len(s.Links), c.routers, c.links)
		}
		if got := fmt.Sprint(degrees(s)); c.degrees != "" && got != c.degrees {
			t.Errorf("%s: degrees %s, want %s", c.generator, got, c.degrees)
		}
		if !connected(s) {
			t.Errorf("%s: it is not connected", c.generator)
		}
		if c.routers < 100 {
			roundTrip(t, s)
		}
	}
}

// What routers are called, where they are, and what they originate.
func TestGeneratedRouters(t *testing.T) {
	for origin, want := range map[string]int{"first": 1, "all": 1000, "none": 0} {
		s := network(t, "name: as, kind: chain, count: 1000, asn: 100, origin: "+origin)
		var prefixes []netip.Prefix
		ids := map[netip.Addr]bool{}
		for i, r := range s.Routers {
			prefixes, ids[r.ID] = append(prefixes, r.Originates...), true
			if r.Name != fmt.Sprintf("as%d", i) || r.ASN != uint32(100+i) {
				t.Fatalf("router %d is %s in AS %d", i, r.Name, r.ASN)
			}
		}
		for i, p := range prefixes {
			for _, q := range prefixes[i+1:] {
				if p.Overlaps(q) {
					t.Fatalf("%v overlaps %v", p, q)
				}
			}
			if a := s.Routers[999].ID; p.Contains(a) {
				t.Fatalf("%v contains %v", p, a)
			}
		}
		if len(prefixes) != want || len(ids) != 1000 {
			t.Errorf("origin %s: %d prefixes and %d identifiers", origin, len(prefixes), len(ids))
		}
		if a, b := s.Routers[0].ID.String(), s.Routers[253].ID.String(); a != "192.0.2.1" || b != "192.0.2.254" {
			t.Errorf("identifiers from %s to %s", a, b)
		}
	}
}

// A network of that name is the same wherever it is made; another one is not.
func TestRandomIsTheSameAgain(t *testing.T) {
	links := func(name string) string {
		var all []string
		for _, e := range (Generator{Kind: "random", Name: name, Count: 30, Degree: 4}).edges() {
			all = append(all, fmt.Sprint(e.a, "-", e.b))
		}
		return fmt.Sprint(all)
	}
	first, again, other := links("r"), links("r"), links("q")
	if first != again {
		t.Error("two networks of one name differ")
	}
	if first == other {
		t.Error("two networks of different names are the same")
	}
}

// In a hierarchy nobody is, by any way, its own provider, and everybody below the
// top has one.
func TestHierarchy(t *testing.T) {
	for _, count := range []int{1, 2, 15, 40, 200} {
		s := network(t, fmt.Sprintf("kind: gao-rexford, count: %d", count))
		number := map[string]int{}
		for i, r := range s.Routers {
			number[r.Name] = i
		}
		served := map[string]bool{}
		for _, l := range s.Links {
			switch l.Relation {
			case "provider":
				served[l.Between[1]] = true
				if number[l.Between[0]] >= number[l.Between[1]] {
					t.Errorf("%s is a provider of %s", l.Between[0], l.Between[1])
				}
			case "peer":
			default:
				t.Errorf("%s: relation %s", l.Name, l.Relation)
			}
		}
		if top := min(max(count/10, 1), 10); len(served) != count-top {
			t.Errorf("%d of %d have a provider, and %d need none", len(served), count, top)
		}
	}
}

// Everything that a plain network can say is read, written and read again; and the
// resolved scenario has what generators made, but no generator.
func TestPlainNetwork(t *testing.T) {
	s := testdata(t, "plain", "generate[r].count=13", "routers[b].bgp.mrai=5s", "routers[rr].peers[a].igp_cost=7", "routers[rr].bgp.hold=30s")
	roundTrip(t, s)
	if len(s.Generate) != 0 || len(s.Routers) != 3+13+3 || s.Routers[0].ID.String() != "10.0.0.1" {
		t.Errorf("%d generators, %d routers, the first is %v", len(s.Generate), len(s.Routers), s.Routers[0].ID)
	}
	if b, rr := s.Routers[2].Speaker, s.Routers[1]; b.MRAI.Max().Seconds() != 5 || !b.DenyDefault || rr.Peers[0].IGPCost != 7 || rr.Speaker.Hold.Seconds() != 30 || rr.Speaker.ConnectRetry.IsZero() {
		t.Errorf("%+v %+v", b, rr)
	}
	text, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range [][]byte{text, written(t, "plain")} {
		if err := valid(t, compiled(t), one); err != nil {
			t.Error(err)
		}
	}
}
