package simtest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/netip"
	"os"
	"reflect"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// said is what is read in a message, as .ci/check_bgp.py has it from ExaBGP.
func said(m events.Message) map[string]any {
	switch e := m.(type) {
	case events.Open:
		return saidOpen(e)
	case *events.Update:
		if e.EndOfRIB() {
			return map[string]any{"type": 2, "eor": true}
		}
		return map[string]any{"type": 2, "withdrawn": texts(e.Withdrawn), "announced": texts(e.NLRI), "attributes": saidAttrs(e.Attrs)}
	case events.Notification:
		return map[string]any{"type": 3, "code": e.Code, "subcode": e.Subcode}
	case events.RouteRefresh:
		return map[string]any{"type": 5, "afi": 1, "safi": 1, "reserved": 0}
	}
	return map[string]any{"type": 4}
}

func saidOpen(e events.Open) map[string]any {
	o := map[string]any{
		"type": 1, "as": e.AS, "as2": min(e.AS, 1<<16), "hold": e.Hold / time.Second, "id": e.RouterID, "refresh": e.Refresh,
		"restart": nil, "capabilities": []int{2, 65},
	}
	if e.AS > 0xffff {
		o["as2"] = 23456 // AS_TRANS (RFC 6793 section 9)
	}
	if r := e.Restart; r != nil {
		o["restart"] = map[string]any{"time": r.Time / time.Second, "restarted": r.Restarted, "forwards": r.Forwards}
		o["capabilities"] = []int{2, 64, 65}
	}
	return o
}

func saidAttrs(a *events.Attrs) map[string]any {
	if a == nil {
		return nil
	}
	path := [][2]any{}
	for _, s := range a.Path {
		path = append(path, [2]any{map[bool]string{true: "set", false: "sequence"}[s.Set], s.AS})
	}
	all := map[string]any{
		"origin": a.Origin, "path": path, "next_hop": a.NextHop, "med": nil, "local_pref": nil,
		"communities": append([]events.Community{}, a.Communities...), "large": texts(a.LargeCommunities),
		"originator": nil, "clusters": texts(a.ClusterList),
	}
	if a.HasMED {
		all["med"] = a.MED
	}
	if a.HasLocalPref {
		all["local_pref"] = a.LocalPref
	}
	if a.OriginatorID.IsValid() {
		all["originator"] = a.OriginatorID
	}
	return all
}

// texts gives a list that is never null.
func texts[T interface{ String() string }](list []T) []string {
	all := []string{}
	for _, one := range list {
		all = append(all, one.String())
	}
	return all
}

// TestForeignUpdates: what ExaBGP's encoder made of random fields
// (.ci/check_bgp.py --foreign), we read as these.
func TestForeignUpdates(t *testing.T) {
	file, err := os.ReadFile("testdata/exabgp.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range bytes.Lines(file) {
		var want map[string]any
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		raw, err := hex.DecodeString(want["bytes"].(string))
		if err != nil {
			t.Fatal(err)
		}
		delete(want, "bytes")
		var codec events.Codec
		e, err := codec.Rebuild(events.KindUpdate, events.Conn{Initiator: "a", N: 1}, raw)
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		u := e.(*events.Update)
		if got := asJSON(t, said(u)); !reflect.DeepEqual(got, want) || len(u.Faults) > 0 {
			t.Errorf("line %d: we read    %v\nExaBGP wrote %v", n+1, got, want)
		}
		n++
	}
	if n < 400 {
		t.Errorf("%d UPDATEs only", n)
	}
}

