package sim_test

// The house rules that a compiler does not check: which package may import which,
// and what the pure packages may not do. A comment "// order-free: reason" on a
// line, or directly above it, allows that line to visit a map in map order.

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const houseModule = "dualhome"

// A room is a folder of the module and what holds for the packages in it.
type room struct {
	sees    []string // the other rooms that it may import
	pure    bool     // no goroutine, clock, I/O, global randomness or map order
	foreign []string // the modules outside the standard library that it may import; nil: those that no other room reserves
}

// rooms has a line for each folder with rules of its own; a package without a
// line lives by that of the nearest folder above it.
var rooms = map[string]room{
	"events":            {pure: true, foreign: []string{"github.com/osrg/gobgp/v4/pkg/packet/bgp"}},
	"events/eventlog":   {pure: true, foreign: []string{}, sees: []string{"events"}},
	"events/natslog":    {sees: []string{"events", "events/eventlog"}},
	"sim":               {pure: true, sees: []string{"events", "events/eventlog"}},
	"sim/simtest":       {sees: []string{"events", "events/eventlog", "sim", "actors", "actors/bgp", "scenarios"}},
	"actors/bgp":        {pure: true, sees: []string{"events", "sim"}},
	"actors":            {pure: true, sees: []string{"events", "sim", "actors/bgp"}},
	"scenarios":         {pure: true, sees: []string{"events", "events/eventlog", "sim", "actors", "actors/bgp"}},
	"metrics":           {pure: true, sees: []string{"events", "events/eventlog"}},
	"metrics/arrowfile": {sees: []string{"events", "events/eventlog", "metrics"}},
	"availability":      {pure: true, sees: []string{"sim"}},
	"workqueue":         {},
	"report":            {pure: true, sees: []string{"events", "scenarios", "metrics", "report/svg", "report/diagram", "report/chart"}},
	"report/svg":        {pure: true, foreign: []string{}},
	"report/diagram":    {pure: true, foreign: []string{}, sees: []string{"events", "scenarios", "report/svg"}},
	"report/chart":      {pure: true, foreign: []string{}, sees: []string{"metrics", "report/svg"}},
	"capture":           {pure: true, sees: []string{"events", "metrics"}},
	"cmd":               {sees: []string{"events", "events/eventlog", "events/natslog", "sim", "actors", "actors/bgp", "scenarios", "metrics", "metrics/arrowfile", "availability", "workqueue", "report", "report/svg", "report/diagram", "report/chart", "capture"}},
	"benchmarks":        {sees: []string{"events", "events/eventlog", "events/natslog", "sim", "sim/simtest", "actors", "actors/bgp", "scenarios", "metrics", "metrics/arrowfile", "capture"}},
}

// testRooms are what any test file may import besides what its package may.
var testRooms = []string{"events/eventlog", "sim/simtest", "scenarios"}

// reserved lists the imports, by prefix, that only some rooms may have.
var reserved = []struct {
	prefix string
	rooms  []string
	why    string
}{
	{"github.com/nats-io/", []string{"events/natslog", "workqueue", "benchmarks"}, "only the adapters know NATS"},
	{"github.com/synadia-io/", []string{"events/natslog", "workqueue", "benchmarks"}, "only the adapters know NATS"},
	{"github.com/apache/arrow", []string{"metrics/arrowfile", "benchmarks"}, "only the adapter knows Arrow"},
	{"go.yaml.in/", []string{"scenarios"}, "only the scenario loader knows YAML"},
	{"gopkg.in/yaml", []string{"scenarios"}, "only the scenario loader knows YAML"},
	{"github.com/goccy/go-yaml", []string{"scenarios"}, "only the scenario loader knows YAML"},
	{"text/template", nil, "it disables the linker's pruning of methods: 6 MB"},
	{"html/template", nil, "it disables the linker's pruning of methods: 6 MB"},
}

