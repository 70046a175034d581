package scenarios

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// shape is what a part of a scenario file may look like, read from the types
// and struct tags of the model. Decoder, overrides, Marshal, JSON Schema and
// reference all go by it, so that they cannot disagree. The tags:
//
//	yaml     the key; omitempty makes it optional
//	doc      its meaning
//	default  the value where it is absent, as a file would write it; <…> is put together by complete,
//	         profile is that of the profile of this part of Azure
//	enum     the only values, separated by commas
//	pattern  what a text must match as a whole
//	min, max bounds of a value, or of the number of items
//	why      the reason for min and max, and what is usual, as a hint
//	unit     tells integers with a unit from plain ones, and durations with bounds of their own from others
//	short    the key of an item that may stand alone for the item
//	like     the list whose items have the same keys, and are described
//	without  keys of a map that it does not have here, separated by commas
type shape struct {
	form   form
	value  value  // of a scalar
	item   *shape // of a list
	pair   bool   // a list of exactly two
	fields []field
	short  *field // of an object
	named  bool   // a rule of a policy, which stands in many places and is described once
	limits
}

type form uint8

const (
	scalarForm form = iota
	listForm
	objectForm
	paramsForm // a mapping of names to values
	expectForm // a mapping of measures to rules
	matrixForm // a mapping of axes to values, and of the keys of matrix
	pointForm  // a mapping of axes to a value of each
)

// limits are what a scalar's text, or a list's length, must keep to.
type limits struct {
	enum     []string
	pattern  *regexp.Regexp
	min, max string
	seconds  bool                        // a duration is of whole seconds
	why      string                      // the hint for what is not between them
	instead  func(written string) string // the hint for what is none of enum, where it is known
}

// field is a key of an object.
type field struct {
	key, doc, def string
	like          string
	required      bool
	index         int // in the struct
	shape         *shape
}

// fileShape is the shape of a whole file: of a scenario, and behind it what a sweep
// of it does, which no scenario has.
var fileShape = sync.OnceValue(func() *shape {
	s := *scenarioShape()
	s.fields = slices.Concat(s.fields, shapeOf(reflect.TypeFor[sweepKeys](), "").fields)
	return &s
})

// scenarioShape is the shape of a scenario.
var scenarioShape = sync.OnceValue(func() *shape { return shapeOf(reflect.TypeFor[Scenario](), "") })

func shapeOf(t reflect.Type, tag reflect.StructTag) *shape {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if v, ok := valueOf(t, tag.Get("unit")); ok {
		return &shape{form: scalarForm, value: v, limits: limitsOf(t, tag)}
	}
	switch t {
	case reflect.TypeFor[[]Param]():
		return &shape{form: paramsForm}
	case reflect.TypeFor[[]Expectation]():
		return &shape{form: expectForm}
	case reflect.TypeFor[matrix]():
		return &shape{form: matrixForm, fields: objectOf(t).fields}
	case reflect.TypeFor[axisValues]():
		return &shape{form: pointForm}
	}
	if t.Kind() == reflect.Struct {
		return objectOf(t, strings.Split(tag.Get("without"), ",")...)
	}
	s := &shape{form: listForm, item: shapeOf(t.Elem(), tag), pair: t.Kind() == reflect.Array}
	s.min, s.max = tag.Get("min"), tag.Get("max")
	s.item.min, s.item.max = "", ""
	if short := tag.Get("short"); short != "" {
		s.item.short = s.item.field(short)
	}
	return s
}

func objectOf(t reflect.Type, without ...string) *shape {
	s := &shape{form: objectForm, named: t == reflect.TypeFor[PolicyRule]()}
	for i := range t.NumField() {
		f := t.Field(i)
		key, opt, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if slices.Contains(without, key) {
			continue
		}
		def := f.Tag.Get("default")
		if def == "profile" {
			def = defaultOf(t, key)
		}
		s.fields = append(s.fields, field{
			key: key, doc: f.Tag.Get("doc"), def: def, like: f.Tag.Get("like"),
			required: opt != "omitempty", index: i, shape: shapeOf(f.Type, f.Tag),
		})
	}
	return s
}

func limitsOf(t reflect.Type, tag reflect.StructTag) limits {
	l := limits{min: tag.Get("min"), max: tag.Get("max"), why: tag.Get("why"), seconds: tag.Get("unit") == "hold"}
	if enum := tag.Get("enum"); enum != "" {
		l.enum = strings.Split(enum, ",")
	}
	if t == reflect.TypeFor[FaultKind]() {
		for _, k := range FaultKinds() {
			l.enum = append(l.enum, string(k.Kind))
		}
	}
	if t == reflect.TypeFor[ProfileName]() {
		l.enum, l.instead = choosable(), instead
	}
	if p := tag.Get("pattern"); p != "" {
		l.pattern = regexp.MustCompile("^(?:" + p + ")$")
	}
	return l
}

// field gives the field of a key, nil where the object has none.
func (s *shape) field(key string) *field {
	for i := range s.fields {
		if s.fields[i].key == key {
			return &s.fields[i]
		}
	}
	return nil
}

// keys gives the keys of an object in the order of the model.
func (s *shape) keys() []string {
	keys := make([]string, len(s.fields))
	for i, f := range s.fields {
		keys[i] = f.key
	}
	return keys
}

// computed tells whether the default is put together from other values.
func (f *field) computed() bool { return strings.HasPrefix(f.def, "<") }
