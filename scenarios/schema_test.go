package scenarios

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid asks the schema, as an editor would.
func valid(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchemaTakesTheLibrary(t *testing.T) {
	schema := compiled(t)
	for _, e := range Library() {
		if err := valid(t, schema, e.Text); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		resolved, err := library(t, e.Name).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, schema, resolved); err != nil {
			t.Errorf("%s, resolved: %v", e.Name, err)
		}
	}
}

// Schema and loader agree on gateways, circuits and the like.
func TestSchemaTakesEverything(t *testing.T) {
	schema, text := compiled(t), written(t, "everything")
	resolved, err := testdata(t, "everything").Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, good := range [][]byte{text, resolved} {
		if err := valid(t, schema, good); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		old, new string
		good     bool
	}{
		{"static_routes: [10.101.0.0/16,", "static_routes: [10.101.0.0,", false},
		{"static_routes: [10.101.0.0/16,", "static_routes: [ten,", false},
		{"via: vnet", "via: vnets", false},
		{"next_hop_type: Internet", "next_hop_type: internet", false},
		{"next_hop_type: Internet", "next_hop_type: None", true},
		{"sku: Premium", "sku: Local", false},
		{"weight: 10", "weight: 32001", false},
		{"asn: 65001", "asn: 65001\n    allowas_in: 11", false},
		{"{name: vgw, vnet: hub2}", "{name: vgw, vnet: hub2, hold: 10s}", false},
		{"branch_to_branch: true", "branch_to_branch: on", false},
		{"cause.forward.spoke-dc: none", "cause.forward.spoke-dc: policy", true},
		{"cause.forward.spoke-dc: none", "cause.forward.spoke-dc: police", false},
		{"cause.forward.spoke-dc: none", "cause.forward: none", false},
		{"routes.rs0-0:", "routes:", false},
		{"delivered.forward:", "delivered:", false},
		{"delivered.forward:", "delivered.forward.leaf-hub:", true},
	} {
		changed := []byte(strings.Replace(string(text), c.old, c.new, 1))
		if bytes.Equal(changed, text) {
			t.Errorf("%s is not in the scenario", c.old)
		}
		_, _, loadErr := Load("x.yaml", changed)
		if schemaErr := valid(t, schema, changed); (schemaErr == nil) != c.good || (loadErr == nil) != c.good {
			t.Errorf("%s -> %s: good is %v, but\nloader: %v\nschema: %v", c.old, c.new, c.good, loadErr, schemaErr)
		}
	}
}

