package scenarios

import (
	"math/big"
	"regexp"
	"strings"
	"time"
)

// quantity is a value that can be counted with: exact, so that a tenth is one.
type quantity struct {
	kind   quantityKind
	number *big.Rat // ns, bit/s, bytes
}

type quantityKind uint8

const (
	wholeNumber quantityKind = iota
	decimalNumber
	aDuration
	aRate
	aSize
)

// String names the kind in messages.
func (k quantityKind) String() string {
	return [...]string{"whole numbers", "numbers", "durations", "rates", "sizes"}[k]
}

// unit gives the unit of its numbers.
func (k quantityKind) unit() string {
	return [...]string{"", "", "ns", "bps", "B"}[k]
}

var signedNumberRE = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// longestNumber bounds the digits of a quantity, and so what is counted with them.
const longestNumber = 30

// quantityOf reads a quantity; only a number without unit, or a step, may be negative.
func quantityOf(written string) (q quantity, ok bool) {
	digits, negative := strings.CutPrefix(written, "-")
	switch {
	case len(written) > longestNumber:
		return quantity{}, false
	case signedNumberRE.MatchString(written):
		n, _ := new(big.Rat).SetString(written)
		if strings.Contains(written, ".") {
			return quantity{decimalNumber, n}, true
		}
		return quantity{wholeNumber, n}, true
	case durationRE.MatchString(digits):
		d, err := parseDurationUpTo(digits, longestLong, "100 years")
		if err != nil {
			return quantity{}, false
		}
		q = quantity{aDuration, new(big.Rat).SetInt64(int64(d.(time.Duration)))}
	case rateRE.MatchString(digits):
		bps, err := parseRate(digits)
		if err != nil {
			return quantity{}, false
		}
		q = quantity{aRate, new(big.Rat).SetInt64(bps.(int64))}
	case sizeRE.MatchString(digits):
		bytes, err := parseSize(digits)
		if err != nil {
			return quantity{}, false
		}
		q = quantity{aSize, new(big.Rat).SetInt64(bytes.(int64))}
	default:
		return quantity{}, false
	}
	if negative {
		q.number.Neg(q.number)
	}
	return q, true
}

// format writes a quantity as a file does.
func (q quantity) format() string {
	switch q.kind {
	case aDuration:
		return inSeconds(q.number)
	case aRate:
		return formatRate(q.int64())
	case aSize:
		return formatSize(q.int64())
	case wholeNumber:
		return q.number.Num().String()
	}
	places, _ := q.number.FloatPrec()
	return q.number.FloatString(places)
}

// inSeconds writes a duration of a second or more in seconds: 107.97s, so that the
// values of an axis can be compared.
func inSeconds(ns *big.Rat) string {
	if ns.Cmp(new(big.Rat).SetInt64(int64(time.Second))) < 0 {
		return formatDuration(time.Duration(ns.Num().Int64()))
	}
	seconds := new(big.Rat).Quo(ns, new(big.Rat).SetInt64(int64(time.Second)))
	places, _ := seconds.FloatPrec()
	return seconds.FloatString(places) + "s"
}

// int64 gives the number of a quantity that is whole.
func (q quantity) int64() int64 { return q.number.Num().Int64() }

// node gives the quantity as if it were written there.
func (q quantity) node(at *node) *node {
	n := *at
	n.text, n.kind = q.format(), text
	switch {
	case q.kind == wholeNumber || q.kind == decimalNumber && q.number.IsInt():
		n.kind = integer
	case q.kind == decimalNumber:
		n.kind = decimal
	}
	return &n
}

// float gives the number for computations that need not be exact.
func (q quantity) float() float64 {
	f, _ := q.number.Float64()
	return f
}

// alike gives the kind that two quantities have in common: a whole number is a number.
func alike(a, b quantityKind) (kind quantityKind, ok bool) {
	if a <= decimalNumber && b <= decimalNumber {
		return max(a, b), true
	}
	return a, a == b
}
