package arrowfile

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sources are the structs of the packages that write files, as the source has them.
type sources struct {
	t       *testing.T
	structs map[string]*source // by package and name: metrics.Route
}

// source is a struct type.
type source struct {
	pkg, name, doc string
	fields         []sourceField
}

// sourceField is a field with a tag.
type sourceField struct {
	tag  reflect.StructTag
	typ  ast.Expr
	doc  string
	null bool // a value may be missing
}

// readSources reads the structs of all packages that write files.
func readSources(t *testing.T) *sources {
	t.Helper()
	s := &sources{t, map[string]*source{}}
	for pkg, dir := range map[string]string{
		"arrowfile": ".", "metrics": "..", "scenarios": "../../scenarios", "cmd": "../../cmd/simulate",
	} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				s.read(pkg, file)
			}
		}
	}
	return s
}

func (s *sources) read(pkg, name string) {
	s.t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range decl.Specs {
			of, isType := spec.(*ast.TypeSpec)
			if !isType {
				continue
			}
			if st, isStruct := of.Type.(*ast.StructType); isStruct {
				s.structs[pkg+"."+of.Name.Name] = &source{pkg, of.Name.Name, oneLine(decl.Doc.Text()), fieldsOf(st)}
			}
		}
	}
}

func fieldsOf(st *ast.StructType) (all []sourceField) {
	for _, f := range st.Fields.List {
		one := sourceField{typ: f.Type, doc: oneLine(f.Comment.Text())}
		if f.Tag != nil {
			one.tag = reflect.StructTag(strings.Trim(f.Tag.Value, "`"))
		}
		switch of := f.Type.(type) {
		case *ast.StarExpr:
			one.null = true
		case *ast.ArrayType: // a nil list of integers is null
			elem, isName := of.Elt.(*ast.Ident)
			one.null = isName && elem.Name == "int64"
		}
		all = append(all, one)
	}
	return all
}

// field gives the field behind a column, or a key; it must say what it means.
func (s *sources) field(of, tag, name string) sourceField {
	s.t.Helper()
	for _, f := range s.structs[of].fields {
		key, _, _ := strings.Cut(f.tag.Get(tag), ",")
		if key != name {
			continue
		}
		if f.doc == "" {
			s.t.Errorf("%s: no comment says what %s means", of, name)
		}
		return f
	}
	s.t.Errorf("%s has no field for %s", of, name)
	return sourceField{}
}

// rowDoc says what a row of a table is: "Route is a change …" is what a row is.
func (of *source) rowDoc(table string) string {
	doc := strings.Replace(of.doc, " ("+table+".arrow)", "", 1)
	return escapeText("A row: " + strings.TrimPrefix(doc, of.name+" is "))
}

// json describes a JSON file.
func (s *sources) json(b *bytes.Buffer, file, what, of string) {
	fmt.Fprintf(b, "\n### %s\n\n%s.\n\n| key | type | meaning |\n|---|---|---|\n", file, strings.ToUpper(what[:1])+what[1:])
	s.keys(b, of, "")
}

// keys describes the keys of an object, and below each those of what it holds.
func (s *sources) keys(b *bytes.Buffer, of, path string) {
	st := s.structs[of]
	if st == nil {
		s.t.Fatalf("there is no struct %s", of)
	}
	for _, f := range st.fields {
		key, _, _ := strings.Cut(f.tag.Get("json"), ",")
		if key == "" { // an embedded struct
			s.keys(b, s.qualified(st.pkg, f.typ), path)
			continue
		}
		f = s.field(of, "json", key)
		kind, inner, list := s.jsonType(st.pkg, f.typ)
		fmt.Fprintf(b, "| `%s%s` | %s | %s |\n", path, key, kind, cellText(f.doc))
		if below := path + key + "."; inner != "" {
			if list {
				below = path + key + "[]."
			}
			s.keys(b, inner, below)
		}
	}
}

// jsonType names the type of a value, and the struct that it is or holds.
func (s *sources) jsonType(pkg string, t ast.Expr) (kind, inner string, list bool) {
	switch t := t.(type) {
	case *ast.StarExpr:
		kind, inner, list = s.jsonType(pkg, t.X)
		return kind + " or null", inner, list
	case *ast.ArrayType:
		kind, inner, _ = s.jsonType(pkg, t.Elt)
		return "list of " + strings.TrimPrefix(kind, "an ") + "s", inner, true
	case *ast.MapType:
		kind, _, _ = s.jsonType(pkg, t.Value)
		return "object: " + kind + " by name", "", false
	}
	name := s.qualified(pkg, t)
	if s.structs[name] != nil {
		return "object", name, false
	}
	switch name {
	case pkg + ".bool":
		return "true or false", "", false
	case pkg + ".float64":
		return "number", "", false
	case pkg + ".int", pkg + ".int64", pkg + ".uint64":
		return "integer", "", false
	case pkg + ".string", "metrics.Proof", "scenarios.Grade":
		return "text", "", false
	}
	s.t.Fatalf("no JSON type is known for %s", name)
	return "", "", false
}

// qualified gives the name of a type with its package.
func (s *sources) qualified(pkg string, t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return pkg + "." + t.Name
	case *ast.SelectorExpr:
		return t.X.(*ast.Ident).Name + "." + t.Sel.Name
	}
	s.t.Fatalf("%T is no name of a type", t)
	return ""
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cellText makes text fit for a cell of a table.
func cellText(s string) string { return strings.ReplaceAll(escapeText(s), "|", `\|`) }

// escapeText keeps Markdown from taking <name> for HTML.
func escapeText(s string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) }
