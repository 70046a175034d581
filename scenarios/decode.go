package scenarios

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"dualhome/sim"
)

// decoder fills the model from nodes and reports whatever does not fit. What
// is wrong is left at its zero value and its node marked bad; lists keep their
// length, so that an index means the same in model and nodes.
type decoder struct {
	report *report
	files  *sampleFiles
}

func (d decoder) fail(n *node, message, hint string) {
	n.bad = true
	d.report.error(n, message, hint)
}

// any decodes n into v; key names it in messages.
func (d decoder) any(n *node, v reflect.Value, s *shape, key string) {
	if n.bad {
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch s.form {
	case scalarForm:
		d.scalar(n, v, s, key)
	case listForm:
		d.list(n, v, s, key)
	case objectForm:
		d.object(n, v, s, key)
	case expectForm:
		v.Set(reflect.ValueOf(d.expectations(n)))
	case paramsForm: // expand has read them
	}
}

func (d decoder) object(n *node, v reflect.Value, s *shape, key string) {
	if s.short != nil && n.scalar() && n.kind != null {
		d.any(n, v.Field(s.short.index), s.short.shape, s.short.key)
		d.defaults(n, v, s)
		return
	}
	if n.kind != mapping {
		d.fail(n, fmt.Sprintf("%s must be a map with the keys %s, not %s", key, enumerate(s.keys(), "and"), n.kind), "")
		return
	}
	for i, k := range n.keys {
		if f := s.field(k.text); f != nil {
			d.any(n.items[i], v.Field(f.index), f.shape, f.key)
			d.keepEmpty(n.items[i], v.Field(f.index), f)
			continue
		}
		n.lacks = append(n.lacks, d.unknown(k, s, key)) // once is enough
	}
	d.defaults(n, v, s)
}

// unknown reports a key that no object of that kind has, and gives the one that
// was probably meant.
func (d decoder) unknown(k *node, s *shape, of string) (meant string) {
	if r := refusedKey(of, k.text); r.why != "" {
		d.report.error(k, r.why, "")
		return r.instead
	}
	d.report.error(k, "unknown key "+k.text, didYouMean(k.text, s.keys()))
	return nearest(k.text, s.keys())
}

// keepEmpty tells an empty list, which says none, from an absent one, where
// absent means something else.
func (d decoder) keepEmpty(n *node, v reflect.Value, f *field) {
	if f.computed() && f.shape.form == listForm && !n.bad && len(n.items) == 0 {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
}

// defaults fills in what n does not say: as its profile has it, or else the default.
func (d decoder) defaults(n *node, v reflect.Value, s *shape) {
	profile := s.profileOf(v)
	for _, f := range s.fields {
		switch {
		case n.get(f.key) != nil || s.short != nil && n.scalar() && f.key == s.short.key:
		case f.required && slices.Contains(n.lacks, f.key):
		case f.required:
			n.lacks = append(n.lacks, f.key)
			d.report.error(n, "the key "+f.key+" is missing", f.doc)
		case f.shape.form == objectForm && v.Field(f.index).Kind() != reflect.Pointer:
			d.defaults(&node{}, v.Field(f.index), f.shape)
		case profile.Setting(f.key).Value != "":
			f.set(v, profile.Setting(f.key).Value)
		case f.def != "" && !f.computed():
			f.set(v, f.def)
		}
	}
}

// profileOf gives the profile that an object has chosen; the zero Profile, for none.
func (s *shape) profileOf(v reflect.Value) Profile {
	f := s.field("profile")
	if f == nil || v.Field(f.index).IsZero() {
		return Profile{}
	}
	return profileNamed(v.Field(f.index).String())
}

// set gives a field of an object a value that is written in the program.
func (f *field) set(object reflect.Value, written string) {
	value, err := f.shape.value.parse(written)
	if err != nil {
		panic(fmt.Sprintf("default of %s: %v", f.key, err))
	}
	v := object.Field(f.index)
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	v.Set(reflect.ValueOf(value).Convert(v.Type()))
}

// maxThings bounds the things of one kind, where the model has no other bound.
const maxThings = 1000

func (d decoder) list(n *node, v reflect.Value, s *shape, key string) {
	least, _ := strconv.Atoi(s.min)
	most := maxThings
	if n, err := strconv.Atoi(s.max); err == nil {
		most = n
	}
	switch {
	case n.kind != list:
		d.fail(n, fmt.Sprintf("%s must be a list, not %s", key, n.kind), "write [a, b], or a line with - for each item")
		return
	case s.pair && len(n.items) != 2:
		d.fail(n, fmt.Sprintf("%s must have two items, not %d", key, len(n.items)), "")
		return
	case s.item.form == objectForm && len(n.items) > most:
		d.fail(n, fmt.Sprintf("%s has %d items; %d are the limit", key, len(n.items), most), "")
		return
	case len(n.items) < least:
		d.fail(n, fmt.Sprintf("%s must have at least %d item", key, least), "")
		return
	}
	if !s.pair && len(n.items) > 0 {
		v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	}
	seen := map[string]bool{}
	for i, item := range n.items {
		d.any(item, v.Index(i), s.item, singular(key))
		if s.item.form == scalarForm && !s.pair && seen[item.text] && !item.bad {
			d.fail(item, item.text+" comes twice", "")
		}
		seen[item.text] = true
	}
}

func singular(key string) string {
	if prefix, found := strings.CutSuffix(key, "xes"); found {
		return prefix + "x"
	}
	return strings.TrimSuffix(key, "s")
}

func (d decoder) scalar(n *node, v reflect.Value, s *shape, key string) {
	if s.value.pattern == distPattern && d.files.named(n) {
		d.samples(n, v, s, key)
		return
	}
	val, err := s.read(n, key)
	if c, ok := errors.AsType[complaint](err); ok {
		d.fail(n, c.message, c.hint)
		return
	}
	v.Set(reflect.ValueOf(val).Convert(v.Type()))
}

// read gives the value of a scalar node.
func (s *shape) read(n *node, key string) (any, error) {
	bare := s.value.written == text && s.value.pattern != "" && (n.kind == integer || n.kind == decimal)
	switch {
	case n.kind == null:
		return nil, complaint{key + " has no value", "it is " + s.value.want}
	case n.kind != s.value.written && n.scalar() && s.enum != nil:
		return nil, complaint{fmt.Sprintf("%s must be %s, not %s", key, enumerate(s.enum, "or"), n.describe()), ""}
	case n.kind != s.value.written && !bare:
		return nil, complaint{fmt.Sprintf("%s must be %s, not %s", key, s.value.want, n.describe()), s.remedy(n)}
	}
	val, err := s.value.parse(n.text)
	if err != nil {
		return nil, err
	}
	return val, s.check(val, n.text, key)
}

// describe says what n is, for a message.
func (n *node) describe() string {
	switch n.kind {
	case boolean, integer, decimal:
		return n.text
	case text:
		return strconv.Quote(n.text)
	}
	return n.kind.String()
}

// remedy knows what is often written instead.
func (s *shape) remedy(n *node) string {
	_, err := s.value.parse(n.text)
	switch {
	case s.value.written == boolean && slices.Contains([]string{"yes", "on"}, n.text):
		return "write true"
	case s.value.written == boolean && slices.Contains([]string{"no", "off"}, n.text):
		return "write false"
	case s.value.written == text && n.scalar():
		return "write " + strconv.Quote(n.text)
	case n.kind == text && err == nil && s.value.written != text:
		return "write " + n.text + " without quotes"
	}
	return ""
}

// check keeps a value to its limits.
func (s *shape) check(val any, written, key string) error {
	switch {
	case val == "":
		return complaint{key + " is empty", ""}
	case s.enum != nil && !slices.Contains(s.enum, written):
		return complaint{fmt.Sprintf("%s must be %s, not %s", key, enumerate(s.enum, "or"), written), s.meant(written)}
	case s.pattern != nil && !s.pattern.MatchString(written):
		return complaint{fmt.Sprintf("%q is not a %s that can be used here", written, key), "it must match " + inner(s.pattern.String())}
	case s.min != "" && s.less(val, s.min):
		return complaint{fmt.Sprintf("%s must be at least %s, not %s", key, s.min, written), s.why}
	case s.max != "" && s.more(val, s.max):
		return complaint{fmt.Sprintf("%s must be at most %s, not %s", key, s.max, written), s.why}
	case s.value.written == integer && s.negative(val):
		return complaint{fmt.Sprintf("%s must not be negative, as %s is", key, written), ""}
	}
	return nil
}

func inner(pattern string) string {
	return strings.TrimSuffix(strings.TrimPrefix(pattern, "^(?:"), ")$")
}

// meant gives the hint for what is none of the words that can be used.
func (s *shape) meant(written string) string {
	if s.instead != nil {
		return s.instead(written)
	}
	return suggest(written, s.enum)
}

func suggest(word string, candidates []string) string {
	if best := nearest(word, candidates); best != "" {
		return "did you mean " + best + "?"
	}
	return ""
}

func (s *shape) less(val any, bound string) bool {
	if d, ok := val.(sim.Dist); ok {
		val = d.Min()
	}
	return s.number(val) < s.bound(bound)
}

func (s *shape) more(val any, bound string) bool {
	if d, ok := val.(sim.Dist); ok {
		val = d.Max()
	}
	return s.number(val) > s.bound(bound)
}

func (s *shape) negative(val any) bool { return s.number(val) < 0 }

func (s *shape) bound(written string) int64 {
	val, err := s.value.parse(written)
	if err != nil {
		panic("bound of the model: " + err.Error())
	}
	return s.number(val)
}

// number gives an ordered scalar as an integer; a bound is a constant.
func (s *shape) number(val any) int64 {
	if d, ok := val.(sim.Dist); ok {
		val = d.Min()
	}
	v := reflect.ValueOf(val)
	if v.CanUint() {
		return int64(v.Uint())
	}
	return v.Int()
}
