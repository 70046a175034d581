package eventlog

import "math/bits"

// underWay are the bytes of the messages under way, by seq: a hash table with linear
// probing, which is asked twice for each message of a run. A Go map takes three times
// as long. The zero value is empty.
type underWay struct {
	places []message // a power of two
	count  int
}

// message is a place; without bytes it is free.
type message struct {
	seq   uint64
	bytes []byte
}

// home gives the place where a message is looked for first.
func (u *underWay) home(seq uint64) int {
	const golden = 0x9e3779b97f4a7c15 // Knuth, The Art of Computer Programming 3, section 6.4
	return int(seq * golden >> (64 - bits.TrailingZeros(uint(len(u.places)))))
}

// put adds a message.
func (u *underWay) put(seq uint64, b []byte) {
	if 2*u.count >= len(u.places) {
		was := u.places
		*u = underWay{places: make([]message, max(16, 2*len(was)))}
		for _, m := range was {
			if m.bytes != nil {
				u.put(m.seq, m.bytes)
			}
		}
	}
	mask := len(u.places) - 1
	i := u.home(seq)
	for u.places[i].bytes != nil {
		i = (i + 1) & mask
	}
	u.places[i] = message{seq, b}
	u.count++
}

// take removes a message; nil: there is none.
func (u *underWay) take(seq uint64) []byte {
	if u.count == 0 {
		return nil
	}
	mask := len(u.places) - 1
	i := u.home(seq)
	for u.places[i].seq != seq || u.places[i].bytes == nil {
		if u.places[i].bytes == nil {
			return nil
		}
		i = (i + 1) & mask
	}
	b := u.places[i].bytes
	for j := (i + 1) & mask; u.places[j].bytes != nil; j = (j + 1) & mask {
		if away := (j - u.home(u.places[j].seq)) & mask; away >= (j-i)&mask { // it may stand at i
			u.places[i], i = u.places[j], j
		}
	}
	u.places[i] = message{}
	u.count--
	return b
}

// takeAll removes all messages, and hands their bytes over in no order.
func (u *underWay) takeAll(hand func([]byte)) {
	for i := range u.places {
		if b := u.places[i].bytes; b != nil {
			hand(b)
		}
	}
	clear(u.places)
	u.count = 0
}
