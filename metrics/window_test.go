package metrics

import (
	"testing"
	"time"

	"dualhome/events"
)

func nanos(d time.Duration) *int64 { return Nanos(d) }

func wantNull(t *testing.T, name string, got, want *int64) {
	t.Helper()
	switch {
	case (got == nil) != (want == nil):
		t.Errorf("%s is %v, not %v", name, nullOr(got), nullOr(want))
	case got != nil && *got != *want:
		t.Errorf("%s is %v, not %v", name, nullOr(got), nullOr(want))
	}
}

func nullOr(n *int64) string {
	if n == nil {
		return "null"
	}
	return time.Duration(*n).String()
}

// A failover in full: every time, the budget, the outages.
func TestConvergenceOfAFailover(t *testing.T) {
	s := begin(design{active: hop1})
	s.fails(100 * sec)
	r := s.measure(t)
	c := r.Convergence[0]
	wantNull(t, "detection", c.Detection, nanos(8*sec))
	wantNull(t, "detection_last", c.DetectionLast, nanos(10*sec))
	wantNull(t, "control", c.Control, nanos(10*sec))
	wantNull(t, "forwarding", c.Forwarding, nanos(12*sec))
	wantNull(t, "traffic", c.Traffic, nanos(12*sec))
	wantNull(t, "detect", c.Detect, nanos(10*sec))
	wantNull(t, "propagate", c.Propagate, nanos(0))
	wantNull(t, "decide", c.Decide, nanos(0))
	wantNull(t, "program", c.Program, nanos(2*sec))
	wantNull(t, "flows", c.Flows, nanos(0))
	if !*c.Restored || c.Overlaps || !c.Converged || c.BestChanges != 5 || !r.Converged || r.SessionsDown != 3 {
		t.Errorf("%+v, converged %v, %d sessions down", c, r.Converged, r.SessionsDown)
	}
	for _, o := range r.Outages {
		want := map[string]time.Duration{
			"to-dc forward detection-gap": 10 * sec, "to-dc forward programming-gap": 2 * sec, "to-dc return detection-gap": 8 * sec,
			"to-dc two-way detection-gap": 10 * sec, "to-dc two-way programming-gap": 2 * sec,
		}[o.Class+" "+o.Direction+" "+*o.Cause]
		if o.Class == "to-dc" && (o.Outage != int64(want) || o.Equivalent != int64(want) || o.LostBytes != (1e9+7)*int64(want/sec)/8 || !o.Restored) {
			t.Errorf("%+v, want %v", o, want)
		}
	}
}

// traffic_ns is 0 where the only change is at the disturbance itself, and null
// where nothing differs from before; then nothing is lost, and there is no
// budget.
func TestTrafficAtOnceOrNotAtAll(t *testing.T) {
	s := begin(design{active: hop1})
	d := s.fault(100*sec, "moved", "link-down", "x")
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(d, g, dcNet, hop2)
		s.nic(d, g, all, hop2)
	}
	s.fib(d, "dc", vmNet, hop2, "bgp")
	s.node(s.fault(200*sec, "hangs", "hang", "nva1"), "nva1", events.Hung)
	r := s.measure(t)
	wantNull(t, "traffic", r.Convergence[0].Traffic, nanos(0))
	wantNull(t, "traffic of what changes nothing", r.Convergence[1].Traffic, nil)
	for _, c := range r.Convergence {
		wantNull(t, "detect", c.Detect, nil)
		if !*c.Restored {
			t.Errorf("%+v", c)
		}
	}
	for _, o := range r.Outages {
		if o.Cause != nil || o.Outage != 0 || o.LostBytes != 0 || !o.Restored {
			t.Errorf("%+v", o)
		}
	}
	if len(r.Outages) != 2*2*3 {
		t.Errorf("%d rows of outages", len(r.Outages))
	}
}

// What is not delivered again by the end of the window is not restored: the
// outage is cut off there, and the repair is charged with the rest.
func TestOutageIsCensoredAtTheNextDisturbance(t *testing.T) {
	s := begin(design{active: hop1})
	d := s.fault(100*sec, "dies", "node-death", "nva1")
	s.node(d, "nva1", events.Dead)
	repair := s.fault(130*sec, "dies-repair", "node-death", "nva1")
	s.node(repair, "nva1", events.Alive)
	s.at = 135 * sec
	s.fib(repair, "nva1", dcNet, hopDC, "bgp")
	r := s.measure(t)
	c := r.Convergence[0]
	if *c.Restored || c.Traffic != nil || c.Detect != nil {
		t.Errorf("%+v", c)
	}
	for _, i := range r.Impacts {
		want := map[string]time.Duration{
			"dies to-dc forward": 30 * sec, "dies to-dc return": 30 * sec, "dies to-dc two-way": 30 * sec,
			"dies to-net forward": 30 * sec, "dies to-net return": 30 * sec, "dies to-net two-way": 30 * sec,
			"dies-repair to-dc forward": 5 * sec, "dies-repair to-dc two-way": 5 * sec,
		}[i.Disturbance+" "+i.Class+" "+i.Direction]
		if i.Outage != int64(want) || i.Restored != (i.Disturbance != "dies") {
			t.Errorf("%+v, want %v", i, want)
		}
	}
	wantNull(t, "traffic of the repair", r.Convergence[1].Traffic, nanos(5*sec))
}

