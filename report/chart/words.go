package chart

import (
	"fmt"
	"strings"
)

// titleText says what the picture shows.
func (s *sheet) titleText() string {
	what := fmt.Sprintf("%s, seed %d", s.run.Scenario, s.run.Seed)
	if s.opts.About != "" {
		return "Timeline of " + what + ": " + s.opts.About
	}
	return "Timeline of " + what
}

// descText says what is to be seen.
func (s *sheet) descText() string {
	sentences := []string{fmt.Sprintf("From %s to %s.", Seconds(s.start), Seconds(s.stop))}
	const most = 8
	count := 0
	for i := range s.failures {
		f := &s.failures[i]
		if f.ends < s.start || f.starts() > s.stop {
			continue
		}
		if count++; count <= most {
			sentences = append(sentences, f.hover()+".")
		}
	}
	switch {
	case count == 0:
		sentences = append(sentences, "Nothing fails.")
	case count > most:
		sentences = append(sentences, fmt.Sprintf("And %d more faults.", count-most))
	}
	return strings.Join(append(sentences, s.words...), " ")
}

// words says what becomes of a class and direction in the time that is shown.
func (f *flow) words(s *sheet) string {
	var sum, some float64
	lost := make([]float64, len(f.causes))
	all := 0.0
	for _, p := range f.pieces {
		width := (p.to - p.from) / (s.axis.to - s.axis.from)
		sum += f.lost(p) * width
		all += f.below(p, len(p.v)) * width
		if f.lost(p) > 0 {
			some += width
		}
		for i := range lost {
			lost[i] += p.v[len(f.hubs)+i] * width
		}
	}
	name := f.class + " " + f.direction
	if sum == 0 || all == 0 {
		return name + ": all is delivered."
	}
	var causes []string
	for i, v := range lost {
		if v > 0 {
			causes = append(causes, f.causes[i])
		}
	}
	return fmt.Sprintf("%s: %s of what is offered is lost, during about %s, by %s.", name, percent(sum/all), about(some*(s.high-s.low)), strings.Join(causes, ", "))
}

// percent gives a share; one that is not quite nothing or all does not look so.
func percent(part float64) string {
	switch {
	case part > 0 && part < 0.001:
		return "less than 0.1 %"
	case part < 1 && part > 0.999:
		return "more than 99.9 %"
	}
	return decimal(part*100, 0.1) + " %"
}
