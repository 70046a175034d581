package main

import (
	buf "bytes"
	"encoding/json"
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"

	"dualhome/availability"
	"dualhome/scenarios"
	"dualhome/sim"
)

// yearOf estimates the year of one scenario, and gives what is printed as data.
func yearOf(t *testing.T, args ...string) yearJSON {
	t.Helper()
	var out, err buf.Buffer
	if got := run(t.Context(), append([]string{"availability", "-o", "json", "--quiet"}, args...), &out, &err); got != exitFine {
		t.Fatalf("exit code %d\n%s", got, &err)
	}
	var j []yearJSON
	if err := json.Unmarshal(out.Bytes(), &j); err != nil || len(j) != 1 {
		t.Fatal(err, len(j))
	}
	return j[0]
}

func (y *yearJSON) class(name string) yearOfClass {
	for _, c := range y.Classes {
		if c.Class == name {
			return c
		}
	}
	return yearOfClass{}
}

// each gives what a failure costs a class each time.
func (y *yearJSON) each(failure, class string) failureCost {
	for _, f := range y.Failures {
		for _, c := range f.Classes {
			if f.Failure == failure && c.Class == class {
				return c
			}
		}
	}
	return failureCost{}
}

// The estimate is that of a history that is played as it comes: both NVAs die and are
// repaired, time after time, for 64 times 400 hours. Each is dead for a twentieth of the
// time, a hundred times as much as in life, so that pairs make up half of what spoke-dc
// loses. What the histories show is known to a tenth or so: that is why nobody waits.
func TestAvailabilityIsThatOfAHistory(t *testing.T) {
	const failures = `failures=[{kind: node-death, target: nva1, mtbf: exponential(19h), repair_time: 1h}, {kind: node-death, target: nva2, mtbf: exponential(19h), repair_time: 1h}]`
	y := yearOf(t, "active-passive", "--set", failures, "--until-ci", "5%")
	text, err := scenarios.Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := scenarios.Load("active-passive.yaml", text.Text, failures)
	if err != nil {
		t.Fatal(err)
	}
	const histories, hours = 64, 400
	lost := map[string][]float64{}
	for seed := range uint64(histories) {
		var faults []scenarios.Fault
		for _, f := range s.Failures {
			at, k := s.Horizon, uint64(0)
			for {
				key := sim.KeyOf("history").Str(f.Name).Int(k)
				at += sim.Draw(seed, f.UpTime, key.Str("up"))
				repair := sim.Draw(seed, f.RepairTime, key.Str("down"))
				if at >= s.Horizon+hours*time.Hour {
					break
				}
				one := f.Fault(at, repair)
				one.Name += "-" + string(rune('a'+k%26)) + string(rune('a'+k/26))
				faults = append(faults, one)
				at, k = at+repair, k+1
			}
		}
		r, err := play(t.Context(), s.With(faults, s.Horizon+hours*time.Hour), &runFlags{seed: seed, bus: "memory", text: []byte("-")})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.measured.Services {
			lost[c.Class] = append(lost[c.Class], float64(c.Equivalent)/1e9*8766/hours)
		}
	}
	for class, years := range lost {
		got, mean, sd := y.class(class), stat.Mean(years, nil), stat.StdDev(years, nil)
		half := 2*sd/math.Sqrt(histories) + (got.EquivalentS.High-got.EquivalentS.Low)/2
		t.Logf("%s: %.0f s a year of history, %.0f by conditioning (%.0f from pairs, %.0f neglected at most), %.0f apart of %.0f",
			class, mean, got.EquivalentS.Value, got.PairsS, y.NeglectedS, mean-got.EquivalentS.Value, half)
		if math.Abs(mean-got.EquivalentS.Value) > half || class == "spoke-dc" && got.PairsS < got.SinglesS/2 {
			t.Errorf("%s: it is not the same", class)
		}
	}
}

