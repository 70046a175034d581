package availability

import (
	"math"
	"testing"
	"time"

	"dualhome/sim"
)

// network is one whose losses are known without playing it: what is lost while which
// failures last, and nothing else: everybody notices at once, and a repair costs nothing.
type network func(broken map[int]bool) (share float64)

// loss gives what a run loses: the integral of the share over the union of its hits.
func (n network) loss(r Run) Loss {
	var cuts []time.Duration
	for _, h := range r.Hits {
		cuts = append(cuts, h.At, h.At+h.Repair)
	}
	l := Loss{{"c", Equivalent}: 0, {"c", AnyLoss}: 0, {"c", Healthy}: n(nil)}
	for i := range cuts {
		next := time.Duration(math.MaxInt64) // the next cut after this one
		for j, c := range cuts {
			if c > cuts[i] || c == cuts[i] && j > i {
				next = min(next, c)
			}
		}
		if next == math.MaxInt64 {
			continue
		}
		broken := map[int]bool{}
		for _, h := range r.Hits {
			if h.At <= cuts[i] && cuts[i] < h.At+h.Repair {
				broken[h.Failure] = true
			}
		}
		share := n(broken) - n(nil)
		l[Key{"c", Equivalent}] += share * (next - cuts[i]).Seconds()
		if share > 0 {
			l[Key{"c", AnyLoss}] += (next - cuts[i]).Seconds()
		}
	}
	return l
}

// estimated makes the runs that an estimate needs.
func estimated(t *testing.T, loss func(Run) Loss, p Plan) *Result {
	t.Helper()
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	for samples := e.Next(); len(samples) > 0; samples = e.Next() {
		for i := range samples {
			var losses []Loss
			for _, r := range samples[i].Runs {
				losses = append(losses, loss(r))
			}
			e.Add(&samples[i], losses, 0)
		}
	}
	r, ok := e.Result()
	if !ok {
		t.Fatal("no estimate")
	}
	return r
}

func (r *Result) of(what string) Total {
	for _, t := range r.Totals {
		if t.What == what {
			return t
		}
	}
	return Total{}
}

func dist(t *testing.T, text string) sim.Dist {
	t.Helper()
	d, err := sim.ParseDist(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func failures(t *testing.T, texts ...[2]string) []Failure {
	t.Helper()
	var all []Failure
	for i, text := range texts {
		all = append(all, Failure{string(rune('a' + i)), dist(t, text[0]), dist(t, text[1])})
	}
	return all
}

func parallel(broken map[int]bool) float64 { return map[bool]float64{true: 1}[len(broken) >= 2] }
func series2(broken map[int]bool) float64  { return map[bool]float64{true: 1}[len(broken) >= 1] }

// A system of two components that repair each other's loss at once is down while both
// are: u(a) u(b) of the time, with u = repair / (up + repair), whatever the distributions.
// One in series is down unless both work: 1 - (1-u(a)) (1-u(b)). With two failures alone
// both are exact: nothing is neglected, however often they fail.
func TestTwoComponents(t *testing.T) {
	for _, of := range [][2][2]string{
		{{"exponential(10h)", "exponential(1h)"}, {"exponential(10h)", "exponential(1h)"}},
		{{"1000h", "exponential(4h)"}, {"500h", "2h"}},
		{{"2h", "uniform(1h, 3h)"}, {"exponential(8760h)", "normal(30h, 5h)"}},
	} {
		fs := failures(t, of[0], of[1])
		u := func(i int) float64 { return fs[i].Rate() * float64(fs[i].Repair.Mean()) / float64(Year) }
		for name, c := range map[string]struct {
			network
			down float64
		}{
			"parallel": {parallel, u(0) * u(1)},
			"series":   {series2, 1 - (1-u(0))*(1-u(1))},
			"half":     {func(b map[int]bool) float64 { return float64(len(b)) / 2 }, (u(0) + u(1)) / 2},
		} {
			got := estimated(t, c.loss, Plan{Failures: fs, Phase: time.Minute, Seed: 1, HalfSize: 0.02}).of(Equivalent).Year
			want := c.down * Year.Seconds()
			if math.Abs(got.Value-want) > 2*got.Half+1e-6 || got.Relative() > 0.02 {
				t.Errorf("%s of %v: %.1f ± %.1f s a year, not %.1f", name, of, got.Value, got.Half, want)
			}
		}
	}
}
