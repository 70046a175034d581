package sim

import (
	"time"

	"dualhome/events"
)

// Key names what a random draw is for. Two draws with equal keys under one seed
// are equal, whenever and in whatever order they happen; that is what lets two
// designs run under the same luck. Build one with KeyOf and its methods.
type Key uint64

// KeyOf starts the key of a draw: stream is the kind of thing that is drawn
// ("phase", "delay", "program", …).
func KeyOf(stream string) Key { return Key(offset).Str(stream) }

// FNV-1a, 64 bits.
const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

// Str extends the key by a name.
func (k Key) Str(s string) Key {
	for i := range len(s) {
		k = (k ^ Key(s[i])) * prime
	}
	return (k ^ 0xff) * prime // names cannot run into each other
}

// Actor extends the key by an actor.
func (k Key) Actor(id events.ActorID) Key { return k.Str(string(id)) }

// Int extends the key by a number.
func (k Key) Int(n uint64) Key {
	for range 8 {
		k = (k ^ Key(n&0xff)) * prime
		n >>= 8
	}
	return k
}

// Draw returns the value of d for key under seed.
func Draw(seed uint64, d Dist, key Key) time.Duration {
	return d.at(Bits(seed, key))
}

// Bits returns 64 uniform bits for key under seed.
func Bits(seed uint64, key Key) uint64 { return mix(mix(seed) ^ uint64(key)) }

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): it
// spreads each bit of x over the whole result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