const (
	wallClock    = "the wall clock is not part of a run: take the time from the turn"
	machine      = "the result would depend on the machine"
	inputOutput  = "a pure package does no I/O: let cmd or an adapter do it"
	globalRandom = "a draw is keyed by its meaning and comes from the seed (sim.Draw)"
	concurrency  = "pure packages are single-threaded: goroutines live in cmd and the adapters"
	mapOrder     = "map order could reach a line: sort the keys, or say why not in a comment \"// order-free: reason\""
)

// impureImports are the packages that a pure package may not import.
var impureImports = map[string]string{
	"math/rand": globalRandom, "golang.org/x/exp/rand": globalRandom, "crypto/rand": globalRandom, "hash/maphash": globalRandom,
	"sync/atomic": concurrency, "runtime": machine, "runtime/debug": machine,
	"os": inputOutput, "os/exec": inputOutput, "os/signal": inputOutput, "io/ioutil": inputOutput, "syscall": inputOutput,
	"net": inputOutput, "net/http": inputOutput, "log": inputOutput, "log/slog": inputOutput,
}

// impureObjects are functions, methods and variables that a pure package may
// not use, by their full names.
var impureObjects = map[string]string{
	"time.Now": wallClock, "time.Since": wallClock, "time.Until": wallClock, "time.Sleep": wallClock, "time.After": wallClock, "time.Tick": wallClock,
	"time.NewTimer": wallClock, "time.NewTicker": wallClock, "time.AfterFunc": wallClock,
	"context.WithTimeout": wallClock, "context.WithTimeoutCause": wallClock, "context.WithDeadline": wallClock, "context.WithDeadlineCause": wallClock,
	"context.AfterFunc": concurrency,
	"time.Local":        machine, "(time.Time).Local": machine, "time.LoadLocation": machine,
	"path/filepath.Abs": inputOutput, "path/filepath.EvalSymlinks": inputOutput, "path/filepath.Glob": inputOutput,
	"path/filepath.Walk": inputOutput, "path/filepath.WalkDir": inputOutput,
	"fmt.Print": inputOutput, "fmt.Printf": inputOutput, "fmt.Println": inputOutput, "print": inputOutput, "println": inputOutput,
	"fmt.Scan": inputOutput, "fmt.Scanf": inputOutput, "fmt.Scanln": inputOutput,
	"maps.All": mapOrder, "maps.Keys": mapOrder, "maps.Values": mapOrder,
	"(reflect.Value).MapKeys": mapOrder, "(reflect.Value).MapRange": mapOrder,
}

// partlyPure lists packages of which a pure package may use only some names.
var partlyPure = []struct {
	path, names, why string
}{
	{"math/rand/v2.", "New NewPCG NewChaCha8 NewZipf Rand Source PCG ChaCha8 Zipf", globalRandom},
	{"sync.", "OnceFunc OnceValue OnceValues", concurrency},
}

func TestArchImports(t *testing.T) {
	fset := token.NewFileSet()
	yaml := map[string]bool{}
	for pkg, files := range parseHouse(t, fset) {
		for _, f := range files {
			report(t, checkImports(fset, pkg, f))
			if slices.ContainsFunc(importsOf(f), func(p string) bool { return strings.Contains(p, "yaml") }) {
				yaml[pkg] = true
			}
		}
	}
	if len(yaml) > 1 {
		t.Errorf("%v import YAML: keep it behind one package", slices.Sorted(maps.Keys(yaml)))
	}
}

func TestArchPurity(t *testing.T) {
	fset := token.NewFileSet()
	house := parseHouse(t, fset)
	maps.DeleteFunc(house, func(pkg string, _ []*ast.File) bool { return !roomOf(pkg).pure })
	var patterns []string
	for pkg := range house {
		patterns = append(patterns, "./"+pkg)
	}
	imp := exportImporter(t, fset, patterns)
	for pkg, files := range house {
		files = slices.DeleteFunc(files, func(f *ast.File) bool { return isTest(fset, f) || !isBuilt(fset, f) })
		report(t, checkPurity(fset, imp, pkg, files))
	}
}

