package metrics

import "math/bits"

// apportion divides total among weights, in whole units, so that the parts sum
// to total exactly: each part is rounded down, and what is left goes to the
// largest remainders, the first of equal ones first. All weights together are
// sum, which is positive.
func apportion(total int64, weights []int, sum int) []int64 {
	parts := make([]int64, len(weights))
	rest := make([]uint64, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, r := bits.Div64(hi, lo, uint64(sum))
		parts[i], rest[i] = int64(q), r
		left -= int64(q)
	}
	for ; left > 0; left-- {
		most := 0
		for i := range rest {
			if rest[i] > rest[most] {
				most = i
			}
		}
		parts[most]++
		rest[most] = 0
	}
	return parts
}

// volume is a sum of products of a rate in bits per second, or a number of flows,
// and a time in nanoseconds. It is exact: 128 bits.
type volume struct{ hi, lo uint64 }

func (v *volume) add(amount, ns int64) {
	more := product(amount, ns)
	var carry uint64
	v.lo, carry = bits.Add64(v.lo, more.lo, 0)
	v.hi += more.hi + carry
}

// product gives the product of two numbers that are not negative.
func product(a, b int64) volume {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return volume{hi, lo}
}

// bytes gives whole bytes; a rest is dropped.
func (v volume) bytes() int64 { return v.over(8e9) }

// packets gives whole packets of a size in bytes; a rest is dropped.
func (v volume) packets(size int64) int64 { return v.over(8e9 * size) }

// over gives the whole quotient by a positive number; a rest is dropped.
func (v volume) over(d int64) int64 {
	if d <= 0 {
		return 0
	}
	_, hi := bits.Div64(0, v.hi, uint64(d))
	q, _ := bits.Div64(hi, v.lo, uint64(d))
	return int64(q)
}
