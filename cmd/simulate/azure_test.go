package main

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// azureAnswer gives what replay --azure prints, decoded by the field names of the
// Azure CLI and nothing of this program.
func azureAnswer(t *testing.T, r *result, actor, table, peer string, into any) {
	t.Helper()
	doc, ok := azureDocument(r.network, actor, table, peer)
	if !ok {
		t.Fatalf("%s has no table %s of %s", actor, table, peer)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// A cliRoute and what holds some are what a script reads of the Azure CLI.
type cliRoute struct {
	ASPath       string  `json:"asPath"`
	LocalAddress string  `json:"localAddress"`
	Network      string  `json:"network"`
	NextHop      string  `json:"nextHop"`
	Origin       string  `json:"origin"`
	SourcePeer   *string `json:"sourcePeer"`
	Weight       int     `json:"weight"`
}

type cliPeering struct {
	First  []cliRoute `json:"RouteServiceRole_IN_0"`
	Second []cliRoute `json:"RouteServiceRole_IN_1"`
	Value  any        `json:"value"`
}

type cliEffective struct {
	NextLink any `json:"nextLink"`
	Value    []struct {
		AddressPrefix    []string `json:"addressPrefix"`
		Disable          bool     `json:"disableBgpRoutePropagation"`
		Override         bool     `json:"hasBgpOverride"`
		Name             any      `json:"name"`
		NextHopIPAddress []string `json:"nextHopIpAddress"`
		NextHopType      string   `json:"nextHopType"`
		Source           string   `json:"source"`
		State            string   `json:"state"`
	} `json:"value"`
}

// TestAzureShapeOfRecordedTables compares what replay --azure prints of
// recorded-expressroute with what the CLI showed of the deployment.
func TestAzureShapeOfRecordedTables(t *testing.T) {
	r, want := playWith(t, "recorded-expressroute", 1), readRecorded(t).Expect
	c := &comparison{T: t}
	routers := map[string]string{"csr1": "10.101.3.10", "csr2": "10.102.3.10"}
	spoke := [2]string{"10.100.0.4", "10.100.0.5"}
	for peer, address := range routers {
		var learned, advertised cliPeering
		azureAnswer(t, r, "rs0", "learned", peer, &learned)
		azureAnswer(t, r, "rs0", "advertised", peer, &advertised)
		for i, rows := range [2][]cliRoute{learned.First, learned.Second} {
			c.same("rs0 learned from "+peer, asRecorded(rows), want.Learned[peer])
			for _, row := range rows {
				if row.NextHop != address || row.SourcePeer == nil || *row.SourcePeer != address || row.LocalAddress != spoke[i] || row.Weight != 32768 || row.Origin != "EBgp" {
					t.Errorf("rs0 learned from %s: %+v", peer, row)
				}
			}
		}
		for i, rows := range [2][]cliRoute{advertised.First, advertised.Second} {
			c.same("rs0 advertised to "+peer, asRecorded(rows), want.Advertised0[peer])
			for _, row := range rows {
				if row.NextHop != spoke[i] || row.SourcePeer != nil || row.LocalAddress != spoke[i] || row.Weight != 0 || row.Origin != "Igp" {
					t.Errorf("rs0 advertised to %s: %+v", peer, row)
				}
			}
		}
	}
	for rs, tables := range map[string]map[string]map[string]string{"rs1": want.Advertised1, "rs2": want.Advertised2} {
		for peer := range tables {
			var of cliPeering
			azureAnswer(t, r, rs, "advertised", peer, &of)
			c.same(rs+" advertised to "+peer, asRecorded(of.First), tables[peer])
			c.same(rs+" advertised to "+peer, asRecorded(of.Second), tables[peer])
		}
	}
	c.azureEffective(r, want.Effective)
	if c.compared < 110 {
		t.Errorf("only %d cells were compared", c.compared)
	}
}

// asRecorded gives by prefix the AS path, with blanks.
func asRecorded(rows []cliRoute) map[string]string {
	all := map[string]string{}
	for _, row := range rows {
		all[row.Network] = strings.ReplaceAll(row.ASPath, "-", " ")
	}
	return all
}

func (c *comparison) azureEffective(r *result, tables map[string]json.RawMessage) {
	for name, nics := range map[string][]string{
		"a VM in vnet0": {"vm02-0"}, "a VM in vnet1, and csr1's own NIC": {"vm14-1", "csr1"}, "a VM in vnet2, and csr2's own NIC": {"vm24-0", "csr2"},
	} {
		var want map[string]string
		if err := json.Unmarshal(tables[name], &want); err != nil {
			c.Fatal(err)
		}
		for _, nic := range nics {
			var table cliEffective
			azureAnswer(c.T, r, nic, "", "", &table)
			got := map[string]string{}
			for _, row := range table.Value {
				hop := row.NextHopType
				if hop == "None" {
					continue
				}
				if hop == "VirtualNetworkGateway" {
					hop = strings.Join(row.NextHopIPAddress, "+")
				}
				if row.State != "Active" || len(row.AddressPrefix) != 1 || (row.Source == "VirtualNetworkGateway") != (row.NextHopType == "VirtualNetworkGateway") {
					c.Errorf("%s: %+v", nic, row)
				}
				got[row.AddressPrefix[0]] = hop
			}
			c.same("effective routes of "+nic, got, want)
		}
	}
}

// TestAzureShapeOfGateways: one list for both instances; the sessions with edge
// routers are external, those with the Route Server internal.
func TestAzureShapeOfGateways(t *testing.T) {
	r := playWith(t, "recorded-expressroute", 1)
	for peer, origin := range map[string]string{"circuit1-0": "EBgp", "rs1-0": "IBgp"} {
		var list struct {
			Value []cliRoute `json:"value"`
		}
		azureAnswer(t, r, "gateway1", "learned", peer, &list)
		local := map[string]bool{}
		for _, row := range list.Value {
			local[row.LocalAddress] = true
			if row.Origin != origin {
				t.Errorf("%s: %+v", peer, row)
			}
		}
		if len(local) != 2 {
			t.Errorf("%s: of the instances %v", peer, local)
		}
	}
}

// TestAzureHidesWhatIsDropped: a Route Server's list of learned routes lacks what
// its loop check dropped; all sessions are up, and it is shorter than what the
// NVA advertises (observed: Route-Server-MicroHack). Our own table shows both.
func TestAzureHidesWhatIsDropped(t *testing.T) {
	r := playWith(t, "expressroute-no-as-override", 1)
	var learned cliPeering
	azureAnswer(t, r, "rs0", "learned", "nva1", &learned)
	for _, rows := range [][]cliRoute{learned.First, learned.Second} {
		got := []string{}
		for _, row := range rows {
			got = append(got, row.Network)
		}
		if !slices.Equal(got, []string{"0.0.0.0/0"}) {
			t.Errorf("learned: %q", got)
		}
	}
	for _, rs := range r.network.RouteServers {
		if rs.ID() == "rs0-0" {
			if _, held := rs.Learned(events.ActorID("nva1"))[netip.MustParsePrefix(dcNet)]; !held {
				t.Error("rs0-0 has not even received the prefix of on-premises")
			}
		}
	}
}
