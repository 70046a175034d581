package bgp_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// careless is a speaker that sends one UPDATE more, of these bytes.
type careless struct {
	*bgp.Speaker
	to  events.ActorID
	raw []byte
}

// Step sends it after 50 s.
func (c careless) Step(t *sim.Turn, in events.Line) {
	timer := events.Timer{Name: events.FaultTimer, Item: "careless"}
	switch in.Event {
	case events.Start{}:
		t.After(50*time.Second, timer)
	case timer:
		var codec events.Codec
		e, err := codec.Rebuild(events.KindUpdate, events.Conn{Initiator: c.ID(), N: 1}, c.raw)
		if err != nil {
			panic(err)
		}
		t.Send(c.to, e)
		return
	}
	c.Speaker.Step(t, in)
}

// announcing lays out an UPDATE that announces 10.1.0.0/16 with these attributes.
func announcing(t *testing.T, attributes string) []byte {
	t.Helper()
	attrs, err := hex.DecodeString(strings.ReplaceAll(attributes, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	b := append([]byte(strings.Repeat("\xff", 16)), 0, 0, 2, 0, 0)
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(attrs))), attrs...)
	b = append(b, 16, 10, 1)
	binary.BigEndian.PutUint16(b[16:], uint16(len(b)))
	return b
}

// TestMalformedUpdate (RFC 7606): a announces two prefixes, and then one of them
// again, malformed. b takes it as withdrawn, or the attribute as not there; c
// behind it hears of that, the session stays up and the other prefix too.
func TestMalformedUpdate(t *testing.T) {
	const origin, path, hop = "40 01 01 00 ", "40 02 06 02 01 0000fc01 ", "40 03 04 c0000201 "
	for _, c := range []struct {
		what, attributes string
		withdrawn        bool
		med              uint32
	}{
		{"ORIGIN 7", "40 01 01 07 " + path + hop, true, 0},
		{"AS_PATH segment of length 0", origin + "40 02 02 02 00 " + hop, true, 0},
		{"no AS_PATH", origin + hop, true, 0},
		{"LOCAL_PREF from another AS", origin + path + hop + "40 05 04 00000001", false, 0},
		{"AGGREGATOR of a wrong length", origin + path + hop + "c0 07 05 0000000000", false, 0},
		{"COMMUNITIES of length 6", origin + path + hop + "c0 08 06 000000000000", true, 0},
		{"two MEDs", origin + path + hop + "80 04 04 00000007 80 04 04 00000008", false, 7},
	} {
		l := newLab()
		l.speaker("a", prefix, "10.2.0.0/16")
		l.speaker("b")
		l.speaker("c")
		l.link("a", "b")
		l.link("b", "c")
		config, speakers := l.config(100 * 1e9)
		for i, actor := range config.Actors {
			if actor.ID() == "a" {
				config.Actors[i] = careless{speakers["a"], "b", announcing(t, c.attributes)}
			}
		}
		r, err := simtest.Run(config)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if err := simtest.Laws(r); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		l.speakers = speakers
		if a := l.learned("b", "a"); (a == nil) != c.withdrawn || a != nil && a.MED != c.med {
			t.Errorf("%s: b has %+v", c.what, a)
		}
		if e := best(r, "b", prefix); (len(e.Is) == 0) != c.withdrawn || len(best(r, "b", "10.2.0.0/16").Is) != 1 {
			t.Errorf("%s: %v", c.what, e)
		}
		if a := l.learned("c", "b"); (a == nil) != c.withdrawn || a != nil && a.HasLocalPref {
			t.Errorf("%s: c has %+v", c.what, a)
		}
		if !speakers["b"].Established("a") {
			t.Errorf("%s: the session ended: %s", c.what, fmt.Sprint(sessions(r, "b", "a")))
		}
	}
}