// TestArchRules tries each rule on both sides: want is part of the fault, or
// empty where the snippet is fine.
func TestArchRules(t *testing.T) {
	tests := []struct{ pkg, code, want string }{
		{"sim", `import _ "dualhome/events"`, ""},
		{"events", `import _ "dualhome/sim"`, "imports sim"},
		{"metrics", `import _ "dualhome/actors"`, "imports actors"},
		{"metrics", `import _ "dualhome/events/eventlog"`, ""},
		{"actors/bgp", `import _ "dualhome/actors"`, "imports actors"},
		{"actors", `import _ "dualhome/actors/bgp"`, ""},
		{"events/natslog", `import _ "dualhome/metrics/arrowfile"`, "imports metrics/arrowfile"},
		{"cmd/simulate", `import _ "dualhome/sim/simtest"`, "imports sim/simtest"},
		{"unheard/of", `import _ "fmt"`, "stands in no room"},
		{"sim", `import _ "github.com/nats-io/nats.go"`, "only the adapters know NATS"},
		{"events/natslog", `import _ "github.com/nats-io/nats.go"`, ""},
		{"workqueue", `import _ "github.com/nats-io/nats.go/jetstream"`, ""},
		{"workqueue", `import _ "dualhome/sim"`, "imports sim"},
		{"cmd/simulate", `import _ "dualhome/workqueue"`, ""},
		{"metrics", `import _ "dualhome/workqueue"`, "imports workqueue"},
		{"metrics", `import _ "github.com/apache/arrow/go/v17/arrow"`, "only the adapter knows Arrow"},
		{"cmd/simulate", `import _ "go.yaml.in/yaml/v4"`, "only the scenario loader knows YAML"},
		{"cmd/simulate", `import _ "text/template"`, "pruning"},
		{"events", `import _ "github.com/osrg/gobgp/v4/pkg/packet/bgp"`, ""},
		{"events", `import _ "github.com/osrg/gobgp/v4/pkg/packet/mrt"`, "only the standard library"},
		{"events/eventlog", `import _ "gonum.org/v1/gonum/stat"`, "only the standard library"},
		{"sim", `import _ "os"`, "no I/O"},
		{"sim", `import _ "math/rand"`, "from the seed"},
		{"sim", `import _ "sync/atomic"`, "single-threaded"},
		{"cmd/simulate", `import _ "os"`, ""},

		{"sim", `func f(g func()) { go g() }`, "go statement"},
		{"sim", `func f(g func()) { g() }`, ""},
		{"sim", `type c chan int`, "channel type"},
		{"sim", `import "context"; func f(c context.Context) { <-c.Done() }`, "receive from a channel"},
		{"sim", `import "context"; func f(c context.Context) { for range c.Done() {} }`, "range over a channel"},
		{"sim", `import "context"; func f(c context.Context) error { return c.Err() }`, ""},
		{"sim", `func f() { select {} }`, "select"},
		{"sim", `import wall "time"; var now = wall.Now`, "time.Now: the wall clock"},
		{"sim", `import . "time"; func f(t Time) Duration { return Since(t) }`, "time.Since: the wall clock"},
		{"sim", `import "time"; func f(t time.Time) time.Time { return t.Add(time.Second) }`, ""},
		{"sim", `import "time"; var zone = time.Local`, "time.Local"},
		{"sim", `import "time"; func f(t time.Time) time.Time { return t.Local() }`, "(time.Time).Local"},
		{"sim", `type clock struct{}; func (clock) Now() int { return 0 }; var now = clock{}.Now()`, ""},
		{"sim", `import "math/rand/v2"; var n = rand.IntN(6)`, "math/rand/v2.IntN: a draw"},
		{"sim", `import "math/rand/v2"; var r = rand.New(rand.NewPCG(1, 2)).IntN(6)`, ""},
		{"sim", `import "math/rand/v2"; type urn struct{ *rand.Rand }`, ""},
		{"sim", `import "sync"; type rib struct{ mu sync.Mutex }`, "sync.Mutex: pure packages are single-threaded"},
		{"sim", `import "sync"; var table = sync.OnceValue(func() int { return 1 })`, ""},
		{"sim", `func f() { println() }`, "println: a pure package does no I/O"},
		{"sim", `import "fmt"; func f() { fmt.Println() }`, "fmt.Println: a pure package does no I/O"},
		{"sim", `import "fmt"; var s = fmt.Sprint(1)`, ""},

		{"sim", `func f(m map[int]int) { for k := range m { _ = k } }`, "range over a map: map order"},
		{"sim", `type rib map[int]int; func (r rib) f() { for _, v := range r { _ = v } }`, "range over a map: map order"},
		{"sim", `func f[M ~map[int]int](m M) { for k := range m { _ = k } }`, "range over a map: map order"},
		{"sim", `func f(m map[int]int) { for range m {} }`, ""},
		{"sim", `func f(s []int) { for k := range s { _ = k } }`, ""},
		{"sim", "func f(m map[int]int) (n int) {\n// order-free: a sum,\n// which commutes\nfor _, v := range m { n += v }; return }", ""},
		{"sim", "func f(m map[int]int) (n int) {\nfor _, v := range m { // order-free: a sum\nn += v }; return }", ""},
		{"sim", "func f(m map[int]int) (n int) {\n// order-free\nfor _, v := range m { n += v }; return }", "range over a map: map order"},
		{"sim", "func f(m map[int]int) (n int) {\n// order-free: a sum\n\nfor _, v := range m { n += v }; return }", "range over a map: map order"},
		{"sim", "// order-free: nothing here\nvar x int", "nothing in map order here"},
		{"sim", `import "maps"; func f(m map[int]int) { for k := range maps.Keys(m) { _ = k } }`, "maps.Keys: map order"},
		{"sim", `import ("maps"; "slices"); func f(m map[int]int) []int { return slices.Collect(maps.Keys(m)) }`, "maps.Keys: map order"},
		{"sim", `import ("maps"; "slices"); func f(m map[int]int) []int { return slices.Sorted(maps.Keys(m)) }`, ""},
		{"sim", `import ("maps"; "slices"); func f(m map[int]int, by func(a, b int) int) []int { return slices.SortedFunc(maps.Keys(m), by) }`, ""},
		{"sim", `import ("maps"; "slices"); func f(m map[int]int, by func(a, b int) int) []int { return slices.SortedFunc(maps.Values(m), by) }`, "maps.Values: map order"},
		{"sim", `import "reflect"; func f(v reflect.Value) []reflect.Value { return v.MapKeys() }`, "MapKeys: map order"},
	}
	fset := token.NewFileSet()
	imp := exportImporter(t, fset, []string{"context", "fmt", "maps", "math/rand/v2", "reflect", "slices", "time"})
	for _, test := range tests {
		f, err := parser.ParseFile(fset, "snippet.go", "package p\n"+test.code, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", test.code, err)
		}
		faults := checkImports(fset, test.pkg, f)
		if !strings.Contains(test.code, "import _") {
			faults = append(faults, checkPurity(fset, imp, test.pkg, []*ast.File{f})...)
		}
		got := fmt.Sprint(errors.Join(faults...))
		if test.want == "" && faults != nil || test.want != "" && !strings.Contains(got, test.want) {
			t.Errorf("in %s:\n%s\nfaults: %s\nwant: %q", test.pkg, test.code, got, test.want)
		}
	}
}

