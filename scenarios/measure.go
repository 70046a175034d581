package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Measure is something of a run that an expectation can be about.
type Measure struct {
	Name string
	Kind MeasureKind
	Of   Thing // what <name>.<thing> narrows it to: AClass, AFault, or nothing
	Doc  string
}

// MeasureKind says how a measure is counted.
type MeasureKind uint8

// The kinds of measures.
const (
	Truth    MeasureKind = iota // the rule is true or false
	Duration                    // nanoseconds; written with a unit
	Count                       // a whole number
)

// Measures gives all measures, in the order of the reference.
func Measures() []Measure {
	return []Measure{
		{"converged", Truth, "", "the network is quiet at the horizon"},
		{"outage.forward", Duration, AClass, "time with any loss from the VMs to the far end; the worst of all disturbances (and classes)"},
		{"outage.return", Duration, AClass, "time with any loss from the far end to the VMs; the worst of all disturbances (and classes)"},
		{"outage.two-way", Duration, AClass, "time with any loss in either direction; the worst of all disturbances (and classes)"},
		{"detection", Duration, AFault, "from a disturbance to the first reaction elsewhere; the longest"},
		{"control", Duration, AFault, "from a disturbance to the last change of a routing table; the longest"},
		{"forwarding", Duration, AFault, "from a disturbance to the last change of a forwarding table or NIC; the longest"},
		{"traffic", Duration, AFault, "from a disturbance to the last change of traffic; the longest"},
		{"sessions.down", Count, "", "BGP sessions that are down at the horizon"},
	}
}

// FindMeasure splits the measure of an expectation into the measure of the
// table and the class or disturbance it is narrowed to, if any.
func FindMeasure(name string) (m Measure, of string, found bool) {
	for _, m := range Measures() {
		if name == m.Name {
			return m, "", true
		}
		if of, found := strings.CutPrefix(name, m.Name+"."); found && m.Of != "" && of != "" {
			return m, of, true
		}
	}
	return Measure{}, "", false
}

// Rule is a comparison of a measure with a value.
type Rule struct {
	Op    string // one of < <= > >= == !=
	Value int64  // nanoseconds, a count, or 1 for true and 0 for false
}

// ParseRule reads the rule of an expectation about a measure of that kind:
// "< 200s", "== 0", or true and false alone.
func ParseRule(kind MeasureKind, rule string) (Rule, error) {
	if kind == Truth {
		b, err := parseBoolean(rule)
		if err != nil {
			return Rule{}, complaint{fmt.Sprintf("%q is not a rule for it", rule), "write true or false"}
		}
		return Rule{"==", truth(b.(bool))}, nil
	}
	op, value := cutOp(rule)
	if op == "" {
		return Rule{}, complaint{fmt.Sprintf("%q is not a rule", rule), `write a comparison (< <= > >= == !=) with a value, like ` + kind.example()}
	}
	if kind == Duration {
		d, err := parseDuration(value)
		if err != nil {
			return Rule{}, err
		}
		return Rule{op, int64(d.(time.Duration))}, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return Rule{}, complaint{fmt.Sprintf("%q is not a whole number", value), "like " + kind.example()}
	}
	return Rule{op, n}, nil
}

func (k MeasureKind) example() string {
	return [...]string{"true", `"< 200s"`, `"== 0"`}[k]
}

// ops are the comparisons of rules; one that begins like another comes first.
func ops() []string { return []string{"<=", ">=", "==", "!=", "<", ">"} }

func cutOp(rule string) (op, value string) {
	i := slices.IndexFunc(ops(), func(op string) bool { return strings.HasPrefix(rule, op) })
	if i < 0 {
		return "", rule
	}
	op = ops()[i]
	return op, strings.TrimSpace(rule[len(op):])
}

// Holds tells whether a measured value keeps the rule.
func (r Rule) Holds(measured int64) bool {
	switch r.Op {
	case "<":
		return measured < r.Value
	case "<=":
		return measured <= r.Value
	case ">":
		return measured > r.Value
	case ">=":
		return measured >= r.Value
	case "==":
		return measured == r.Value
	case "!=":
		return measured != r.Value
	}
	panic("a rule without comparison: " + r.Op)
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
