package scenarios

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// modeline points editors from a run folder (runs/<scenario>/<seed>) to the
// schema of this repository.
const modeline = "# yaml-language-server: $schema=../../../scenarios/schema.json\n"

// Marshal writes the resolved scenario: every value and default spelled out,
// parameters replaced by their values. Load reads it back to an equal scenario
// without Params. Equal scenarios give equal bytes. Marshal fails with the
// Errors of Load where a scenario made by hand breaks a rule, or where the
// resolved text is over 32 MiB.
func (s *Scenario) Marshal() ([]byte, error) {
	w := s.written()
	if _, _, err := Load(s.Name+".yaml", w.Bytes()); err != nil {
		return nil, fmt.Errorf("marshal scenario %s: %w", s.Name, err)
	}
	return w.Bytes(), nil
}

func (s *Scenario) written() *writer {
	var w writer
	w.WriteString(modeline)
	w.object(reflect.ValueOf(*s), scenarioShape(), "")
	return &w
}

// writer writes YAML in blocks, lists of single values in one line.
type writer struct{ bytes.Buffer }

func (w *writer) object(v reflect.Value, s *shape, indent string) {
	for _, f := range s.fields {
		w.field(v.Field(f.index), f, indent)
	}
}

func (w *writer) field(v reflect.Value, f field, indent string) {
	if f.shape.form == paramsForm || v.IsZero() && !f.required && (f.def == "" || f.computed()) {
		return
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	w.WriteString(indent + f.key + ":")
	switch {
	case f.shape.form == objectForm:
		w.WriteByte('\n')
		w.object(v, f.shape, indent+"  ")
	case f.shape.form == expectForm:
		w.rules(v.Interface().([]Expectation))
	case f.shape.form == listForm && f.shape.item.form == objectForm:
		w.items(v, f.shape.item, indent)
	default:
		w.WriteString(" " + inline(v, f.shape) + "\n")
	}
}

// items writes each item with a dash before its first key.
func (w *writer) items(v reflect.Value, s *shape, indent string) {
	if v.Len() == 0 {
		w.WriteString(" []")
	}
	w.WriteByte('\n')
	for i := range v.Len() {
		var item writer
		item.object(v.Index(i), s, indent+"    ")
		w.WriteString(indent + "  - ")
		w.Write(item.Bytes()[len(indent)+4:])
	}
}

func (w *writer) rules(rules []Expectation) {
	w.WriteByte('\n')
	for _, e := range rules {
		rule := strconv.Quote(e.Rule)
		if e.Rule == "true" || e.Rule == "false" {
			rule = e.Rule
		}
		w.WriteString("  " + e.Measure + ": " + rule + "\n")
	}
}

// inline gives a single value, or a list of such.
func inline(v reflect.Value, s *shape) string {
	if s.form == listForm {
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = inline(v.Index(i), s.item)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	written := s.value.format(v.Interface())
	if s.value.name == "text" {
		return quote(written)
	}
	return written
}

var plainTextRE = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// quote writes text so that every YAML reader takes it for text.
func quote(s string) string {
	words := []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
	if plainTextRE.MatchString(s) && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(strings.ReplaceAll(s, "$", "$$"))
}