// parseHouse returns the files of the module by package folder ("actors/bgp").
func parseHouse(t *testing.T, fset *token.FileSet) map[string][]*ast.File {
	t.Helper()
	house := map[string][]*ast.File{}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		rel := filepath.ToSlash(strings.TrimPrefix(name, ".."+string(filepath.Separator)))
		switch {
		case err != nil || name == "..":
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") || d.Name() == "testdata" || rel == "runs"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(rel) != ".go":
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		house[path.Dir(rel)] = append(house[path.Dir(rel)], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return house
}

// checkImports returns the imports of f, a file of pkg, that point the wrong way.
func checkImports(fset *token.FileSet, pkg string, f *ast.File) (faults []error) {
	test, here := isTest(fset, f), roomOf(pkg)
	if here.name == "" {
		return []error{fault(fset, f, "package %s stands in no room: give it a line in sim/arch_test.go", pkg)}
	}
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		if own, is := strings.CutPrefix(p, houseModule+"/"); is {
			there := roomOf(own).name
			if there != here.name && !slices.Contains(here.sees, there) && !(test && slices.Contains(testRooms, there)) {
				faults = append(faults, fault(fset, spec, "%s imports %s, but may see only %v: imports point one way", pkg, own, here.sees))
			}
			continue
		}
		for _, r := range reserved {
			if strings.HasPrefix(p, r.prefix) && !slices.Contains(r.rooms, here.name) && !(test && r.rooms == nil) {
				faults = append(faults, fault(fset, spec, "%s imports %s: %s", pkg, p, r.why))
			}
		}
		if !test && here.foreign != nil && isForeign(p) && !slices.Contains(here.foreign, p) {
			faults = append(faults, fault(fset, spec, "%s imports %s, but may import only the standard library and %v", pkg, p, here.foreign))
		}
		if why := impureImports[p]; !test && here.pure && why != "" {
			faults = append(faults, fault(fset, spec, "%s imports %s: %s", pkg, p, why))
		}
	}
	return faults
}

// checkPurity returns what the files of pkg do that a pure package may not.
func checkPurity(fset *token.FileSet, imp types.Importer, pkg string, files []*ast.File) (faults []error) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Importer: imp, Error: func(err error) { faults = append(faults, err) }}
	_, err := conf.Check(houseModule+"/"+pkg, fset, files, info)
	if err != nil {
		return []error{errors.New(strings.TrimPrefix(faults[0].Error(), "../"))} // the rest follows from the first
	}
	for _, f := range files {
		faults = append(faults, fileFaults(fset, info, f)...)
	}
	return faults
}

