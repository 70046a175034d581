package actors_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dualhome/events"
)

// PROP-S: in a tree there is one path to everybody, and nothing to explore: N-1
// messages, or twice as many with send-back, and as many links' delays as the
// farthest router is away.
func propagation(t *testing.T) {
	networks := map[string][2]any{"chain5": {"chain", 5}, "star6": {"star", 6}, "bintree15": {"tree", 15}}
	for _, row := range []struct {
		topology                     string
		origin                       int
		sb                           string
		upAnn, upWd, downAnn, downWd int
		tBest, tRx                   float64
	}{
		{"chain5", 0, "none", 4, 0, 0, 4, 4.0, 4.0},
		{"chain5", 0, "all", 8, 0, 0, 8, 4.0, 5.0},
		{"star6", 0, "none", 5, 0, 0, 5, 1.0, 1.0},
		{"star6", 0, "all", 10, 0, 0, 10, 1.0, 2.0},
		{"star6", 1, "none", 5, 0, 0, 5, 2.0, 2.0},
		{"star6", 1, "all", 10, 0, 0, 10, 2.0, 3.0},
		{"bintree15", 0, "none", 14, 0, 0, 14, 3.0, 3.0},
		{"bintree15", 7, "none", 14, 0, 0, 14, 6.0, 6.0},
		{"bintree15", 7, "all", 28, 0, 0, 28, 6.0, 7.0},
	} {
		for _, mrai := range []string{"0s", "30s"} {
			n := networks[row.topology]
			network := generated(n[0].(string), n[1].(int), "1s", "mrai: "+mrai+", mrai_per: prefix, "+sends(row.sb))
			o := observe(t, upDown(fmt.Sprintf("r%d", row.origin), network), 1)
			what := fmt.Sprintf("%s, origin %d, sb %s, M %s", row.topology, row.origin, row.sb, mrai)
			for _, way := range []struct {
				name    string
				got     span
				ann, wd int
			}{{"up", o.up(), row.upAnn, row.upWd}, {"down", o.down(), row.downAnn, row.downWd}} {
				same(t, what+", "+way.name+": ann, wd, changes", [3]int{way.got.ann, way.got.wd, way.got.best}, [3]int{way.ann, way.wd, n[1].(int)})
				exactly(t, what+", "+way.name+": t_best", way.got.tBest, row.tBest)
				exactly(t, what+", "+way.name+": t_rx", way.got.tRx, row.tRx)
			}
		}
	}
}

// EXPL-S: on a ring of odd length the two routers farthest from the origin try each
// other's ghost when it withdraws.
func exploration(t *testing.T) {
	for _, row := range []struct {
		n                    int
		mode                 string
		upAnn, downAnn, down int
		tBest, tRx           float64
		changes              int
	}{
		{3, "none", 4, 2, 6, 2.0, 3.0, 5},
		{3, "all", 6, 4, 6, 2.0, 3.0, 5},
		{3, "ssld", 4, 0, 4, 2.0, 2.0, 5},
		{5, "none", 6, 4, 10, 4.0, 5.0, 11},
		{5, "all", 10, 8, 14, 4.0, 5.0, 11},
		{5, "ssld", 6, 2, 8, 4.0, 4.0, 11},
		{7, "none", 8, 6, 14, 6.0, 7.0, 17},
		{7, "all", 14, 12, 22, 6.0, 7.0, 17},
		{7, "ssld", 8, 4, 12, 6.0, 6.0, 17},
	} {
		paced := observe(t, upDown("r0", generated("ring", row.n, "1s", "mrai: 30s, mrai_per: prefix, "+sends(row.mode))), 1).down()
		same(t, fmt.Sprintf("N %d, %s, MRAI: down ann, wd", row.n, row.mode), [2]int{paced.ann, paced.wd}, [2]int{row.downAnn, row.down})
		o := observe(t, upDown("r0", generated("ring", row.n, "1s", sends(row.mode))), 1)
		up, down := o.up(), o.down()
		what := fmt.Sprintf("N %d, %s", row.n, row.mode)
		if row.n > 3 { // the middle sends its ghost at (n-1)/2, its end 30 s later, which then has as far to go
			late := observe(t, upDown("r0", generated("ring", row.n, "1s", "mrai: 30s, mrai_per: prefix, mrai_withdrawals: true, "+sends("none"))), 1).down()
			exactly(t, what+", withdrawals wait: down t_best", late.tBest, float64(row.n-2)+30)
		}
		same(t, what+": up ann, wd", [2]int{up.ann, up.wd}, [2]int{row.upAnn, 0})
		exactly(t, what+": up t_best", up.tBest, float64(row.n-1)/2)
		same(t, what+": down ann, wd, changes", [3]int{down.ann, down.wd, down.best}, [3]int{row.downAnn, row.down, row.changes})
		exactly(t, what+": down t_best", down.tBest, row.tBest)
		exactly(t, what+": down t_rx", down.tRx, row.tRx)
		middle, other := router(row.n/2), router(row.n/2+1)
		half := float64(row.n / 2)
		for _, at := range []float64{half - 0.1, half + 0.1, half + 0.9, half + 1.1} {
			loop := o.bestOf(middle, 2000+at) == "["+string(other)+"]" && o.bestOf(other, 2000+at) == "["+string(middle)+"]"
			same(t, fmt.Sprintf("%s: the two in the middle forward to each other %v s after", what, at), loop, at > half && at < half+1)
		}
	}
}