// Schema and loader agree on everything that single values can tell.
func TestSchemaAgreesWithLoader(t *testing.T) {
	schema := compiled(t)
	e, err := Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		old, new string
		good     bool
	}{
		{"version: 1", "version: 1", true},
		{"version: 1", "version: 2", false},
		{"version: 1", "version: '1'", false},
		{"version: 1", "", false},
		{"horizon: 1200s", "horizont: 1200s", false},
		{"horizon: 1200s", "horizon: 1200", false},
		{"horizon: 1200s", "horizon: 20m0.5s", true},
		{"horizon: 1200s", "horizon: -5s", false},
		{"horizon: 1200s", "horizon: +5s", false},
		{"horizon: 1200s", "horizon: [1200s]", false},
		{"horizon: 1200s", "horizon:", false},
		{"hold: 180s, ", "hold: 180, ", true /* of the parameter; its use is the loader's business */},
		{"name: active-passive", "name: Active", false},
		{"name: active-passive", "name: 12", false},
		{"name: active-passive", "name: '12'", true},
		{"count: 20", "count: 0", false},
		{"count: 20", "count: 4001", false},
		{"count: 20", "count: '20'", false},
		{"count: 20", "count: 20.5", false},
		{"count: 20", "count: true", false},
		{"prepend: 2", "prepend: 11", false},
		{"prepend: 2", "prepend: -1", false},
		{"prepend: 2", "stateful: maybe", false},
		{"prepend: 2", "stateful: true", true},
		{"rate: 1Gbps", "rate: 1000000000", false},
		{"rate: 1Gbps", "rate: 1 Gbps", false},
		{"rate: 1Gbps", "rate: 1.5Gbps", true},
		{"asn: 65001", "asn: 0", false},
		{"asn: 65001", "asn: -1", false},
		{"asn: 65001", "asn: 4294967296", false},
		{"address: 10.1.0.4", "address: 10.1.0.256", false},
		{"address: 10.1.0.4", "address: 'fd00::4'", false},
		{"10.0.1.0/24", "10.0.1.0/33", false},
		{"10.0.1.0/24", "10.0.1.0", false},
		{"roles: [firewall, vpn]", "roles: [firewall, vpm]", false},
		{"roles: [firewall, vpn]", "roles: [vpn, vpn]", false},
		{"roles: [firewall, vpn]", "roles: vpn", false},
		{"between: [hub1, spoke]", "between: [hub1]", false},
		{"between: [hub1, spoke]", "between: [hub1, spoke], delay: 'uniform(1ms, 2ms)'", true},
		{"between: [hub1, spoke]", "between: [hub1, spoke], delay: uniform(1ms)", true /* the loader counts */},
		{"between: [hub1, spoke]", "between: [hub1, spoke], delay: gamma(1ms)", false},
		{"tunnels: [nva1, nva2]", "tunnels: [nva1, {to: nva2, delay: 5ms}]", true},
		{"tunnels: [nva1, nva2]", "tunnels: [nva1, {to: nva2, delai: 5ms}]", false},
		{"tunnels: [nva1, nva2]", "tunnels: [nva1, 2]", false},
		{"kind: node-death", "kind: node-deaf", false},
		{"target: nva1, at", "at", false},
		{"converged: true", "converged: 'yes'", false},
		{"converged: true", "converges: true", false},
		{`"< 200s"`, `"< 200"`, false},
		{`"< 200s"`, `"200s"`, false},
		{"outage.forward:", "outage.forward.spoke-dc:", true},
		{"outage.forward:", "outage.backward:", false},
		{"horizon: 1200s", "horizon: 1200s\nseeds: 100", true},
		{"horizon: 1200s", "horizon: 1200s\nseeds: 0", false},
		{"horizon: 1200s", "horizon: 1200s\nseeds: 1000001", false},
		{"horizon: 1200s", "horizon: 1200s\nseeds: [1]", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: [30s, 60s]}", true},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: 'range(30s, 60s, 10s)', keepalive: 'interval(3s, 5s)'}", true},
		{"horizon: 1200s", "horizon: 1200s\nmatrix:\n  nvas[nva2].prepend: [0, 2]\n  include: [{}]\n  exclude: [{'nvas[nva2].prepend': 2}]\n  sampling: halton\n  samples: 3", true},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: [30s, 60s], sampling: sobol}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: [30s, 60s], sampling: random, samples: 0}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: [30s, 60s], samples: 10001}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: [30s, 60s], include: {hold: 1s}}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: [30s, 60s], exclude: [1s]}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: [hold]", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix:", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: []}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: 30s}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: 'range(30s, 60s)'}", false},
		{"horizon: 1200s", "horizon: 1200s\nmatrix: {hold: 'interval(30s)'}", false},
	} {
		text := []byte(strings.Replace(string(e.Text), c.old, c.new, 1))
		if c.old != c.new && bytes.Equal(text, e.Text) {
			t.Errorf("%s is not in the scenario", c.old)
		}
		_, _, loadErr := Load("x.yaml", text)
		schemaErr := valid(t, schema, text)
		loaderOnly := c.good && (strings.Contains(c.new, "180,") || strings.Contains(c.new, "uniform(1ms)"))
		if (schemaErr == nil) != c.good || (loadErr == nil) != (c.good && !loaderOnly) {
			t.Errorf("%s -> %s: good is %v, but\nloader: %v\nschema: %v", c.old, c.new, c.good, loadErr, schemaErr)
		}
	}
}
