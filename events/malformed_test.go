package events_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dualhome/events"
)

// update lays out an UPDATE by hand: it announces 10.100.0.0/16, withdraws
// 10.9.0.0/16, and has these attributes.
func update(t *testing.T, attributes ...string) []byte {
	t.Helper()
	attrs := unhex(t, strings.Join(attributes, "\n"))
	b := unhex(t, "ffffffffffffffffffffffffffffffff 0000 02 0003 10 0a09")
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(attrs))), attrs...)
	b = append(b, 0x10, 0x0a, 0x64)
	binary.BigEndian.PutUint16(b[16:], uint16(len(b)))
	return b
}

const (
	origin    = "40 01 01 00"
	asPath    = "40 02 06 02 01 0000fde9"
	nextHop   = "40 03 04 0a0b0004"
	med7      = "80 04 04 00000007"
	med8      = "80 04 04 00000008"
	large7    = "c0 20 0c 0000fde9 00000007 00000000"
	large8    = "c0 20 0c 0000fde9 00000008 00000000"
	withdrawn = "withdraw 10.9.0.0/16, 10.100.0.0/16"
	announced = "withdraw 10.9.0.0/16; announce 10.100.0.0/16 path 65001 next hop 10.11.0.4"
)

// TestSurvivableFaults: each as RFC 7606 says.
func TestSurvivableFaults(t *testing.T) {
	for _, c := range []struct {
		section, what string
		attributes    []string
		want          string
	}{
		{"-", "nothing", []string{origin, asPath, nextHop}, announced},
		{"7.1", "ORIGIN 7", []string{"40 01 01 07", asPath, nextHop}, withdrawn},
		{"7.1", "ORIGIN of two octets", []string{"40 01 02 0000", asPath, nextHop}, withdrawn},
		{"7.2", "AS_PATH with a segment of none", []string{origin, "40 02 02 02 00", nextHop}, withdrawn},
		{"7.2", "AS_PATH with a segment of type 9", []string{origin, "40 02 06 09 01 0000fde9", nextHop}, withdrawn},
		{"7.2", "AS_PATH with half a segment", []string{origin, "40 02 06 02 02 0000fde9", nextHop}, withdrawn},
		{"3 d", "no AS_PATH", []string{origin, nextHop}, withdrawn},
		{"3 d", "no NEXT_HOP", []string{origin, asPath}, withdrawn},
		{"3 d", "no attributes", nil, withdrawn},
		{"7.3", "NEXT_HOP of three octets", []string{origin, asPath, "40 03 03 0a0b00"}, withdrawn},
		{"7.4", "MED of two octets", []string{origin, asPath, nextHop, "80 04 02 0007"}, withdrawn},
		{"7.5", "LOCAL_PREF of two octets", []string{origin, asPath, nextHop, "40 05 02 0007"}, withdrawn},
		{"7.7", "AGGREGATOR of five octets", []string{origin, asPath, nextHop, "c0 07 05 0000000000"}, announced},
		{"7.8", "COMMUNITIES of six octets", []string{origin, asPath, nextHop, "c0 08 06 fde900070000"}, withdrawn},
		{"7.8", "COMMUNITIES of none", []string{origin, asPath, nextHop, "c0 08 00"}, withdrawn},
		{"7.9", "ORIGINATOR_ID of three octets", []string{origin, asPath, nextHop, "80 09 03 010101"}, withdrawn},
		{"7.10", "CLUSTER_LIST of five octets", []string{origin, asPath, nextHop, "80 0a 05 0101010101"}, withdrawn},
		{"7.10", "CLUSTER_LIST of none", []string{origin, asPath, nextHop, "80 0a 00"}, withdrawn},
		{"RFC 8092, 6", "LARGE_COMMUNITY of eleven octets", []string{origin, asPath, nextHop, "c0 20 0b 0000fde9 00000007 000000"}, withdrawn},
		{"RFC 8092, 6", "LARGE_COMMUNITY of thirteen octets", []string{origin, asPath, nextHop, "c0 20 0d 0000fde9 00000007 00000008 00"}, withdrawn},
		{"RFC 8092, 6", "LARGE_COMMUNITY of none", []string{origin, asPath, nextHop, "c0 20 00"}, withdrawn},
		{"3 c", "LARGE_COMMUNITY that is not optional", []string{origin, asPath, nextHop, "40 20 0c 0000fde9 00000007 00000008"}, withdrawn},
		{"3 g", "two LARGE_COMMUNITY", []string{origin, asPath, nextHop, med7, large7, large8}, announced + " 65001:7:0"},
		{"3 c", "ORIGIN that is optional", []string{"c0 01 01 00", asPath, nextHop}, withdrawn},
		{"3 g", "two MEDs", []string{origin, asPath, nextHop, med7, med8}, announced},
	} {
		t.Run(c.what, func(t *testing.T) {
			var codec events.Codec
			raw := update(t, c.attributes...)
			got, err := codec.Rebuild(events.KindUpdate, toRS0, raw)
			if err != nil {
				t.Fatalf("RFC 7606 section %s: %v", c.section, err)
			}
			u := got.(*events.Update)
			if s, _, faulty := strings.Cut(u.String(), "; malformed: "); s != "UPDATE "+c.want || faulty != (len(c.attributes) != 3 || c.section != "-") {
				t.Errorf("RFC 7606 section %s: %v", c.section, u)
			}
			if fmt.Sprintf("%x", u.Raw) != fmt.Sprintf("%x", raw) {
				t.Error("its bytes are others")
			}
			if c.section == "3 g" && u.Attrs.MED != 7 {
				t.Errorf("the MED is %d", u.Attrs.MED)
			}
		})
	}
}

// TestLargeCommunitiesOnTheWire: RFC 8092 takes them in any order and more than once,
// and does not call that malformed (sections 3 and 6).
func TestLargeCommunitiesOnTheWire(t *testing.T) {
	var codec events.Codec
	raw := update(t, origin, asPath, nextHop, "c0 20 24 0000fde9 00000008 00000000  0000fde9 00000007 ffffffff  0000fde9 00000008 00000000")
	got, err := codec.Rebuild(events.KindUpdate, toRS0, raw)
	if err != nil {
		t.Fatal(err)
	}
	u := got.(*events.Update)
	if want := "UPDATE " + announced + " 65001:7:4294967295 65001:8:0"; u.String() != want || len(u.Faults) > 0 {
		t.Errorf("%v %v, not %s", u, u.Faults, want)
	}
	if !u.Attrs.HasLarge(events.LargeCommunity{Global: 65001, Local1: 8}) || u.Attrs.HasLarge(events.LargeCommunity{Global: 65001, Local1: 8, Local2: 1}) {
		t.Errorf("%+v", u.Attrs.LargeCommunities)
	}
}

// TestFatalFaults end a session, and here the run: what is announced cannot be
// told, or no prefix tells what is to be withdrawn.
func TestFatalFaults(t *testing.T) {
	without := update(t, "40 01 01 07", asPath, nextHop)
	without = without[:len(without)-3]
	binary.BigEndian.PutUint16(without[16:], uint16(len(without)))
	for what, raw := range map[string][]byte{
		"an attribute beyond the end of all": update(t, origin, asPath, "40 03 09 0a0b0004"),
		"ORIGIN 7 and no prefix":             without,
		"a well-known attribute of type 99":  update(t, origin, asPath, nextHop, "40 63 01 00"),
	} {
		var codec events.Codec
		if got, err := codec.Rebuild(events.KindUpdate, toRS0, raw); !errors.Is(err, events.ErrMalformed) {
			t.Errorf("%s: %v (%v)", what, got, err)
		}
	}
}