// CLIQ-S: in a full mesh of n, the withdrawal takes n-3 rounds of MRAI (Labovitz
// et al. 2000).
func cliqueWithdrawal(t *testing.T) {
	for _, row := range []struct {
		n, ann, wd  int
		tBest       float64
		tRx, tRxToo float64 // with withdrawals at once, and with MRAI for them too
	}{
		{3, 4, 6, 0.02, 0.03, math.NaN()},
		{4, 15, 12, 30.02, 30.03, 60.02},
		{5, 36, 20, 60.02, 60.03, 90.02},
		{6, 70, 30, 90.02, 90.03, 120.02},
	} {
		for i, tRx := range []float64{row.tRx, row.tRxToo} {
			if math.IsNaN(tRx) {
				continue
			}
			bgp := fmt.Sprintf("mrai: 30s, mrai_per: prefix, send_back: true, mrai_withdrawals: %v", i == 1)
			origin := row.n / 2 * i // any will do
			o := observe(t, upDown(string(router(origin)), generated("clique", row.n, "10ms", bgp)), 1)
			up, down := o.up(), o.down()
			what := fmt.Sprintf("n %d, origin %d, %s", row.n, origin, bgp)
			same(t, what+": up ann, wd", [2]int{up.ann, up.wd}, [2]int{row.n * (row.n - 1), 0})
			exactly(t, what+": up t_best", up.tBest, 0.01)
			same(t, what+": down ann, wd", [2]int{down.ann, down.wd}, [2]int{row.ann, row.wd})
			exactly(t, what+": down t_best", down.tBest, row.tBest)
			if row.n > 3 {
				exactly(t, what+": down t_rx", down.tRx, tRx)
			}
		}
	}
}

// FOCUS-S: k disjoint paths of growing length end in f; when the origin withdraws,
// f walks down its alternatives, and MRAI decides which of them g hears of.
func focusedPaths(t *testing.T) {
	for _, row := range []struct {
		k     int
		mrai  string
		wrate bool
		train string
	}{
		{3, "0s", false, "2.0 A4, 3.0 A5, 4.0 W"},
		{3, "30s", false, "2.0 A4, 4.0 W"},
		{3, "30s", true, "2.0 A4, 32.0 W"},
		{5, "0s", false, "2.0 A4, 3.0 A5, 4.0 A6, 5.0 A7, 6.0 W"},
		{5, "30s", false, "2.0 A4, 6.0 W"},
		{5, "30s", true, "2.0 A4, 32.0 W"},
		{5, "2500ms", false, "2.0 A4, 4.5 A6, 6.0 W"},
		{5, "2500ms", true, "2.0 A4, 4.5 A6, 7.0 W"},
	} {
		bgp := fmt.Sprintf("mrai: %s, mrai_per: prefix, mrai_withdrawals: %v", row.mrai, row.wrate)
		o := observe(t, upDown("r0", generated("focus", row.k, "1s", bgp)), 1)
		end := 1 + row.k*(row.k+1)/2
		f, g, h := router(end), router(end+1), router(end+2)
		what := fmt.Sprintf("k %d, %s", row.k, bgp)
		same(t, what+": up f to g", o.train(f, g, 1000, 2000), "2.0 A3")
		same(t, what+": down f to g", o.train(f, g, 2000, 5000), row.train)
		same(t, what+": down g to h", o.train(g, h, 2000, 5000), shifted(t, row.train))
		if row.mrai == "0s" {
			same(t, what+": UPDATEs", strings.Count(row.train, ",")+1, row.k)
		}
		for until, want := range map[float64]string{0.9: "[r", 1.1: ""} { // around k+1 s after the event
			if got := o.bestOf(f, 2000+float64(row.k)+until); !strings.HasPrefix(got, want) || want == "" && got != "[]" {
				t.Errorf("%s: %v s after the event f uses %s", what, float64(row.k)+until, got)
			}
		}
	}
}

