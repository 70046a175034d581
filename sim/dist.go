package sim

import (
	"fmt"
	"math"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Dist is a distribution of durations. The zero value is the constant 0.
//
// Constant, uniform and empirical distributions are drawn with integer
// arithmetic and give the same value on every machine; exponential and normal
// ones use floating point and are equal only on machines of one architecture.
type Dist struct {
	family  family
	a, b    time.Duration // parameters; of an empirical one the least and the most
	samples []time.Duration
	source  string // where the samples are from; empty: nobody says
}

type family uint8

const (
	constant family = iota
	uniform
	empirical
	exponential
	normal
)

// Constant returns the distribution that always gives d.
func Constant(d time.Duration) Dist { return Dist{a: d} }

// Uniform returns the uniform distribution over [lo, hi).
func Uniform(lo, hi time.Duration) Dist { return Dist{family: uniform, a: lo, b: hi} }

// Empirical returns the distribution that gives each of the samples with equal
// probability. It keeps the slice, which is not empty.
func Empirical(samples ...time.Duration) Dist {
	return Dist{family: empirical, a: slices.Min(samples), b: slices.Max(samples), samples: samples}
}

// From says where the samples of an empirical distribution are from, for people: no
// draw depends on it. It is words of letters, digits, dots, dashes and underscores;
// Source makes them of anything.
func (d Dist) From(source string) Dist {
	d.source = source
	return d
}

// Samples gives how many samples an empirical distribution has, and where they are
// from; of any other 0.
func (d Dist) Samples() (n int, source string) { return len(d.samples), d.source }

// sourceRE is what From may be given.
var sourceRE = regexp.MustCompile(`^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$`)

// Source makes a name into one for From.
func Source(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 128 && (r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '_'
	}, name)
	return plain[:min(len(plain), 100)]
}

// Measured is the empirical distribution of the time from a best-path change at
// an Azure Route Server to the change of a NIC's effective routes: 13 samples
// by C. Elleman (azure-route-server-next-hop-ip-fast-failover, results.xlsx,
// 2022-08-30; one prefix, few VMs): 0.9-5.6 s, median 1.77 s, mean 2.52 s.
func Measured() Dist {
	ms := []int{1770, 1500, 5600, 1500, 5190, 900, 4200, 4140, 2420, 1220, 1530, 1850, 1000}
	d := make([]time.Duration, len(ms))
	for i, m := range ms {
		d[i] = time.Duration(m) * time.Millisecond
	}
	return Empirical(d...)
}

// IsConstant tells whether every draw gives the same value, and which.
func (d Dist) IsConstant() (time.Duration, bool) { return d.a, d.family == constant }

// IsZero tells whether d is the constant 0, the zero value.
func (d Dist) IsZero() bool { return d.family == constant && d.a == 0 }

// Max returns the largest value of d; for an unbounded distribution, the
// largest Duration.
func (d Dist) Max() time.Duration {
	switch d.family {
	case constant:
		return d.a
	case uniform, empirical:
		return d.b
	}
	return math.MaxInt64
}

// Min returns the smallest value of d.
func (d Dist) Min() time.Duration {
	if d.family == exponential || d.family == normal {
		return 0
	}
	return d.a
}

// at maps u, uniform over the 64-bit integers, to a value of d.
func (d Dist) at(u uint64) time.Duration {
	switch d.family {
	case uniform:
		hi, _ := bits.Mul64(u, uint64(d.b-d.a))
		return d.a + time.Duration(hi)
	case empirical:
		hi, _ := bits.Mul64(u, uint64(len(d.samples)))
		return d.samples[hi]
	case exponential:
		return time.Duration(-math.Log(1-unit(u)) * float64(d.a))
	case normal:
		z := math.Sqrt(-2*math.Log(1-unit(u))) * math.Cos(2*math.Pi*unit(mix(u)))
		return max(0, d.a+time.Duration(z*float64(d.b)))
	}
	return d.a
}

// unit maps u to [0, 1).
func unit(u uint64) float64 { return float64(u>>11) / (1 << 53) }

// String gives d as scenario files write it; ParseDist reads it back.
func (d Dist) String() string {
	switch d.family {
	case uniform:
		return fmt.Sprintf("uniform(%v, %v)", d.a, d.b)
	case empirical:
		var t []string
		for _, s := range d.samples {
			t = append(t, s.String())
		}
		from := ""
		if d.source != "" {
			from = "; " + d.source
		}
		return "empirical(" + strings.Join(t, ", ") + from + ")"
	case exponential:
		return fmt.Sprintf("exponential(%v)", d.a)
	case normal:
		return fmt.Sprintf("normal(%v, %v)", d.a, d.b)
	}
	return d.a.String()
}

// ParseDist reads a distribution: a duration (10ms), uniform(lo, hi),
// exponential(mean), normal(mean, sd) cut at 0, empirical(d, d, …), or measured
// (see Measured). After the samples of an empirical one may stand where they are
// from: empirical(d, d; results.csv). Negative durations are refused.
func ParseDist(s string) (Dist, error) {
	s = strings.TrimSpace(s)
	if s == "measured" {
		return Measured(), nil
	}
	name, rest, isCall := strings.Cut(s, "(")
	if !isCall {
		d, err := parseDuration(s)
		return Constant(d), err
	}
	rest, closed := strings.CutSuffix(rest, ")")
	if !closed {
		return Dist{}, fmt.Errorf("%q: no closing parenthesis", s)
	}
	rest, source, named := strings.Cut(rest, ";")
	if source = strings.TrimSpace(source); named && (name != "empirical" || !sourceRE.MatchString(source)) {
		return Dist{}, fmt.Errorf("%q: behind a semicolon stands where the samples of an empirical distribution are from: words of letters, digits, dots, dashes and underscores", source)
	}
	var args []time.Duration
	for arg := range strings.SplitSeq(rest, ",") {
		d, err := parseDuration(strings.TrimSpace(arg))
		if err != nil {
			return Dist{}, err
		}
		args = append(args, d)
	}
	d, err := newDist(name, args)
	return d.From(source), err
}

func newDist(name string, args []time.Duration) (Dist, error) {
	want := map[string]int{"uniform": 2, "exponential": 1, "normal": 2, "empirical": len(args)}
	n, known := want[name]
	if !known {
		return Dist{}, fmt.Errorf("unknown distribution %q: uniform, exponential, normal, empirical or measured", name)
	}
	if n != len(args) {
		return Dist{}, fmt.Errorf("%s takes %d durations, not %d", name, n, len(args))
	}
	switch name {
	case "uniform":
		if args[1] < args[0] {
			return Dist{}, fmt.Errorf("uniform(%v, %v): the upper end is below the lower", args[0], args[1])
		}
		return Uniform(args[0], args[1]), nil
	case "exponential":
		return Dist{family: exponential, a: args[0]}, nil
	case "normal":
		return Dist{family: normal, a: args[0], b: args[1]}, nil
	}
	return Empirical(args...), nil
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration: write a number with its unit (ms, s, m, h)", s)
	}
	if d < 0 {
		return 0, fmt.Errorf("%q is negative", s)
	}
	return d, nil
}