func asJSON(t *testing.T, v any) (back map[string]any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// tap is a bus that keeps the bytes of every BGP message that it hands over, each
// kind of them once.
type tap struct {
	eventlog.MemoryBus
	heard map[string]events.Message
}

func (b *tap) Await(seq uint64) (eventlog.Envelope, error) {
	e, err := b.MemoryBus.Await(seq)
	if err != nil {
		return e, err
	}
	var codec events.Codec
	event, err := codec.Rebuild(e.Kind, e.Conn, e.Payload)
	if m, ok := event.(events.Message); ok {
		b.heard[string(e.Payload)] = m
	}
	return e, err
}

// listen plays a scenario and hears what travels.
func (b *tap) listen(t *testing.T, text string, seed uint64) {
	t.Helper()
	n := build(t, text, scenarios.Options{Seed: seed})
	b.MemoryBus = eventlog.MemoryBus{}
	err := sim.New(n.Config, &simtest.Recorder{}, b).Run(context.Background())
	if _, restless := errors.AsType[*sim.BoundError](err); err != nil && !restless {
		t.Fatal(err)
	}
}

// talkative is a network with all that a plain router can say: numbers of four
// octets, reflection, communities, MED, LOCAL_PREF, prepending, graceful restart.
const talkative = `
version: 1
name: talkative
horizon: 900s
routers:
  - {name: rr, asn: 4200000000, id: 10.0.0.1, cluster_id: 10.0.0.9, bgp: {graceful_restart: 120s}, peers: [{router: a, client: true}, {router: b, client: true}, {router: r2, client: true}]}
  - {name: r2, asn: 4200000000, id: 10.0.0.2, peers: [{router: b, client: true}]}
  - {name: a, asn: 4200000000, id: 10.0.0.3, originates: [198.51.100.0/24, 0.0.0.0/0, 203.0.113.7/32], bgp: {graceful_restart: 4095s}}
  - {name: b, asn: 4200000000, id: 10.0.0.4, bgp: {hold: 0s, next_hop_self: true}}
  - name: x
    asn: 65001
    originates: [10.0.0.0/8, 10.1.128.0/17]
    bgp: {hold: 9s, keepalive: 3s, graceful_restart: 30s}
    peers:
      - router: a
        export:
          - {prefixes: [10.0.0.0/8], med: 4294967295, add_communities: ["65001:1", no-export, "65001:65535"]}
          - {med: 0, prepend: 10, add_communities: [no-advertise]}
        import: [{local_pref: 4294967295}]
  - {name: y, asn: 65002, bgp: {hold: 65535s, keepalive: 60s}}
links: [{between: [rr, a]}, {between: [rr, b]}, {between: [rr, r2]}, {between: [r2, b]}, {between: [x, a]}, {between: [y, a]}, {between: [x, y]}]
faults:
  - {name: kill, kind: process-kill, target: rr, at: 300s, repair_after: 20s}
  - {name: stop, kind: graceful-stop, target: x, at: 400s, repair_after: 20s}
  - {name: off, kind: session-shutdown, target: y, peer: a, at: 500s, repair_after: 10s}
  - {name: out, kind: withdraw, target: a, prefix: 0.0.0.0/0, at: 600s, repair_after: 10s}
  - {name: dead, kind: node-death, target: x, at: 700s}
`

// unheard are messages that no scenario brings: paths with AS_SETs, which nobody
// here aggregates to, lists as long as can be, ROUTE-REFRESH.
func (b *tap) unheard() {
	r := rand.New(rand.NewPCG(7, 7606))
	conn := events.Conn{Initiator: "a", N: 1}
	address := func() netip.Addr {
		n := r.Uint32()
		return netip.AddrFrom4([4]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)})
	}
	all := []events.Message{events.NewRouteRefresh(conn), events.NewEndOfRIB(conn)}
	for i := range 300 {
		a := &events.Attrs{Origin: uint8(i % 3), NextHop: address(), MED: r.Uint32(), HasMED: i%2 == 0, LocalPref: r.Uint32(), HasLocalPref: i%5 > 1}
		if !a.HasMED {
			a.MED = 0
		}
		if !a.HasLocalPref {
			a.LocalPref = 0
		}
		for range r.IntN(4) {
			s := events.Segment{Set: r.IntN(2) == 0}
			for range 1 + r.IntN(255)>>r.IntN(8) {
				s.AS = append(s.AS, 1+r.Uint32N(1<<31)>>(16*r.IntN(2)))
			}
			a.Path = append(a.Path, s)
		}
		for range r.IntN(4) {
			a.ClusterList = append(a.ClusterList, address())
		}
		for j := range r.IntN(4) {
			a.LargeCommunities = append(a.LargeCommunities, events.LargeCommunity{Global: uint32(j), Local1: r.Uint32(), Local2: r.Uint32()})
		}
		if i%7 == 0 {
			a.OriginatorID = address()
		}
		routes := &events.Routes{Attrs: a}
		for j := range 1 + r.IntN(20) {
			p := netip.PrefixFrom(address(), r.IntN(33)).Masked()
			if a.Communities = append(a.Communities, events.Community(j<<24|r.IntN(1<<24))); r.IntN(2) == 0 {
				routes.Withdrawn = append(routes.Withdrawn, p)
			}
			routes.NLRI = append(routes.NLRI, p)
		}
		all = append(all, events.NewUpdate(conn, routes))
	}
	for _, m := range all {
		b.heard[string(m.Bytes())] = m
	}
}

