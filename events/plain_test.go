package events_test

import (
	"bytes"
	"reflect"
	"testing"

	"dualhome/events"
)

// TestPlainAgainstLibrary: the library writes the same bytes and reads the same
// from them, and what is left to it is what is not plain.
func TestPlainAgainstLibrary(t *testing.T) {
	written, read := 0, 0
	const tried = 5000
	for seed := range uint64(tried) {
		routes := generate(seed).routes()
		raw := events.EncodeUpdateByLibrary(routes)
		if plain, ok := events.EncodePlain(routes); ok {
			if written++; !bytes.Equal(plain, raw) {
				t.Fatalf("seed %d: %v\n%x, by the library\n%x", seed, routes, plain, raw)
			}
		}
		if got, ok := events.DecodePlain(raw); ok {
			want, err := events.ParseUpdateByLibrary(raw)
			if read++; err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d: %x\n%+v, by the library\n%+v (%v)", seed, raw, got, want, err)
			}
		}
	}
	if written < tried/4 || read < tried/4 {
		t.Errorf("of %d UPDATEs %d were written and %d read without the library", tried, written, read)
	}
}

// FuzzPlain: whatever is read without the library, the library reads the same from
// the same bytes, and finds nothing wrong.
func FuzzPlain(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(events.EncodeUpdateByLibrary(generate(seed).routes()))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, ok := events.DecodePlain(raw)
		if !ok {
			return
		}
		want, err := events.ParseUpdateByLibrary(raw)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%x\n%+v, by the library\n%+v (%v)", raw, got, want, err)
		}
	})
}