func fileFaults(fset *token.FileSet, info *types.Info, f *ast.File) (faults []error) {
	marks := orderFree(fset, f)
	sorted := map[*ast.Ident]bool{} // the Keys of slices.Sorted(maps.Keys(m))
	ast.Inspect(f, func(n ast.Node) bool {
		if call, is := n.(*ast.CallExpr); is {
			sorted[sortedSource(info, call)] = true
		}
		what, why := impurity(info, n)
		if id, is := n.(*ast.Ident); is && sorted[id] || why == "" {
			return true
		}
		if why == mapOrder && marks.cover(fset.Position(n.Pos()).Line) {
			return true
		}
		faults = append(faults, fault(fset, n, "%s: %s", what, why))
		return true
	})
	for _, m := range marks {
		if !m.used {
			faults = append(faults, fmt.Errorf("%s:%d: order-free: there is no reason, or nothing in map order here", m.file, m.first))
		}
	}
	return faults
}

// impurity says what is wrong with n itself, and why; two empty strings if nothing is.
func impurity(info *types.Info, n ast.Node) (what, why string) {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "go statement", concurrency
	case *ast.ChanType:
		return "channel type", concurrency
	case *ast.SendStmt:
		return "send to a channel", concurrency
	case *ast.SelectStmt:
		return "select", concurrency
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return "receive from a channel", concurrency
		}
	case *ast.RangeStmt:
		if isMap(info.TypeOf(n.X)) && n.Key != nil {
			return "range over a map", mapOrder
		}
		if _, is := info.TypeOf(n.X).Underlying().(*types.Chan); is {
			return "range over a channel", concurrency
		}
	case *ast.Ident:
		name := fullName(info.Uses[n])
		for _, p := range partlyPure {
			if rest, is := strings.CutPrefix(name, p.path); is && !slices.Contains(strings.Fields(p.names), rest) {
				return name, p.why
			}
		}
		return name, impureObjects[name]
	}
	return "", ""
}

// sortedSource returns the identifier of the maps function whose result call
// sorts: nil if it is not such a call. Only keys may be sorted by a function,
// since values that it finds equal keep map order.
func sortedSource(info *types.Info, call *ast.CallExpr) *ast.Ident {
	sort := fullName(info.Uses[callee(call)])
	if !strings.HasPrefix(sort, "slices.Sorted") || len(call.Args) == 0 {
		return nil
	}
	inner, is := call.Args[0].(*ast.CallExpr)
	if !is {
		return nil
	}
	source := callee(inner)
	switch fullName(info.Uses[source]) {
	case "maps.Keys":
		return source
	case "maps.Values":
		if sort == "slices.Sorted" {
			return source
		}
	}
	return nil
}

