package metrics

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

func TestApportionIsExactAndFair(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		total, sum := rng.Int64N(1<<50), 0
		weights := make([]int, 1+rng.IntN(6))
		for i := range weights {
			weights[i] = rng.IntN(1000)
			sum += weights[i]
		}
		if sum == 0 {
			continue
		}
		got := int64(0)
		for i, part := range apportion(total, weights, sum) {
			got += part
			exact := new(big.Int).Div(new(big.Int).Mul(big.NewInt(total), big.NewInt(int64(weights[i]))), big.NewInt(int64(sum))).Int64()
			if part != exact && part != exact+1 || weights[i] == 0 && part != 0 {
				t.Fatalf("%d of %v: part %d is %d", total, weights, i, part)
			}
		}
		if got != total {
			t.Fatalf("%d of %v: parts sum to %d", total, weights, got)
		}
	}
}

func TestVolumeIsExact(t *testing.T) {
	rng, v, want := rand.New(rand.NewPCG(3, 4)), volume{}, new(big.Int)
	for range 100 {
		bps, ns := rng.Int64N(1e14), rng.Int64N(1e15)
		v.add(bps, ns)
		want.Add(want, new(big.Int).Mul(big.NewInt(bps), big.NewInt(ns)))
	}
	if want.Div(want, big.NewInt(8e9)); v.bytes() != want.Int64() {
		t.Errorf("%d bytes, not %v", v.bytes(), want)
	}
}

// The table agrees with a slice that is searched from end to end.
func TestLongestPrefixMatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var table lpm[int]
	slow := map[string]int{}
	for i := range 3000 {
		a := addr("10." + string(rune('0'+rng.IntN(3))) + ".1." + string(rune('0'+rng.IntN(9))))
		p, _ := a.Prefix(rng.IntN(33))
		if rng.IntN(3) == 0 {
			table.remove(p)
			delete(slow, p.String())
		} else {
			table.set(p, i)
			slow[p.String()] = i
		}
		best, bits, found := 0, -1, false
		for text, v := range slow {
			if q := prefix(text); q.Contains(a) && q.Bits() > bits {
				best, bits, found = v, q.Bits(), true
			}
		}
		if p, v, ok := table.lookup(a); ok != found || ok && (v != best || p.Bits() != bits) {
			t.Fatalf("%v: %v %d %v, not %d", a, p, v, ok, best)
		}
	}
}

