package events_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"dualhome/events"
)

// seeds is how many random events of each kind a law is tested on.
const seeds = 300

// everyEvent calls law with many random events of every kind.
func everyEvent(t *testing.T, law func(t *testing.T, g generator, e events.Event)) {
	t.Helper()
	for _, k := range events.Kinds() {
		t.Run(k.String(), func(t *testing.T) {
			for seed := range uint64(seeds) {
				g := generate(seed)
				law(t, g, generators[k](g))
				if t.Failed() {
					t.Fatalf("with seed %d", seed)
				}
			}
		})
	}
}

func TestDecodedEventIsTheEncoded(t *testing.T) {
	var codec events.Codec // one for all: what it remembers must not matter
	everyEvent(t, func(t *testing.T, _ generator, e events.Event) {
		b := events.AppendEvent([]byte("before"), e)
		got, err := codec.DecodeEvent(e.Kind(), b[len("before"):])
		if err != nil {
			t.Fatalf("%v: %v", e, err)
		}
		if !reflect.DeepEqual(got, e) {
			t.Errorf("decoded %#v\nencoded %#v", got, e)
		}
		if again := events.AppendEvent([]byte("before"), got); !bytes.Equal(again, b) {
			t.Errorf("encoded again: %x\nat first:      %x", again, b)
		}
	})
}

func TestRebuiltEventIsTheEvent(t *testing.T) {
	var codec events.Codec
	everyEvent(t, func(t *testing.T, _ generator, e events.Event) {
		conn, payload := events.Payload(e)
		got, err := codec.Rebuild(e.Kind(), conn, payload)
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("rebuilt %#v (%v)\nof      %#v", got, err, e)
		}
	})
}

func TestDecodedLineIsTheEncoded(t *testing.T) {
	var codec events.Codec
	everyEvent(t, func(t *testing.T, g generator, e events.Event) {
		l := g.line(e)
		b := codec.AppendLine(nil, &l)
		got, n, err := codec.DecodeLine(append(b, "the next line"...))
		if err != nil || n != len(b) {
			t.Fatalf("%v: %d of %d bytes: %v", l, n, len(b), err)
		}
		if !reflect.DeepEqual(got, l) {
			t.Errorf("decoded %#v\nencoded %#v", got, l)
		}
		if again := codec.AppendLine(nil, &got); !bytes.Equal(again, b) {
			t.Errorf("encoded again: %x\nat first:      %x", again, b)
		}
	})
}

func TestDecodedLineKeepsNoBytes(t *testing.T) {
	everyEvent(t, func(t *testing.T, g generator, e events.Event) {
		var codec events.Codec
		l := g.line(e)
		b := codec.AppendLine(nil, &l)
		got, _, err := codec.DecodeLine(b)
		clear(b)
		if err != nil || !reflect.DeepEqual(got, l) {
			t.Errorf("after its bytes were overwritten: %#v (%v)\nat first: %#v", got, err, l)
		}
	})
}

func TestCutLineIsMalformed(t *testing.T) {
	everyEvent(t, func(t *testing.T, g generator, e events.Event) {
		var codec events.Codec
		l := g.line(e)
		b := codec.AppendLine(nil, &l)
		cut := g.IntN(len(b))
		if _, _, err := codec.DecodeLine(b[:cut]); !errors.Is(err, events.ErrMalformed) {
			t.Errorf("%d of %d bytes of %v: %v", cut, len(b), l, err)
		}
	})
}

func TestTrailingBytesAreMalformed(t *testing.T) {
	var codec events.Codec
	everyEvent(t, func(t *testing.T, _ generator, e events.Event) {
		b := append(events.AppendEvent(nil, e), 0)
		if _, err := codec.DecodeEvent(e.Kind(), b); !errors.Is(err, events.ErrMalformed) {
			t.Errorf("%v with a byte behind it: %v", e, err)
		}
	})
}

// TestStrings finds enumerations that index out of their names: any octet may
// be in a log.
func TestStrings(t *testing.T) {
	everyEvent(t, func(t *testing.T, g generator, e events.Event) {
		if s := g.line(e).String(); s == "" {
			t.Errorf("%#v has no text", e)
		}
	})
}

func TestKindsAndRolesHaveNames(t *testing.T) {
	for _, k := range events.Kinds() {
		if got, err := events.ParseKind(k.String()); err != nil || got != k {
			t.Errorf("%q is kind %d, not %d (%v)", k, got, k, err)
		}
	}
	for r := events.Fact; r <= events.Stopped; r++ {
		if got, err := events.ParseRole(r.String()); err != nil || got != r {
			t.Errorf("%q is role %d, not %d (%v)", r, got, r, err)
		}
	}
	for _, name := range []string{"", "Update", "role(0)"} {
		if _, err := events.ParseKind(name); err == nil {
			t.Errorf("%q is a kind", name)
		}
		if _, err := events.ParseRole(name); err == nil {
			t.Errorf("%q is a role", name)
		}
	}
}

func TestTimeString(t *testing.T) {
	for text, at := range map[string]events.Time{
		"0.000000000s":    0,
		"223.412907000s":  223_412_907_000,
		"1200.000000001s": 1_200_000_000_001,
	} {
		if got := fmt.Sprint(at); got != text {
			t.Errorf("%d is %s, not %s", int64(at), got, text)
		}
	}
}