func router(i int) events.ActorID { return events.ActorID(fmt.Sprintf("r%d", i)) }

// shifted gives a train as the next router sends it: a second later, with paths
// longer by one.
func shifted(t *testing.T, train string) string {
	t.Helper()
	var all []string
	for one := range strings.SplitSeq(train, ", ") {
		var at float64
		var what string
		if _, err := fmt.Sscan(one, &at, &what); err != nil {
			t.Fatal(err)
		}
		if what != "W" {
			what = fmt.Sprintf("A%d", what[1]-'0'+1)
		}
		all = append(all, fmt.Sprintf("%.1f %s", at+1, what))
	}
	return strings.Join(all, ", ")
}

// MRAI-S: what MRAI holds back is cancelled by what comes while it does.
func shortFlaps(t *testing.T) {
	for _, row := range []struct {
		times []int
		wrate bool
		train string
	}{
		{[]int{0, 10, 20}, false, "0.1 A, 10.1 W, 30.1 A"},
		{[]int{0, 10, 20}, true, "0.1 A"},
		{[]int{0, 13, 27, 44, 58, 71}, false, "0.1 A, 13.1 W, 30.1 A, 44.1 W, 60.1 A, 71.1 W"},
		{[]int{0, 13, 27, 44, 58, 71}, true, "0.1 A, 44.1 W"},
		{[]int{0, 21, 42, 63, 84, 105}, false, "0.1 A, 21.1 W, 42.1 A, 63.1 W, 84.1 A, 105.1 W"},
		{[]int{0, 21, 42, 63, 84, 105}, true, "0.1 A, 30.1 W, 60.1 A, 105.1 W"},
	} {
		var b strings.Builder
		b.WriteString("version: 1\nname: case\nhorizon: 3000s\nstart: established\nrouters:\n  - {name: r0, asn: 64512, bgp: {send_back: false}}\n")
		for i := 1; i < 4; i++ {
			fmt.Fprintf(&b, "  - {name: r%d, asn: %d, bgp: {send_back: false, mrai: 30s, mrai_per: prefix, mrai_withdrawals: %v}}\n", i, 64512+i, row.wrate)
		}
		b.WriteString("links: [{between: [r0, r1], delay: 100ms}, {between: [r1, r2], delay: 100ms}, {between: [r2, r3], delay: 100ms}]\nfaults:\n")
		for i, at := range row.times {
			fmt.Fprintf(&b, "  - {name: f%d, kind: %s, target: r0, prefix: %s, at: %ds}\n", i, []string{"announce", "withdraw"}[i%2], lab0, 1000+at)
		}
		o := observe(t, b.String(), 1)
		train := func(from, to events.ActorID, since float64) string {
			return strings.NewReplacer("A2", "A", "A3", "A").Replace(o.train(from, to, since, 3000))
		}
		what := fmt.Sprintf("%v, wrate %v", row.times, row.wrate)
		same(t, what+": 1 to 2", train("r1", "r2", 1000), row.train)
		same(t, what+": 2 to 3", train("r2", "r3", 1000.1), row.train)
	}
}
