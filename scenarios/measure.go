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
	Name  string
	Kind  MeasureKind
	Of    Thing // what <name>.<thing> narrows it to: AClass, AFault, ASpeaker, or nothing
	Needs bool  // it is about one <thing> only, and has no meaning without
	Doc   string
}

// MeasureKind says how a measure is counted.
type MeasureKind uint8

// The kinds of measures.
const (
	Truth    MeasureKind = iota // the rule is true or false
	Duration                    // nanoseconds; written with a unit
	Count                       // a whole number
	Word                        // one of a few words, see Causes
)

// Causes gives the words that the measures cause.forward and cause.return take:
// why packets are lost, as results name it, or none.
func Causes() []string {
	return []string{"none", "black-hole", "loop", "asymmetry", "policy", "detection-gap", "programming-gap", "congestion"}
}

// Measures gives all measures, in the order of the reference.
func Measures() []Measure {
	return []Measure{
		{Name: "converged", Kind: Truth, Doc: "the network is quiet at the horizon"},
		{Name: "outage.forward", Kind: Duration, Of: AClass, Doc: "time with any loss from the VMs to the far end; the worst of all disturbances (and classes)"},
		{Name: "outage.return", Kind: Duration, Of: AClass, Doc: "time with any loss from the far end to the VMs; the worst of all disturbances (and classes)"},
		{Name: "outage.two-way", Kind: Duration, Of: AClass, Doc: "time with any loss in either direction; the worst of all disturbances (and classes)"},
		{Name: "detection", Kind: Duration, Of: AFault, Doc: "from a disturbance to the first reaction elsewhere; the longest"},
		{Name: "control", Kind: Duration, Of: AFault, Doc: "from a disturbance to the last change of a routing table; the longest"},
		{Name: "forwarding", Kind: Duration, Of: AFault, Doc: "from a disturbance to the last change of a forwarding table or NIC; the longest"},
		{Name: "traffic", Kind: Duration, Of: AFault, Doc: "from a disturbance to the last change of traffic; the longest"},
		{Name: "sessions.down", Kind: Count, Doc: "BGP sessions that are down at the horizon"},
		{Name: "delivered.forward", Kind: Count, Of: AClass, Doc: "percent of the flows from the VMs that are delivered at the horizon, rounded down; the least of all classes"},
		{Name: "delivered.return", Kind: Count, Of: AClass, Doc: "percent of the flows to the VMs that are delivered at the horizon, rounded down; the least of all classes"},
		{Name: "inspected.forward", Kind: Count, Of: AClass, Doc: "percent of what the VMs offer that passes an NVA at the horizon, rounded down; the least of all classes"},
		{Name: "inspected.return", Kind: Count, Of: AClass, Doc: "percent of what is offered to the VMs that passes an NVA at the horizon, rounded down; the least of all classes"},
		{Name: "cause.forward", Kind: Word, Of: AClass, Needs: true, Doc: "why flows from the VMs are lost at the horizon"},
		{Name: "cause.return", Kind: Word, Of: AClass, Needs: true, Doc: "why flows to the VMs are lost at the horizon"},
		{Name: "routes", Kind: Count, Of: ASpeaker, Needs: true, Doc: "routes that others sent to the speaker and that it uses (Loc-RIB) at the horizon"},
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
	Op    string // one of < <= > >= == !=; for a word, ==
	Value int64  // nanoseconds, a count, or 1 for true and 0 for false
	Word  string // of a measure of kind Word, whose Value is 0
}

// ParseRule reads the rule of an expectation about a measure of that kind:
// "< 200s", "== 0", or true, false and the words of Causes alone.
func ParseRule(kind MeasureKind, rule string) (Rule, error) {
	if kind == Word {
		word := strings.TrimSpace(rule)
		if !slices.Contains(Causes(), word) {
			return Rule{}, complaint{fmt.Sprintf("%q is not a rule for it", rule), "write " + enumerate(Causes(), "or") + " alone"}
		}
		return Rule{Op: "==", Word: word}, nil
	}
	if kind == Truth {
		b, err := parseBoolean(rule)
		if err != nil {
			return Rule{}, complaint{fmt.Sprintf("%q is not a rule for it", rule), "write true or false"}
		}
		return Rule{Op: "==", Value: truth(b.(bool))}, nil
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
		return Rule{Op: op, Value: int64(d.(time.Duration))}, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return Rule{}, complaint{fmt.Sprintf("%q is not a whole number", value), "like " + kind.example()}
	}
	return Rule{Op: op, Value: n}, nil
}

func (k MeasureKind) example() string {
	return [...]string{"true", `"< 200s"`, `"== 0"`, Causes()[0]}[k]
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

// HoldsWord tells whether a measured word keeps the rule of a measure of kind Word.
func (r Rule) HoldsWord(measured string) bool { return measured == r.Word }

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
