package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"dualhome/metrics"
)

// tolerance is by how much a figure may be more than that of the first design.
type tolerance struct {
	text  string // empty: whatever it is
	share float64
	ns    float64
}

const whatTolerance = "a share of the first design's figure, like 5%, or a time, like 2s; not negative"

// parseTolerance reads 5% or 2s.
func parseTolerance(text string) (tolerance, error) {
	t := tolerance{text: text}
	if text == "" {
		return t, nil
	}
	bad := usage("--tolerance %s: it is %s", text, whatTolerance)
	if share, ok := percentage(text); ok {
		if share < 0 || math.IsInf(share, 0) {
			return t, bad
		}
		t.share = share
		return t, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return t, bad
	}
	t.ns = float64(d)
	return t, nil
}

// exceeded tells whether a figure is worse than that of the first design: more by more
// than is tolerated, and surely more. Of one run each nothing is sure but what it is.
func (t tolerance) exceeded(first metrics.Level, d metrics.Paired) bool {
	by := d.Difference
	if by.Value == nil || first.Mean.Value == nil || *by.Value <= max(t.ns, t.share**first.Mean.Value) {
		return false
	}
	return by.Low == nil || *by.Low > 0
}

// judge names the figures in which a design is worse than the first.
func (c *contrast) judge(t tolerance) (worse []string) {
	if t.text == "" {
		return nil
	}
	for _, e := range c.episodes {
		for _, f := range e.figures() {
			columns := c.columns(f)
			for _, of := range columns[1:] {
				what := fmt.Sprintf("%s: %s", of.name, strings.Join(strings.Fields(e.fault+" "+e.class+" "+measureText(f.Measure)), " "))
				switch first := columns[0].level; {
				case e.class != "" && of.OnlyA > of.OnlyB:
					worse = append(worse, fmt.Sprintf("%s: %s, with %s in %d",
						what, of.trial.missing(e, of.level), c.designs[0].name, first.Nulls))
				case t.exceeded(first, of.Paired):
					worse = append(worse, fmt.Sprintf("%s: %s more than with %s, which is beyond %s",
						what, differenceText(of.Paired, false), c.designs[0].name, t.text))
				}
			}
		}
	}
	return worse
}