// TestOtherDecoder has every message that travels in the library, in random
// networks and in a talkative one. Where SIMULATE_MESSAGES names a file it is
// written there, for another decoder to read (make decoder).
func TestOtherDecoder(t *testing.T) {
	b := &tap{heard: map[string]events.Message{}}
	for _, e := range scenarios.Library() {
		b.listen(t, string(e.Text), 1)
	}
	for seed := range *networks {
		b.listen(t, randomNetwork(seed, false), seed)
		b.listen(t, azureNetwork(seed, false), seed)
	}
	b.listen(t, talkative, 1)
	scenes := features(b)
	b.unheard()
	for _, what := range []string{
		"OPEN", "OPEN of four octets", "OPEN that restarts", "OPEN that restarted", "KEEPALIVE", "NOTIFICATION", "announcement", "withdrawal",
		"End-of-RIB", "LOCAL_PREF", "MED", "communities", "reflected", "reflected twice", "path of four octets", "empty path",
	} {
		if scenes[what] == 0 {
			t.Errorf("no scenario brings a message with this: %s", what)
		}
	}
	t.Logf("%d messages of different bytes; in scenarios %v", len(b.heard), scenes)
	if name := os.Getenv("SIMULATE_MESSAGES"); name != "" {
		b.write(t, name)
	}
}

// features counts the messages that say something.
func features(b *tap) map[string]int {
	n := map[string]int{}
	count := func(what string, is bool) {
		if is {
			n[what]++
		}
	}
	for _, m := range b.heard {
		switch e := m.(type) {
		case events.Open:
			count("OPEN", true)
			count("OPEN of four octets", e.AS > 0xffff)
			count("OPEN that restarts", e.Restart != nil)
			count("OPEN that restarted", e.Restart != nil && e.Restart.Restarted && e.Restart.Forwards)
		case events.Keepalive:
			count("KEEPALIVE", true)
		case events.Notification:
			count("NOTIFICATION", true)
		case *events.Update:
			count("End-of-RIB", e.EndOfRIB())
			count("withdrawal", len(e.Withdrawn) > 0)
			count("announcement", len(e.NLRI) > 0)
			if a := e.Attrs; a != nil {
				count("LOCAL_PREF", a.HasLocalPref)
				count("MED", a.HasMED)
				count("communities", len(a.Communities) > 1)
				count("reflected", a.OriginatorID.IsValid())
				count("reflected twice", len(a.ClusterList) > 1)
				count("empty path", len(a.Path) == 0)
				count("path of four octets", len(a.Path) > 0 && a.Path[0].AS[0] > 0xffff)
			}
		}
	}
	return n
}

func (b *tap) write(t *testing.T, name string) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	lines := json.NewEncoder(w)
	for raw, m := range b.heard {
		fields := said(m)
		fields["bytes"] = hex.EncodeToString([]byte(raw))
		if err := lines.Encode(fields); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Flush(), file.Close()); err != nil {
		t.Fatal(err)
	}
}