// With one failure in one hub the year is known: each time traffic is lost for the whole
// repair, and then until its sessions are up and the NICs are programmed.
func TestOneFailureCostsItsRepairTime(t *testing.T) {
	const only = "failures=[{kind: node-death, target: nva1, mtbf: 8760h, repair_time: exponential(4h), source: test}]"
	y := yearOf(t, "single-hub", "--set", only)
	c, f := y.class("spoke-dc"), y.each("node-death-nva1", "spoke-dc")
	recovery := f.AfterRepairS
	if recovery < 1.5 || recovery > 6 { // the first UPDATEs, and 2.5 s on average of programming
		t.Errorf("%.3f s are lost after the repair", recovery)
	}
	if want := 8766. / 8764 * (4*3600 + recovery); c.EquivalentS.Low > want || want > c.EquivalentS.High || len(y.Pairs) > 0 {
		t.Errorf("%+v, not %.1f s", c, want)
	}
	if u := y.Unknowns; len(u) == 0 || y.Failures[0].Source == nil {
		t.Errorf("unknowns %v, failures %v", u, y.Failures)
	}

	// To the Internet nothing is lost once the default route is gone: VMs use the system's,
	// past the firewall. That is said.
	inet := y.class("spoke-internet")
	if past := inet.PastNVAsS; math.Abs(past+inet.EquivalentS.Value-c.EquivalentS.Value) > 0.001*c.EquivalentS.Value || past < 0.98*c.EquivalentS.Value {
		t.Errorf("%.0f s past the NVAs and %.0f s lost, not %.0f s together", past, inet.EquivalentS.Value, c.EquivalentS.Value)
	}
}

// What is lost with nothing broken has its causes too: those of a class sum to what it
// loses. Half of the flows are lost to asymmetry; while one hub is out they are not, so
// that failures add less than nothing to that cause.
func TestCausesSumToTheDowntime(t *testing.T) {
	const only = "failures=[{kind: node-death, target: nva1, mtbf: 8760h, repair_time: 4h}]"
	y := yearOf(t, "active-active-stateful", "--set", only)
	for _, c := range y.Classes {
		sum := 0.0
		for _, seconds := range c.CausesS {
			sum += seconds
		}
		if math.Abs(sum-c.EquivalentS.Value) > 1e-6*c.EquivalentS.Value {
			t.Errorf("%s loses %.1f s, and %.1f s by its causes %v", c.Class, c.EquivalentS.Value, sum, c.CausesS)
		}
	}
	if c := y.class("spoke-dc"); c.HealthyS < 1e7 || c.SinglesS > 0 || c.CausesS["asymmetry"] < 0.99*c.HealthyS {
		t.Errorf("%+v", c)
	}
}

// What BGP does not see lasts as long as its repair: an NVA that loses its way to the
// Internet goes on offering the default route. It dominates the year of every design.
// Maintenance of that NVA saves what it loses, so the pair has a negative excess.
func TestUpstreamLossIsNeverNoticed(t *testing.T) {
	y := yearOf(t, "active-passive", "--set", "failures=[{kind: upstream-loss, target: nva1, mtbf: 998h, repair_time: 2h}, {kind: graceful-stop, target: nva1, mtbf: 98h, repair_time: 2h}]")
	if got := y.each("upstream-loss-nva1", "spoke-internet").EquivalentEachS; math.Abs(got.Value-7200) > 1 {
		t.Errorf("%+v, not 7200 s", got)
	}
	if c := y.class("spoke-internet"); c.PairsS > -0.5*c.SinglesS*2/100 || c.EquivalentS.Value < 0.97*c.SinglesS {
		t.Errorf("%+v", c)
	}
}