// Converged: nothing that can change a table is under way or pending, and the
// last change is long ago.
func TestConverged(t *testing.T) {
	at := 3000 * sec
	tests := []struct {
		name    string
		tell    func(s *story, d uint64)
		run, of bool // converged: the run, the disturbance
	}{
		{"nothing happens", func(*story, uint64) {}, true, true},
		{"a change shortly before the end", func(s *story, d uint64) {
			s.at = time.Hour - 119*sec
			s.best(d, "dc", vmNet, hop2)
		}, false, true},
		{"a change just long enough before it", func(s *story, d uint64) {
			s.at = time.Hour - 120*sec
			s.best(d, "dc", vmNet, hop2)
		}, true, true},
		{"a long hold time makes it wait longer", func(s *story, d uint64) {
			s.change(d, "dc", events.SessionChanged{Neighbor: "nva2", Was: events.OpenSent, Is: events.OpenConfirm, Hold: 61 * sec})
			s.at = time.Hour - 121*sec
			s.best(d, "dc", vmNet, hop2)
		}, false, true},
		{"an UPDATE under way", func(s *story, d uint64) { s.send(d, "nva2", "dc", update()) }, false, false},
		{"an UPDATE that follows from the start", func(s *story, _ uint64) { s.send(0, "nva2", "dc", update()) }, false, true},
		{"an UPDATE that arrived", func(s *story, d uint64) {
			s.line(events.In, s.send(d, "nva2", "dc", update()), "dc", update())
		}, true, true},
		{"an UPDATE that was lost", func(s *story, d uint64) {
			s.line(events.Lost, s.send(d, "nva2", "dc", update()), "dc", update())
		}, true, true},
		{"an UPDATE of a session that its sender left", func(s *story, d uint64) {
			s.send(d, "nva2", "dc", update())
			s.down(d, "nva2", "dc")
		}, true, true},
		{"a connection attempt", func(s *story, d uint64) {
			s.send(d, "nva1", "dc", events.TCP{Conn: events.Conn{Initiator: "nva1", N: 9}, Flag: events.SYN})
			s.send(d, "nva1", "dc", events.NewOpen(events.Conn{Initiator: "nva1", N: 9}, 1, 60*sec, addr(hop1)))
			s.send(d, "nva1", "dc", events.NewNotification(events.Conn{Initiator: "nva1", N: 9}, 6, 7))
			s.send(d, "nva1", "dc", events.NewKeepalive(events.Conn{Initiator: "nva1", N: 3}))
		}, true, true},
		{"a pending MRAI timer", func(s *story, d uint64) {
			s.line(events.Set, d, "nva2", events.Timer{Name: events.MRAITimer, Peer: "dc"})
		}, false, false},
		{"an MRAI timer that fired", func(s *story, d uint64) {
			set := s.line(events.Set, d, "nva2", events.Timer{Name: events.MRAITimer, Peer: "dc"})
			s.line(events.Fired, set, "nva2", events.Timer{Name: events.MRAITimer, Peer: "dc"})
		}, true, true},
		{"an MRAI timer of a process that ended", func(s *story, d uint64) {
			s.line(events.Set, d, "nva2", events.Timer{Name: events.MRAITimer, Peer: "dc"})
			s.node(d, "nva2", events.Halted)
		}, true, true},
		{"pending programming", func(s *story, d uint64) {
			s.line(events.Set, d, "vms-0", events.Timer{Name: events.ProgramTimer, Peer: "vms-0"})
		}, false, false},
		{"a peer that is told late", func(s *story, d uint64) {
			s.line(events.Set, d, "nva2", events.Timer{Name: events.AdvertiseTimer, Peer: "dc"})
		}, false, false},
		{"a suppressed route", func(s *story, d uint64) {
			s.line(events.Set, d, "nva2", events.Timer{Name: events.ReuseTimer, Peer: "dc", Prefix: prefix(dcNet)})
		}, false, false},
		{"BFD that hears nothing, and a session that waits", func(s *story, d uint64) {
			s.line(events.Set, d, "nva2", events.Timer{Name: events.LivenessTimer, Peer: "dc"})
			s.line(events.Set, d, "nva2", events.Timer{Name: events.LimitTimer, Peer: "dc"})
		}, true, true},
		{"a ROUTE-REFRESH under way", func(s *story, d uint64) {
			s.send(d, "nva2", "dc", events.NewRouteRefresh(events.Conn{Initiator: "nva2", N: 6}))
		}, false, false},
		{"a connect timer", func(s *story, d uint64) {
			s.line(events.Set, d, "nva2", events.Timer{Name: events.ConnectTimer, Peer: "dc"})
		}, true, true},
	}
	for _, test := range tests {
		s := begin(design{active: hop1})
		d := s.fault(at, "it", "link-down", "x")
		test.tell(s, d)
		r := s.measure(t)
		if c := r.Convergence[0]; r.Converged != test.run || c.Converged != test.of || !c.Converged && c.Control != nil {
			t.Errorf("%s: the run %v, the disturbance %v", test.name, r.Converged, c.Converged)
		}
	}
}

func (s *story) send(cause uint64, from, to events.ActorID, e events.Event) uint64 {
	seq := s.line(events.Out, cause, from, e)
	s.lines[seq-1].Peer, s.lines[seq-1].Due = to, events.Time(s.at)+1
	return seq
}

// update is an UPDATE of the session that nva2 has with dc: the sixth of a story.
func update() *events.Update {
	return events.NewUpdate(events.Conn{Initiator: "nva2", N: 6}, &events.Routes{Withdrawn: prefixes(dcNet)})
}

func prefixes(list ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range list {
		all = append(all, prefix(s))
	}
	return all
}

