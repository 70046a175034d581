package main

import (
	"math"
	"testing"
)

// TestWordsOfFiguresAreTrue: what is rounded is neither nothing nor all unless it is, and
// has no exponent.
func TestWordsOfFiguresAreTrue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, want string }{
		{portion(0), "0 %"},
		{portion(0.0004), "0.04 %"},
		{portion(0.0049), "0.5 %"},
		{portion(0.005), "0.5 %"},
		{portion(0.006), "1 %"},
		{portion(0.5), "50 %"},
		{portion(0.994), "99 %"},
		{portion(0.995), "99.5 %"},
		{portion(0.9996), "99.960 %"},
		{portion(0.9999999), "more than 99.999 %"},
		{portion(0.1 + 0.2 + 0.7), "100 %"},
		{portion(0.3 + 0.3 + 0.3 + 0.1), "100 %"},
		{portion(1), "100 %"},
		{tenths(0), "0 ms"},
		{tenths(1), "0.001 µs"},
		{tenths(46_000), "46 µs"},
		{tenths(999_499), "999 µs"},
		{tenths(999_600), "1 ms"},
		{tenths(999_400_000), "999 ms"},
		{tenths(999_600_000), "1.0 s"},
		{tenths(181_998_181_724), "182.0 s"},
		{bytes(0), "0 B"},
		{bytes(999), "999 B"},
		{bytes(1000), "1 kB"},
		{bytes(999_499), "999 kB"},
		{bytes(999_600), "1 MB"},
		{bytes(999_999_999), "1 GB"},
		{bytes(math.MaxInt64), "9.22 EB"},
	} {
		if test.got != test.want {
			t.Errorf("%s, not %s", test.got, test.want)
		}
	}
}
