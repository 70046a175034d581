package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// changed builds the tables of a run from changes, like "12 r1 10.0.0.0/8 r2" (a best
// route; - is none) or "13 r1 ~r2" (a session comes up). Times are in seconds.
func changed(changes ...string) *Tables {
	t := &Tables{}
	for i, c := range changes {
		f := strings.Fields(c)
		at := when(c)
		if peer, isSession := strings.CutPrefix(f[2], "~"); isSession {
			t.Sessions = append(t.Sessions, Session{Seq: int64(i), T: at * 1e9, Actor: f[1], Peer: peer, State: "Established"})
			continue
		}
		r := Route{Seq: int64(i), T: at * 1e9, Actor: f[1], Table: "loc-rib", Prefix: f[2]}
		if f[3] != "-" {
			path := "path of " + f[3]
			r.From, r.ASPath, r.NextHops = &f[3], &path, []string{"192.0.2.1"}
		}
		t.Routes = append(t.Routes, r)
	}
	return t
}

// when gives the time of a change.
func when(change string) int64 {
	text, _, _ := strings.Cut(change, " ")
	at, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return at
}

// beat gives a change every so often, with one of several next hops after the other.
func beat(from, every, until int, actor, prefix string, hops ...string) []string {
	var all []string
	for at, i := from, 0; at < until; at, i = at+every, i+1 {
		all = append(all, fmt.Sprintf("%d %s %s %s", at, actor, prefix, hops[i%len(hops)]))
	}
	return all
}

// ordered puts changes into the order of their times.
func ordered(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b string) int { return int(when(a) - when(b)) })
	return all
}

func TestOscillations(t *testing.T) {
	const a, b = "10.0.0.0/8", "11.0.0.0/8"
	swings := ordered([]string{"1 r9 " + a + " r1", "7 r1 " + a + " r5"}, beat(10, 2, 60, "r1", a, "r2", "r3"))
	both := ordered(beat(10, 2, 100, "r1", a, "r2", "-"), beat(11, 3, 100, "r4", b, "r2", "r5"))
	flaps := changed(swings...)
	for at := range int64(25) {
		flaps.Convergence = append(flaps.Convergence, Convergence{T: 10e9 + at*2e9})
	}
	if all := Oscillations(flaps, 60e9, nil); len(all) > 0 {
		t.Errorf("a route that is told to flap oscillates: %+v", all)
	}
	for _, c := range []struct {
		name    string
		changes []string
		end     int64
		circle  *Circle
		want    string
	}{
		{"nothing happens", nil, 100, nil, ""},
		{"it has settled", swings, 100, nil, ""},
		{"too few to tell", swings[:7], 20, nil, ""},
		{"what is there three times shows", swings, 60, nil, "changes 4 s since 10 s: r1 10.0.0.0/8"},
		{"the state proves it, and how long it takes with all timers", swings, 60, &Circle{From: 20e9, Until: 40e9, Strict: true}, "state 4 s of 20 s since 10 s: r1 10.0.0.0/8"},
		{"it ends with a disturbance", swings, 60, &Circle{From: 20e9, Until: 28e9, Strict: true, Next: 90e9}, "state 4 s of 8 s since 10 s until 90 s: r1 10.0.0.0/8"},
		{"where draws vary there is no period", swings, 60, &Circle{From: 20e9, Until: 32e9}, "return 12 s of 12 s since 22 s: r1 10.0.0.0/8"},
		{"one after the other, the period is that of both", both, 100, nil, "changes 12 s since 10 s: r1+r4 10.0.0.0/8+11.0.0.0/8"},
		{"too slow for both, each has its own", both[:28], 43, nil, "changes 4 s since 10 s: r1 10.0.0.0/8; changes 6 s since 11 s: r4 11.0.0.0/8"},
		{"sessions too", ordered(beat(10, 31, 200, "r1", "~r2", ""), beat(10, 31, 200, "r2", "~r1", "")), 200, nil, "changes 31 s since 10 s: r1+r2 r1 - r2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, o := range Oscillations(changed(c.changes...), c.end*1e9, c.circle) {
				text := fmt.Sprintf("%s %d s", o.Proof, o.Period/1e9)
				if o.State != nil {
					text += fmt.Sprintf(" of %d s", *o.State/1e9)
				}
				text += fmt.Sprintf(" since %d s", o.Since/1e9)
				if o.Next != nil {
					text += fmt.Sprintf(" until %d s", *o.Next/1e9)
				}
				got = append(got, text+": "+strings.Join(o.Actors, "+")+" "+strings.Join(append(o.Prefixes, o.Sessions...), "+"))
			}
			if text := strings.Join(got, "; "); text != c.want {
				t.Errorf("%s\nwant %s", text, c.want)
			}
		})
	}
}

// TestCycle: a small period is listed as it comes first.
func TestCycle(t *testing.T) {
	o := Oscillations(changed(beat(10, 2, 60, "r1", "10.0.0.0/8", "r2", "-", "r3")...), 60e9, nil)[0]
	if got, want := fmt.Sprint(o.Cycle), "[{0 r1 10.0.0.0/8 path of r2 r2} {2000000000 r1 10.0.0.0/8  } {4000000000 r1 10.0.0.0/8 path of r3 r3}]"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}
