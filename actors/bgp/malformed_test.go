package bgp_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
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
		{"LOCAL_PREF of length 2 from another AS", origin + path + hop + "40 05 02 0000", false, 0},
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

// TestMalformedInside (RFC 7606 sections 7.5, 7.9, 7.10): what only speakers of one
// AS say to each other, malformed, makes a route withdrawn between these.
func TestMalformedInside(t *testing.T) {
	for _, attribute := range []string{"40 05 02 0000", "80 09 03 000000", "80 0a 05 0000000000"} {
		l := newLab()
		l.speaker("a", prefix, "10.2.0.0/16")
		l.speaker("b").AS = l.configs["a"].AS
		l.link("a", "b")
		config, speakers := l.config(100 * 1e9)
		config.Actors[slices.IndexFunc(config.Actors, func(one sim.Actor) bool { return one.ID() == "a" })] = careless{
			speakers["a"], "b", announcing(t, "40 01 01 00 40 02 00 40 03 04 c0000201 "+attribute),
		}
		r, err := simtest.Run(config)
		if err != nil {
			t.Fatal(err)
		}
		l.speakers = speakers
		if a := l.learned("b", "a"); a != nil || len(best(r, "b", prefix).Is) != 0 || len(best(r, "b", "10.2.0.0/16").Is) != 1 {
			t.Errorf("%s: b has %+v", attribute, a)
		}
	}
}

// TestUnreadableUpdate: b cannot tell which routes an UPDATE is about. It says so
// with a NOTIFICATION and drops what a sent it before, with work to do or without;
// the session comes back and brings the routes again.
func TestUnreadableUpdate(t *testing.T) {
	const sound = "40 01 01 00 40 02 06 02 01 0000fc01 40 03 04 c0000201 "
	beyond := announcing(t, sound)
	beyond[len(beyond)-3] = 33
	for _, c := range []struct {
		what    string
		raw     []byte
		subcode uint8
	}{
		{"a well-known attribute that nobody knows", announcing(t, sound+"40 63 00"), 2},
		{"a prefix of 33 bits", beyond, 10},
	} {
		for _, busy := range []bool{false, true} {
			l := newLab()
			l.speaker("a", prefix)
			b := l.speaker("b")
			if busy {
				takes := sim.Constant(time.Second)
				b.Processing = &takes
			}
			l.speaker("c")
			l.link("a", "b")
			l.link("b", "c")
			config, speakers := l.config(200 * 1e9)
			config.Actors[slices.IndexFunc(config.Actors, func(one sim.Actor) bool { return one.ID() == "a" })] = careless{speakers["a"], "b", c.raw}
			r, err := simtest.Run(config)
			if err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			if err := simtest.Laws(r); err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
			var told []string
			for _, line := range r.Written {
				switch e := line.Event.(type) {
				case events.Notification:
					told = append(told, fmt.Sprint(line.Role, line.Actor, e.Code, e.Subcode))
				case *events.BestChanged:
					if line.Actor == "c" && line.At > 50*1e9 {
						told = append(told, fmt.Sprint("c ", len(e.Is)))
					}
				}
			}
			want := []string{fmt.Sprint(events.Out, "b", 3, c.subcode), fmt.Sprint(events.In, "a", 3, c.subcode), "c 0", "c 1"}
			slices.Sort(told)
			slices.Sort(want)
			if !slices.Equal(told, want) || !speakers["b"].Established("a") {
				t.Errorf("%s: %v, not %v", c.what, told, want)
			}
		}
	}
}

// TestUnacceptableOpen (RFC 4271 section 6.2): a offers a hold time of two seconds,
// and b refuses each time.
func TestUnacceptableOpen(t *testing.T) {
	l := newLab()
	l.speaker("a", prefix)
	l.speaker("b")
	ofA, _ := l.link("a", "b")
	ofA.Hold = 2 * time.Second
	config, speakers := l.config(20 * 1e9)
	r, err := simtest.Run(config)
	if err != nil {
		t.Fatal(err)
	}
	said := r.Select(func(l events.Line) bool {
		n, ok := l.Event.(events.Notification)
		return ok && l.Role == events.Out && l.Actor == "b" && n.Code == 2 && n.Subcode == 6
	})
	if len(said) < 2 || speakers["b"].Established("a") {
		t.Errorf("b said %v", said)
	}
}