// An UPDATE that mixes causes counts each prefix for its own.
func TestAnnouncementsAreCountedByRoot(t *testing.T) {
	s := begin(design{active: hop1})
	one := s.fault(100*sec, "one", "link-down", "x")
	two := s.fault(200*sec, "two", "link-down", "y")
	out := s.send(two, "nva2", "dc", events.NewUpdate(events.Conn{Initiator: "nva2", N: 6}, &events.Routes{
		Withdrawn: prefixes(dcNet), NLRI: prefixes(vmNet, all), Attrs: &events.Attrs{NextHop: addr(hop2)},
	}))
	s.lines[out-1].Causes = []uint64{one, one, two}
	r := s.measure(t)
	a, b := r.Convergence[0], r.Convergence[1]
	if a.Withdrawals != 1 || a.Announcements != 1 || b.Withdrawals != 0 || b.Announcements != 1 || a.Converged || b.Converged {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// Paths explored, and returns to one that was left, before the disturbance too.
func TestFlapping(t *testing.T) {
	s := begin(design{active: hop1})
	d := s.fault(100*sec, "it", "link-down", "x")
	for i, hops := range []string{hop2, "", hop2, hop1, hop1 + " " + hop2, hop1} {
		s.at = time.Duration(101+i) * sec
		s.best(d, "rs0-0", dcNet, hops)
	}
	rows := s.measure(t).Flapping
	want := Flapping{Root: int64(d), Actor: "rs0-0", Prefix: dcNet, BestChanges: 6, Returns: 3, DistinctPaths: 3, First: int64(sec), Last: int64(6 * sec)}
	if len(rows) != 1 || rows[0] != want {
		t.Errorf("%+v", rows)
	}
}

// A suppressed route belongs to the disturbance that made it so, until it is used
// again or the run ends; those of several peers are added up.
func TestSuppressedTime(t *testing.T) {
	s := begin(design{active: hop1})
	tell := func(at int, cause uint64, of events.ActorID, on bool) {
		s.at = time.Duration(at) * sec
		s.line(events.Change, cause, "rs0-0", events.Suppressed{Peer: of, Prefix: prefix(dcNet), On: on})
	}
	tell(90, 0, "nva1", true) // of no disturbance
	d := s.fault(100*sec, "it", "link-down", "x")
	tell(101, d, "nva2", true)
	other := s.fault(110*sec, "other", "link-down", "y")
	tell(121, other, "nva2", false)
	tell(130, other, "nva1", false)
	tell(140, d, "nva1", true)
	tell(150, d, "nva2", true)
	tell(151, d, "nva2", false)
	r := s.measure(t)
	want := Flapping{
		Root: int64(d), Actor: "rs0-0", Prefix: dcNet, First: int64(sec), Last: int64(sec),
		Suppressed: int64(21*sec) + int64(r.Horizon) - int64(140*sec),
	}
	if len(r.Flapping) != 1 || r.Flapping[0] != want {
		t.Errorf("%+v, not %+v", r.Flapping, want)
	}
}

// A learned route that a system route hides has no row, and forwards nothing.
func TestHiddenRoutesHaveNoRow(t *testing.T) {
	s := begin(design{active: hop1})
	d := s.fault(100*sec, "it", "link-down", "x")
	s.nic(d, "vms-0", "10.0.7.0/24", hop1)
	r := s.measure(t)
	for _, row := range r.Routes {
		if row.Prefix == "10.0.7.0/24" {
			t.Errorf("%+v", row)
		}
	}
	wantNull(t, "forwarding", r.Convergence[0].Forwarding, nil)
	if len(r.Programming) == 0 || r.Programming[len(r.Programming)-1].Root != int64(d) {
		t.Error("the transaction has no row")
	}
}

func TestMeasureRefusesWhatIsNoLog(t *testing.T) {
	broken := errors.New("broken")
	for want, tell := range map[string]func(s *story) error{
		"there are no lines":     func(s *story) error { s.lines = nil; return nil },
		"the first line is no":   func(s *story) error { s.lines = s.lines[1:]; return nil },
		"line 9 stands after":    func(s *story) error { s.lines = append(s.lines[:7], s.lines[8:]...); return nil },
		"follows from line 4711": func(s *story) error { s.lines[9].Cause = 4711; return nil },
		"has no event":           func(s *story) error { s.lines[9].Event = nil; return nil },
		"stands after one at":    func(s *story) error { s.lines[9].At = 5; return nil },
		"broken":                 func(*story) error { return broken },
	} {
		s := begin(design{active: hop1})
		fail := tell(s)
		_, err := Measure(func(yield func(events.Line, error) bool) {
			for l, err := range s.seq() {
				if !yield(l, err) {
					return
				}
			}
			if fail != nil {
				yield(events.Line{}, fail)
			}
		})
		if err == nil || !strings.Contains(err.Error(), want) || want == "broken" && !errors.Is(err, broken) {
			t.Errorf("%v, not %q", err, want)
		}
	}
}
