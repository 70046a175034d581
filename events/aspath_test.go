package events_test

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"dualhome/events"
)

func TestASPath(t *testing.T) {
	set := events.Segment{Set: true, AS: []uint32{64512, 64513}}
	for _, c := range []struct {
		path   events.ASPath
		text   string
		length int
		first  uint32
	}{
		{nil, "", 0, 0},
		{events.ASPath{{AS: []uint32{65001}}}, "65001", 1, 65001},
		{events.ASPath{{AS: []uint32{65001, 65001, 4200000001}}}, "65001 65001 4200000001", 3, 65001},
		{events.ASPath{{AS: []uint32{65001, 65100}}, set}, "65001 65100 {64512,64513}", 3, 65001}, // a set counts 1
		{events.ASPath{set}, "{64512,64513}", 1, 0},
		{events.ASPath{set, {AS: []uint32{65001}}}, "{64512,64513} 65001", 2, 0},
	} {
		if got := c.path.String(); got != c.text {
			t.Errorf("%v reads %q, not %q", c.path, got, c.text)
		}
		if got := c.path.Len(); got != c.length {
			t.Errorf("%q has length %d, not %d", c.text, got, c.length)
		}
		if got := c.path.First(); got != c.first {
			t.Errorf("%q begins with %d, not %d", c.text, got, c.first)
		}
	}
}

func TestASPathContains(t *testing.T) {
	p := events.ASPath{{AS: []uint32{65001, 65100}}, {Set: true, AS: []uint32{64512}}}
	for as, want := range map[uint32]bool{65001: true, 65100: true, 64512: true, 65515: false, 0: false} {
		if got := p.Contains(as); got != want {
			t.Errorf("%v contains %d: %v", p, as, got)
		}
	}
}

func TestPrepend(t *testing.T) {
	set := events.Segment{Set: true, AS: []uint32{64512}}
	for _, c := range []struct {
		path events.ASPath
		n    int
		want string
	}{
		{nil, 0, ""},
		{nil, 2, "7 7"},
		{events.ASPath{{AS: []uint32{65001}}}, 0, "65001"},
		{events.ASPath{{AS: []uint32{65001}}}, 1, "7 65001"},
		{events.ASPath{{AS: []uint32{65001}}, set}, 3, "7 7 7 65001 {64512}"},
		{events.ASPath{set, {AS: []uint32{65001}}}, 1, "7 {64512} 65001"},
	} {
		if got := c.path.Prepend(7, c.n).String(); got != c.want {
			t.Errorf("%v prepended %d times: %q, not %q", c.path, c.n, got, c.want)
		}
	}
}

// TestPrependLeavesThePath gives its slices room behind their ends, where a
// careless append would write.
func TestPrependLeavesThePath(t *testing.T) {
	room := append(make([]uint32, 0, 16), 65001, 65100)
	p := append(make(events.ASPath, 0, 16), events.Segment{AS: room}, events.Segment{Set: true, AS: room[:1]})
	before := fmt.Sprint(p, room[:cap(room)], p[:cap(p)])
	a, b := p.Prepend(7, 2), p.Prepend(8, 1)
	if after := fmt.Sprint(p, room[:cap(room)], p[:cap(p)]); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	if a.String() != "7 7 65001 65100 {65001}" || b.String() != "8 65001 65100 {65001}" {
		t.Errorf("%v and %v share their numbers", a, b)
	}
}

// TestPrependToAFullSegment: a segment counts its numbers in one octet (RFC 4271
// section 4.3), so that what does not fit begins another one (section 5.1.2).
func TestPrependToAFullSegment(t *testing.T) {
	full := events.ASPath(nil).Prepend(65001, 254)
	if p := full.Prepend(7, 1); len(p) != 1 || p.Len() != 255 {
		t.Errorf("254 and one more: %d segments, length %d", len(p), p.Len())
	}
	p := full.Prepend(7, 2)
	if len(p) != 2 || p.Len() != 256 || !slices.Equal(p[0].AS, []uint32{7, 7}) {
		t.Errorf("254 and two more: %d segments, length %d", len(p), p.Len())
	}
	e := events.NewUpdate(toRS0, &events.Routes{
		Attrs: &events.Attrs{Path: p, NextHop: generate(1).addr()}, NLRI: []netip.Prefix{generate(1).prefix()},
	})
	var codec events.Codec
	if got, err := codec.Rebuild(e.Kind(), toRS0, e.Raw); err != nil || !reflect.DeepEqual(got, e) {
		t.Errorf("it does not come back: %v", err)
	}
}
