package scenarios

import (
	"fmt"
	"strings"
)

// sweepTitle heads the section that matrix refers to.
const (
	sweepTitle  = "Sweeps"
	sweepAnchor = "sweeps"
)

// sweepReference describes the matrix, and the axes of a command line.
func sweepReference(b *strings.Builder) {
	fmt.Fprintf(b, sweepText, sweepTitle, maxPoints, maxRuns)
	b.WriteString("\n| key of `matrix` | type | default | meaning |\n|---|---|---|---|\n")
	s := fileShape().field("matrix").shape
	for _, f := range s.fields {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.key, f.describe(), f.describeDefault(), escape(f.doc)+f.shape.bounds())
	}
}

const sweepText = `
## %s

` + "`matrix`" + ` says what a sweep changes. Each of its keys, those below aside, is an axis: a parameter, or a path as ` + "`--set`" + ` takes it. (A parameter
that is called like a key below is ` + "`params.include`" + ` there; a path with brackets needs quotes inside of braces.) Its values are one of

| values | written in the file | on the command line |
|---|---|---|
| a list; an item may be a list or a map | ` + "`hold: [30s, 60s, 180s]`" + ` | ` + "`-m hold=30s,60s,180s`" + `; commas in brackets or quotes do not separate: ` + "`-m 'prefixes=[a, b],[c]'`" + ` |
| a range, its stop included where a step hits it | ` + "`hold: range(30s, 180s, 30s)`" + ` | ` + "`-m 'hold=range(30s,180s,30s)'`" + ` |
| an interval, which is sampled | ` + "`hold: interval(30s, 180s)`" + ` | ` + "`-m 'hold=interval(30s,180s)'`" + ` |

Ranges and intervals are of durations, rates, sizes or numbers, and counted exactly. An axis of the command line replaces that of the file for the
same thing, with the items of ` + "`include` and `exclude`" + ` that name it; others are added. A sweep has at most %d points and %d runs.

Of an interval, whole numbers, sizes and hold times (in whole seconds) are drawn with equal probability, both ends included; other durations, rates
and numbers are rounded to a power of ten of which at least a thousand fit between two evenly spaced samples (64 samples of
` + "`interval(5s, 30s)`" + `: to 100µs). The values of a list or a range are equally probable. Samples with the values of others are left out, with
a warning. The same seed gives the same points.

` + "`simulate scenario`" + ` takes no notice of ` + "`matrix` and `seeds`" + `, and the resolved scenario of a run has neither.
`