// A crash of five seconds costs the one hub half a minute: the Route Server takes the route
// off the NICs at once, and puts it back 30 s later at the earliest (the spacing). One of
// a minute is not prolonged.
func TestSpacingProlongsShortOutages(t *testing.T) {
	each := func(repair string) float64 {
		y := yearOf(t, "single-hub", "--set", "failures=[{kind: process-kill, target: nva1, mtbf: 8760h, repair_time: "+repair+"}]")
		return y.each("process-kill-nva1", "spoke-dc").EquivalentEachS.Value
	}
	if short := each("5s"); short < 29 || short > 33 {
		t.Errorf("5 s cost %.1f s, not about 30 s", short)
	}
	if long := each("60s"); long < 60 || long > 67 {
		t.Errorf("60 s cost %.1f s", long)
	}
	spaced := yearOf(t, "single-hub", "--set", "route_servers[rs0].spacing=0s", "--set", "failures=[{kind: process-kill, target: nva1, mtbf: 8760h, repair_time: 5s}]")
	if none := spaced.each("process-kill-nva1", "spoke-dc").EquivalentEachS.Value; none > 12 {
		t.Errorf("without spacing 5 s cost %.1f s", none)
	}
}

// Hours of repair cost hardly any lines: what is silent is looked at by its peers' attempts
// to connect alone, 360 an hour and less.
func TestLongRepairsAreCheap(t *testing.T) {
	text, _ := scenarios.Find("active-passive")
	s, _, err := scenarios.Load("active-passive.yaml", text.Text)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range s.Failures {
		lines := func(repair time.Duration) int {
			faults := []scenarios.Fault{s.Failures[i].Fault(s.Horizon, repair)}
			r, err := play(t.Context(), s.With(faults, s.Horizon+repair+afterRepair), &runFlags{seed: 1, bus: "memory", text: []byte("-")})
			if err != nil {
				t.Fatal(err)
			}
			return int(r.log.Len())
		}
		if more := lines(25*time.Hour) - lines(time.Hour); more > 24*361 {
			t.Errorf("%s: a day of repair costs %d lines", f.Name, more)
		}
	}
}

// Of two equal hubs either is missed, by three quarters of the flows to the data centre until
// it is noticed, whose directions are hashed independently; of two unequal ones only the
// first, by all. So sharing the load costs 2 x 3/4 times as much in a year.
func TestSharingTheLoadCostsMore(t *testing.T) {
	const both = "failures=[{kind: node-death, target: nva1, mtbf: 8760h, repair_time: 4h}, {kind: node-death, target: nva2, mtbf: 8760h, repair_time: 4h}]"
	shared, first := yearOf(t, "active-active", "--set", both), yearOf(t, "active-passive", "--set", both)
	a, p := shared.class("spoke-dc"), first.class("spoke-dc")
	if ratio := a.SinglesS / p.SinglesS; math.Abs(ratio-1.5) > 0.1 {
		t.Errorf("%.1f s against %.1f s: %.3f times, not 1.5", a.SinglesS, p.SinglesS, ratio)
	}
	// Both hubs are dead for 2 x 4 h / 8764 h x 2 h a year on average: 6.6 s.
	for name, c := range map[string]yearOfClass{"active-active": a, "active-passive": p} {
		if math.Abs(c.PairsS-6.57) > 1 {
			t.Errorf("%s: %.2f s from pairs, not 6.57 s", name, c.PairsS)
		}
	}
	if got := first.each("node-death-nva2", "spoke-dc").EquivalentEachS.Value; got != 0 {
		t.Errorf("the second hub costs %.3f s", got)
	}
}

// An availability is from 0 % to 100 %, or there is none.
func TestAvailabilityIsAPartOfTheYear(t *testing.T) {
	year := availability.Year.Seconds()
	for _, c := range []struct {
		down availability.Estimate
		want string
	}{
		{availability.Estimate{Value: year / 4, Half: year / 100}, "75 % (74–76)"},
		{availability.Estimate{Value: year / 2, Half: year}, "50 % (0–100)"},
		{availability.Estimate{Value: year}, "0.000000 %"},
		{availability.Estimate{Value: 1.01 * year, Half: year / 10}, "-"},
	} {
		if got := available(c.down); got != c.want {
			t.Errorf("%+v: %s, not %s", c.down, got, c.want)
		}
		switch part := partOfYear(c.down); {
		case (part == nil) != (c.want == "-"):
			t.Errorf("%+v: as data %+v", c.down, part)
		case part != nil && (part.Low < 0 || part.Value < part.Low):
			t.Errorf("%+v: as data %+v", c.down, *part)
		}
	}
}
