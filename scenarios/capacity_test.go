package scenarios

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"dualhome/events"
)

// skuRow gives the row of a gateway's size in the table of docs/explanation/model.md.
func skuRow(sku events.GatewaySKU) string {
	number := func(n int64) string {
		if n == 0 {
			return "-"
		}
		return fmt.Sprint(n)
	}
	name := sku.Name
	if sku.Units > 1 {
		name += fmt.Sprintf(", each of up to %d units", sku.Units)
	}
	c := sku.Capacity
	return fmt.Sprintf("| %s | %s | %s | %s | [D] %s |", name, formatRate(c.BitsPerSec), number(c.PacketsPerSec), number(c.Flows), sku.Source)
}

// The page on the model shows all sizes of gateways, with what a scenario gets.
func TestSKUsAreOnThePage(t *testing.T) {
	page, err := os.ReadFile("../docs/explanation/model.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, sku := range events.GatewaySKUs() {
		if row := skuRow(sku); !strings.Contains(string(page), row+"\n") {
			t.Errorf("the page lacks\n%s", row)
		}
	}
}

// A size that a scenario can name is one of the table, and the other way round.
func TestSKUsAreThoseOfTheFormat(t *testing.T) {
	kinds := map[events.NodeKind]string{events.GatewayNode: "expressroute_gateways", events.VPNGatewayNode: "vpn_gateways"}
	listed := map[string]int{}
	for _, sku := range events.GatewaySKUs() {
		list := kinds[sku.Type]
		enum := scenarioShape().field(list).shape.item.field("sku").shape.enum
		if !strings.Contains(" "+strings.Join(enum, " ")+" ", " "+sku.Name+" ") {
			t.Errorf("%s takes no %s", list, sku.Name)
		}
		listed[list]++
	}
	for _, list := range kinds { // order-free: a failure names its list
		if n := len(scenarioShape().field(list).shape.item.field("sku").shape.enum); n != listed[list] {
			t.Errorf("%s takes %d sizes; %d are known", list, n, listed[list])
		}
	}
}

// What is said of a gateway goes before what its size gives, and a half of it is
// what an instance gets.
func TestCapacityOfGateways(t *testing.T) {
	for want, g := range map[events.Capacity]ERGateway{
		{}: {},
		{BitsPerSec: 2e9, PacketsPerSec: 200_000, Flows: 400_000}: {SKU: "ErGw2AZ"},
		{BitsPerSec: 3e9, PacketsPerSec: 1_000_000, Flows: 5}:     {SKU: "ErGw3AZ", Bandwidth: 3e9, MaxFlows: 5},
		{BitsPerSec: 40e9, Flows: 4_000_000}:                      {SKU: "ErGwScale", ScaleUnits: 40},
		{BitsPerSec: 1e9, Flows: 100_000}:                         {SKU: "ErGwScale"},
		{PacketsPerSec: 7}:                                        {PacketRate: 7},
	} { // order-free: each stands alone
		if got := g.capacity(); got != want {
			t.Errorf("%+v: %v, not %v", g, got, want)
		}
	}
	if got := (VPNGateway{SKU: "VpnGw1AZ"}).capacity(); got != (events.Capacity{BitsPerSec: 650e6}) {
		t.Errorf("VpnGw1AZ: %v", got)
	}
	if got := (events.Capacity{BitsPerSec: 5, Flows: 1}).Half(); got != (events.Capacity{BitsPerSec: 3, Flows: 1}) {
		t.Errorf("a half: %v", got)
	}
}

// What a scenario says of its traffic is not assumed; the defaults are.
func TestDefaultsOfTrafficAreAssumed(t *testing.T) {
	values := func(set ...string) map[string]string {
		all := map[string]string{}
		for _, a := range testdata(t, "active-passive", set...).Assumptions() {
			all[a.Name] = a.Value
		}
		return all
	}
	const size, reconnection = "packet size", "reconnection of spoke-internet"
	usual := values()
	if usual[size] != "1000B" || usual[reconnection] != "0s after a break" {
		t.Errorf("the defaults: %q and %q", usual[size], usual[reconnection])
	}
	one := values("traffic[spoke-dc].packet_size=64B")
	if one[size] != "1000B" {
		t.Errorf("the default of another class: %q", one[size])
	}
	own := values("traffic[spoke-dc].packet_size=64B", "traffic[spoke-internet].packet_size=1500B", "traffic[spoke-internet].reconnect=10s")
	for _, name := range []string{size, reconnection} {
		if value, listed := own[name]; listed {
			t.Errorf("%s is assumed to be %s", name, value)
		}
	}
}

// A run says that there is no bound only where one of Azure's sizes would be too
// small for what it offers.
func TestWithoutBoundIsAssumedWhereItMatters(t *testing.T) {
	says := func(name, of string, set ...string) bool {
		for _, a := range testdata(t, name, set...).Assumptions() {
			if a.Name == of {
				return true
			}
		}
		return false
	}
	bounded := []string{
		"expressroute_gateways[gw1].sku=ErGw1AZ", "expressroute_gateways[gw2].bandwidth=5Gbps",
		"circuits[circuit1].bandwidth=1Gbps", "circuits[circuit2].bandwidth=1Gbps",
	}
	for _, c := range []struct {
		name, of string
		set      []string
		want     bool
	}{
		{"active-active", "capacity", nil, false},
		{"active-active", "what does not fit", nil, false},
		{"active-active", "flows that do not fit", []string{"nvas[nva1].max_flows=5"}, true},
		{"active-active-overload", "what does not fit", nil, true},
		{"active-active-overload", "flows that do not fit", nil, false},
		{"expressroute-active-active", "capacity", nil, true},
		{"expressroute-active-active", "capacity", bounded, false},
		{"expressroute-active-active", "capacity", bounded[1:], true},
		{"expressroute-active-active", "capacity", bounded[:3], true},
		{"expressroute-active-active", "capacity of an instance of a gateway", nil, false},
		{"expressroute-active-active", "capacity of an instance of a gateway", bounded, true},
	} {
		if got := says(c.name, c.of, c.set...); got != c.want {
			t.Errorf("%s with %v says %q: %v", c.name, c.set, c.of, got)
		}
	}
}
