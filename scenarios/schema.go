package scenarios

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

//go:generate env SIMULATE_UPDATE=1 go test . -count=1 -run TestGenerated

//go:embed schema.json
var committedSchema []byte

// Schema gives the JSON Schema (draft 2020-12) of scenario files, as committed
// in schema.json. It knows what Load knows of keys, types, units and bounds; it
// does not know how values fit together.
func Schema() []byte { return bytes.Clone(committedSchema) }

type object = map[string]any

// generateSchema makes the schema from the model.
func generateSchema() ([]byte, error) {
	s := objectSchema(fileShape())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "A scenario of simulate"
	here, there := requiredWithDesign()
	s["required"], s["anyOf"] = here, []any{object{"required": []string{"design"}}, object{"required": there}}
	s["$defs"] = object{
		"parameter":   object{"type": "string", "pattern": paramUse, "description": "the value of a parameter: $name"},
		"policy-rule": objectSchema(shapeOf(reflect.TypeFor[PolicyRule](), "")),
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(s)
	return b.Bytes(), err
}

// requiredWithDesign gives the keys that every scenario has, and those that its
// design may have instead.
func requiredWithDesign() (here, there []string) {
	for _, f := range scenarioShape().fields {
		switch {
		case f.required && own(f.key):
			here = append(here, f.key)
		case f.required:
			there = append(there, f.key)
		}
	}
	return here, there
}

func schemaOf(s *shape) object {
	switch s.form {
	case listForm:
		return listSchema(s)
	case objectForm:
		if s.named {
			return object{"$ref": "#/$defs/policy-rule"}
		}
		return objectSchema(s)
	case paramsForm:
		return paramsSchema()
	case expectForm:
		return expectSchema()
	case matrixForm:
		return matrixSchema(s)
	case pointForm:
		return object{"type": "object"}
	}
	return scalarSchema(s)
}

func objectSchema(s *shape) object {
	properties, required := object{}, []string{}
	for _, f := range s.fields {
		p := schemaOf(f.shape)
		p["description"] = f.doc
		if f.def != "" && !f.computed() {
			p["default"] = f.defaultJSON()
		}
		properties[f.key] = p
		if f.required {
			required = append(required, f.key)
		}
	}
	whole := object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	if s.short != nil {
		return object{"anyOf": []any{schemaOf(s.short.shape), whole}}
	}
	return whole
}

// defaultJSON gives the default as JSON has it.
func (f *field) defaultJSON() any {
	if f.shape.value.written == text {
		return f.def
	}
	return json.RawMessage(f.def)
}

func listSchema(s *shape) object {
	l := object{"type": "array", "items": schemaOf(s.item)}
	if s.item.form == scalarForm {
		l["uniqueItems"] = true
	}
	if least, err := strconv.Atoi(s.min); err == nil {
		l["minItems"] = least
	}
	if most, err := strconv.Atoi(s.max); err == nil {
		l["maxItems"] = most
	}
	if s.pair {
		l["minItems"], l["maxItems"] = 2, 2
	}
	return l
}

func paramsSchema() object {
	return object{"type": "object", "additionalProperties": false, "patternProperties": object{
		whole(paramName): object{"type": []string{"string", "number", "boolean"}},
	}}
}

func expectSchema() object {
	rules := object{}
	for _, m := range Measures() {
		name := "^" + strings.ReplaceAll(m.Name, ".", `\.`) + "$"
		switch {
		case m.Needs:
			name = strings.TrimSuffix(name, "$") + `\.[a-z0-9-]+$`
		case m.Of != "":
			name = strings.TrimSuffix(name, "$") + `(\.[a-z0-9-]+)?$`
		}
		rules[name] = ruleSchema(m)
	}
	return object{"type": "object", "additionalProperties": false, "patternProperties": rules}
}

// matrixSchema knows the keys of a matrix; what its axes are called, the loader does.
func matrixSchema(s *shape) object {
	m := objectSchema(s)
	m["minProperties"] = 1
	m["additionalProperties"] = object{"anyOf": []any{
		object{"type": "array", "minItems": 1},
		object{"type": "string", "pattern": `^(range\([^()]*,[^()]*,[^()]*|interval\([^()]*,[^()]*)\)$`},
	}}
	return m
}

func ruleSchema(m Measure) object {
	rule := object{"type": "string", "pattern": `^(<=|>=|==|!=|<|>) *` + durationPattern + " *$", "description": m.Doc}
	switch m.Kind {
	case Truth:
		rule["type"] = "boolean"
		delete(rule, "pattern")
	case Count:
		rule["pattern"] = `^(<=|>=|==|!=|<|>) *[0-9]+ *$`
	case Word:
		rule["enum"] = Causes()
		delete(rule, "pattern")
	}
	return orParameter(rule)
}

func scalarSchema(s *shape) object {
	v := object{"type": map[nodeKind]string{text: "string", boolean: "boolean", integer: "integer"}[s.value.written]}
	switch {
	case s.enum != nil:
		v["enum"] = s.enum
	case s.pattern != nil:
		v["pattern"] = s.pattern.String()
	case s.value.pattern != "":
		v["pattern"] = s.value.pattern
	case s.value.written == text:
		v["minLength"] = 1
		return v // any text may use a parameter
	}
	if s.value.written == integer {
		v["minimum"], v["maximum"] = 0, 4294967295
		for bound, written := range map[string]string{"minimum": s.min, "maximum": s.max} { // order-free: into a map
			if written != "" {
				v[bound] = json.RawMessage(fmt.Sprint(s.bound(written)))
			}
		}
	}
	return orParameter(v)
}

// orParameter allows $name instead of the value.
func orParameter(v object) object {
	return object{"anyOf": []any{v, object{"$ref": "#/$defs/parameter"}}}
}
