package main

import (
	"strings"
	"testing"
	"time"

	"dualhome/metrics"
)

// shareLost gives what part of a class and direction is lost at a time by a cause.
func shareLost(m *metrics.Result, class, direction, cause string, at time.Duration) float64 {
	step := int64(-1)
	var offered, lost int64
	for _, r := range m.Traffic {
		if r.Class != class || r.Direction != direction || r.T > int64(at) {
			continue
		}
		if r.T != step {
			step, offered, lost = r.T, 0, 0
		}
		offered += r.Offered
		if r.Cause != nil && *r.Cause == cause {
			lost += r.Lost
		}
	}
	return float64(lost) / float64(offered)
}

// TestOverloadAfterFailover: two NVAs of 2 Gbps carry 3 Gbps side by side. One
// alone has 0.5 Mbps for each of 4,000 flows, both directions counted: all that
// those to the Internet ask for, and half of what those to the data centre do.
func TestOverloadAfterFailover(t *testing.T) {
	r := playWith(t, "active-active-overload", 1)
	m := r.measured
	died, back := struckAt(t, r, "nva1-dies"), struckAt(t, r, "nva1-dies-repair")
	for _, direction := range []string{"forward", "return"} {
		for at, want := range map[time.Duration]float64{died - time.Second: 0, back - time.Second: 0.5, 1200 * time.Second: 0} {
			if got := shareLost(m, "spoke-dc", direction, "congestion", at); got != want {
				t.Errorf("spoke-dc %s: %v is lost by congestion at %v, not %v", direction, got, at, want)
			}
			if got := shareLost(m, "spoke-internet", direction, "congestion", at); got != 0 {
				t.Errorf("spoke-internet %s: %v is lost by congestion at %v", direction, got, at)
			}
		}
	}
	const want = "nva2 is full after nva1-dies: 3 Gbps are offered, 2 Gbps pass; flows of spoke-dc lose 50 % and return flows of spoke-dc lose 50 %; " +
		"a larger NVA, or a further one behind a load balancer, would carry it"
	if len(m.Diagnoses) != 1 || m.Diagnoses[0] != want {
		t.Errorf("diagnoses %q", m.Diagnoses)
	}
	holds(t, playWith(t, "active-active-overload", 1, "expect={}", "faults=[{name: for-good, kind: node-death, target: nva1, at: 300s}]"),
		"cause.forward.spoke-dc congestion", "cause.forward.spoke-internet none",
		"delivered.forward.spoke-dc == 50", "delivered.return == 50", "inspected.forward.spoke-internet == 100")
	if m := playWith(t, "active-active-overload", 1, "nvas[nva1].bandwidth=3Gbps", "nvas[nva2].bandwidth=3Gbps").measured; len(m.Diagnoses) > 0 {
		t.Errorf("NVAs that carry all are full: %q", m.Diagnoses)
	}
}

// TestGatewaySKUs: an instance has half of its gateway's figures. Packets of
// 1,000 bytes are bounded before bits: 400 Mbps of ErGw1AZ, 800 Mbps of ErGw2AZ.
// What VMs send passes the gateway by.
func TestGatewaySKUs(t *testing.T) {
	for sku, want := range map[string]float64{"ErGw1AZ": 0.2, "ErGw2AZ": 0, "ErGwScale": 0, "ErGw3AZ": 0} {
		r := playWith(t, "expressroute-active-active", 1, "expect={}", "horizon=1200s", "expressroute_gateways[gw2].sku="+sku,
			"faults=[{name: loss, kind: circuit-loss, target: circuit1, at: 300s}]")
		if got := shareLost(r.measured, "spoke-dc", "forward", "congestion", 1100*time.Second); got != 0 {
			t.Errorf("%s: %v is lost to on-premises", sku, got)
		}
		got := shareLost(r.measured, "spoke-dc", "return", "congestion", 1100*time.Second)
		// One instance may have a few flows more than the other.
		if sku == "ErGwScale" && got > 0.03 || sku != "ErGwScale" && got != want {
			t.Errorf("%s: %v is lost from on-premises, not %v", sku, got, want)
		}
		said := strings.Join(r.measured.Diagnoses, "\n")
		if named := strings.Contains(said, "packets/s pass") && strings.Contains(said, "ErGw2AZ would carry it"); named != (want > 0) {
			t.Errorf("%s: %s", sku, said)
		}
	}
}

// TestCircuitBandwidth: each of the two links of a circuit is bounded, in each
// direction alone.
func TestCircuitBandwidth(t *testing.T) {
	r := playWith(t, "expressroute-active-active", 1, "expect={}", "faults=[]", "horizon=600s",
		"circuits[circuit1].bandwidth=100Mbps", "circuits[circuit2].bandwidth=10Gbps")
	lost := func(direction string) float64 {
		return shareLost(r.measured, "spoke-dc", direction, "congestion", 600*time.Second)
	}
	near(t, "forward: half, on the link that NICs use beside a Route Server", lost("forward"), 0.5-0.1, 1000, 0)
	near(t, "return: a quarter on each link", lost("return"), 2*(0.25-0.1), 1000, 0)
	says(t, r, "circuit1-primary towards dc is full: ", " 100 Mbps pass; flows of spoke-dc lose", "a bandwidth of 500 Mbps, or a further circuit")
	says(t, r, "circuit1-secondary towards circuit1-1 is full: ", "return flows of spoke-dc lose")
}