func callee(call *ast.CallExpr) *ast.Ident {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	}
	return nil
}

// fullName gives "time.Now", "(time.Time).Local" or "println"; "" for what is
// neither a built-in nor declared at the top of a package.
func fullName(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Func:
		return o.FullName()
	case *types.Builtin:
		return o.Name()
	case *types.Var, *types.TypeName:
		if o.Pkg() != nil && o.Parent() == o.Pkg().Scope() {
			return o.Pkg().Path() + "." + o.Name()
		}
	}
	return ""
}

// isMap tells whether t is a map, or a type parameter that admits one.
func isMap(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return true
	case *types.Interface:
		return slices.ContainsFunc(slices.Collect(u.EmbeddedTypes()), isMap)
	case *types.Union:
		return slices.ContainsFunc(slices.Collect(u.Terms()), func(t *types.Term) bool { return isMap(t.Type()) })
	}
	return false
}

// A mark is a comment "// order-free: reason"; it covers the lines of its
// comment and the one after.
type mark struct {
	file        string
	first, last int
	used        bool
}

type markList []*mark

func (ms markList) cover(line int) bool {
	for _, m := range ms {
		if m.first <= line && line <= m.last {
			m.used = true
			return true
		}
	}
	return false
}

var orderFreeMark = regexp.MustCompile(`^// ?order-free(: \S)?`)

func orderFree(fset *token.FileSet, f *ast.File) (ms markList) {
	for _, group := range f.Comments {
		for _, c := range group.List {
			found := orderFreeMark.FindStringSubmatch(c.Text)
			if found == nil {
				continue
			}
			at := fset.Position(c.Pos())
			m := &mark{file: shown(at.Filename), first: at.Line, last: fset.Position(group.End()).Line + 1}
			if found[1] == "" {
				m.last = 0 // without a reason it covers nothing
			}
			ms = append(ms, m)
		}
	}
	return ms
}

type namedRoom struct {
	name string
	room
}

// roomOf returns the room of a package; the name is empty where there is none.
func roomOf(pkg string) namedRoom {
	for name := pkg; name != "."; name = path.Dir(name) {
		if r, is := rooms[name]; is {
			return namedRoom{name, r}
		}
	}
	return namedRoom{}
}

func isForeign(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return strings.Contains(first, ".")
}

func isTest(fset *token.FileSet, f *ast.File) bool {
	return strings.HasSuffix(fset.Position(f.Package).Filename, "_test.go")
}

func isBuilt(fset *token.FileSet, f *ast.File) bool {
	ok, err := build.Default.MatchFile(filepath.Split(fset.Position(f.Package).Filename))
	return ok || err != nil
}

func importsOf(f *ast.File) (paths []string) {
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

func fault(fset *token.FileSet, n ast.Node, format string, args ...any) error {
	at := fset.Position(n.Pos())
	return fmt.Errorf("%s:%d: %s", shown(at.Filename), at.Line, fmt.Sprintf(format, args...))
}

func shown(file string) string { return strings.TrimPrefix(filepath.ToSlash(file), "../") }

func report(t *testing.T, faults []error) {
	t.Helper()
	for _, err := range faults {
		t.Error(err)
	}
}

// exportImporter imports from the compiler's export data, which the build cache
// holds for whatever has been built: ten times faster than from source.
func exportImporter(t *testing.T, fset *token.FileSet, patterns []string) types.Importer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e", "-export", "-deps", "-f", "{{with .Export}}{{$.ImportPath}}\t{{.}}{{end}}"}, patterns...)...)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("go list: %v\n%s", err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		pkg, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports[pkg] = file
	}
	return importer.ForCompiler(fset, "gc", func(pkg string) (io.ReadCloser, error) {
		if exports[pkg] == "" {
			return nil, fmt.Errorf("%s does not compile", pkg)
		}
		return os.Open(exports[pkg])
	})
}