// Disturbances of one instant share their window, and overlap.
func TestDisturbancesOfOneInstant(t *testing.T) {
	s := begin(design{active: hop1})
	s.fails(100 * sec)
	late := s.lines[len(s.lines)-1]
	one := begin(design{active: hop1})
	one.node(one.fault(100*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
	d := one.fault(100*sec, "cut", "link-down", "tunnel1")
	one.link(d, "tunnel1", false)
	one.at = time.Duration(late.At)
	one.moveSite(d, hop2)
	r := one.measure(t)
	if len(r.Convergence) != 2 || !r.Convergence[0].Overlaps || !r.Convergence[1].Overlaps {
		t.Errorf("%+v", r.Convergence)
	}
	half := len(r.Outages) / 2
	for i, o := range r.Outages[:half] {
		p := r.Outages[half+i]
		p.Root = o.Root
		if o.Outage != p.Outage || o.LostBytes != p.LostBytes || o.Direction != p.Direction {
			t.Errorf("%+v and %+v", o, p)
		}
	}
	want, got := int64(0), Run{} // what they share is lost once
	for k := range r.Impacts {
		i := &r.Impacts[k]
		i.Lasts = false // else there is no figure
		if k < len(r.Impacts)/2 && i.Direction != "two-way" {
			want += i.LostBytes
		}
	}
	if got.Headline(r); got.LostBytes == nil || *got.LostBytes != want || want == 0 {
		t.Errorf("%v bytes are lost in all, not %d", got.LostBytes, want)
	}
}

// The target reacts too, but that is no detection; what stands in a lost hub is
// part of the target.
func TestDetectionIsElsewhere(t *testing.T) {
	for _, test := range []struct {
		what, target string
		want         *int64
	}{
		{"node-death", "nva1", nanos(7 * sec)},
		{"hub-loss", "hub1", nanos(7 * sec)},
		{"link-down", "tunnel1", nanos(5 * sec)},
	} {
		s := begin(design{active: hop1})
		d := s.fault(100*sec, "it", test.what, test.target)
		s.at = 105 * sec
		s.down(d, "nva1", "dc")
		s.at = 107 * sec
		s.nic(d, "vms-0", dcNet, hop2)
		c := s.measure(t).Convergence[0]
		wantNull(t, test.what+": detection", c.Detection, test.want)
		last := test.want
		if *last == int64(7*sec) {
			last = nil
		}
		wantNull(t, test.what+": detection_last", c.DetectionLast, last)
	}
}

// A disturbance that begins while the reaction to an earlier one lasts overlaps
// with it, and the other way round; a later one does not.
func TestOverlaps(t *testing.T) {
	for after, want := range map[time.Duration]bool{11 * sec: true, 12 * sec: true, 13 * sec: false} {
		s := begin(design{active: hop1})
		d := s.fault(100*sec, "it", "link-down", "x")
		if after <= 12*sec {
			s.fault(100*sec+after, "other", "link-down", "x")
		}
		s.at = 112 * sec
		s.nic(d, "vms-0", dcNet, hop2)
		if after > 12*sec {
			s.fault(100*sec+after, "other", "link-down", "x")
		}
		for _, c := range s.measure(t).Convergence {
			if c.Overlaps != want {
				t.Errorf("%v later: %+v", after, c)
			}
		}
	}
}

// equivalent_ns is a share of the flows, however coarse the rates are in whole
// bits per second.
func TestEquivalentOfFewBits(t *testing.T) {
	s := begin(design{active: hop1})
	for i, l := range s.lines {
		if e, ok := l.Event.(events.FlowClass); ok {
			e.BitsPerSec = 7
			s.lines[i].Event = e
		}
	}
	d := s.fault(100*sec, "odd", "link-down", "x")
	s.nic(d, "vms-0", dcNet, "10.9.9.9") // half of the flows
	s.at = 200 * sec
	s.nic(d, "vms-0", dcNet, hop1)
	r, err := Measure(s.seq())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range r.Impacts {
		if lost := i.Class == "to-dc" && i.Direction != "return"; lost && i.Equivalent != int64(50*sec) || !lost && i.Equivalent != 0 {
			t.Errorf("%+v", i)
		}
	}
	for _, o := range r.Outages {
		if o.Cause != nil && o.Equivalent != int64(50*sec) {
			t.Errorf("%+v", o)
		}
	}
}
