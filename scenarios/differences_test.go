package scenarios

import (
	"reflect"
	"testing"
)

func differencesOf(t *testing.T, name string, a, b []string) []Difference {
	t.Helper()
	var texts [][]byte
	for _, set := range [][]string{a, b} {
		entry, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := Load(entry.Name, []byte(entry.Text), set...)
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return Differences(texts[0], texts[1])
}

// TestDifferencesAreWhatWasSet: of two runs of one scenario what --set changed is told by
// its path, with what follows from it, and nothing else.
func TestDifferencesAreWhatWasSet(t *testing.T) {
	for _, c := range []struct {
		a, b []string
		want []Difference
	}{
		{nil, nil, nil},
		{nil, []string{"nvas[nva2].prepend=3"}, []Difference{
			{"nvas[nva2].route_servers[rs0].prepend", "2", "3"}, {"nvas[nva2].prepend", "2", "3"},
		}},
		{nil, []string{"nvas[nva1].roles=[vpn]"}, []Difference{
			{"nvas[nva1].roles", "[firewall, vpn]", "[vpn]"}, {"nvas[nva1].snat", "internet", "none"},
		}},
		{nil, []string{"hold=15s"}, []Difference{
			{"route_servers[rs0].hold", "180s", "15s"},
			{"nvas[nva1].hold", "180s", "15s"},
			{"nvas[nva2].hold", "180s", "15s"},
			{"sites[dc].hold", "180s", "15s"},
		}},
		{[]string{"faults[nva1-dies].at=310s"}, []string{"faults[nva1-dies].at=320s", "horizon=1300s"}, []Difference{
			{"horizon", "1200s", "1300s"}, {"faults[nva1-dies].at", "310s", "320s"},
		}},
	} {
		if got := differencesOf(t, "active-passive", c.a, c.b); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v against %v: %q, not %q", c.a, c.b, got, c.want)
		}
	}
}

// TestDifferencesOfThings: what only one of them has is a difference as a whole, and
// the order of things is none.
func TestDifferencesOfThings(t *testing.T) {
	a := []byte("nvas: [{name: n1, hold: 3s}, {name: n2}]\nexpect: {converged: true}\n")
	b := []byte("nvas: [{name: n2}, {name: n3, roles: [vpn]}, {name: n1, hold: 3s}]\n")
	want := []Difference{{"nvas[n3]", "", "{name: n3, roles: [vpn]}"}, {"expect", "{converged: true}", ""}}
	if got := Differences(a, b); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestDifferencesOfOneWithItself: no scenario of the library differs from itself, and
// each from every other.
func TestDifferencesOfOneWithItself(t *testing.T) {
	var texts [][]byte
	for _, entry := range Library() {
		s, _, err := Load(entry.Name, []byte(entry.Text))
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	for i, a := range texts {
		for j, b := range texts {
			if got := Differences(a, b); (len(got) > 0) != (i != j) {
				t.Errorf("scenarios %d and %d: %d differences", i, j, len(got))
			}
		}
	}
}
