package main

// docs/reference/cli.md is made of the commands, of the comments on the exit codes, and
// of the variables of the environment that the program reads.

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

//go:generate env SIMULATE_UPDATE=1 go test . -count=1 -run TestReference

func TestReference(t *testing.T) {
	root := newRoot(&shell{out: io.Discard, err: io.Discard})
	var b strings.Builder
	b.WriteString(cliHead)
	for _, c := range commandsOf(root) {
		path := c.CommandPath()
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", path, strings.ReplaceAll(path, " ", "-"), cell(c.Short))
	}
	b.WriteString("\n`simulate completion bash|zsh|fish|powershell` prints what makes a shell complete commands, flags and names.\n")
	b.WriteString("\n## Global flags\n\nThey go with every command.\n")
	flagTable(&b, root.PersistentFlags())
	exitTable(t, &b)
	environmentTable(t, &b)
	for _, c := range commandsOf(root) {
		commandSection(&b, c)
	}
	file := filepath.Join("..", "..", "docs", "reference", "cli.md")
	if os.Getenv("SIMULATE_UPDATE") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(file); err != nil || b.String() != string(want) {
		t.Errorf("%s is not what it should be now (go generate writes it): %v", file, err)
	}
}

const cliHead = `# The command line

<!-- Generated from the commands by go generate ./cmd/simulate. Do not edit. -->

Data goes to standard output, everything else to standard error. ` + "`simulate NAME` is short for `simulate scenario NAME`" + `. In a checkout,
` + "`go run ./cmd/simulate`" + ` stands for ` + "`simulate`" + `; ` + "`go run`" + ` itself turns every exit code but 0 into 1, so build it where the code matters.

| command | does |
|---|---|
`

// commandsOf gives all commands that do something, in the order of their paths.
func commandsOf(c *cobra.Command) (all []*cobra.Command) {
	for _, sub := range c.Commands() {
		if sub.Hidden {
			continue
		}
		if sub.Runnable() {
			all = append(all, sub)
		}
		all = append(all, commandsOf(sub)...)
	}
	slices.SortFunc(all, func(a, b *cobra.Command) int { return strings.Compare(a.CommandPath(), b.CommandPath()) })
	return all
}

func commandSection(b *strings.Builder, c *cobra.Command) {
	c.InheritedFlags() // of which the usage line knows then
	fmt.Fprintf(b, "\n## %s\n\n%s.\n\n```text\n%s\n```\n", c.CommandPath(), escaped(c.Short), c.UseLine())
	paragraphs(b, c.Long)
	if c.HasAvailableLocalFlags() {
		flagTable(b, c.LocalNonPersistentFlags())
	}
	if c.Example != "" {
		fmt.Fprintf(b, "\nExamples:\n\n```text\n%s\n```\n", strings.ReplaceAll(strings.TrimPrefix(c.Example, "  "), "\n  ", "\n"))
	}
}

// paragraphs writes the text of a command; what is indented there stays as it is.
func paragraphs(b *strings.Builder, long string) {
	if long != "" {
		b.WriteString("\n")
	}
	indented := false
	for line := range strings.Lines(long) {
		line = strings.TrimSuffix(line, "\n")
		is := strings.HasPrefix(line, "  ")
		switch {
		case is && !indented && strings.HasSuffix(b.String(), "\n\n"):
			b.WriteString("```text\n")
		case is && !indented:
			b.WriteString("\n```text\n")
		case !is && indented:
			b.WriteString("```\n")
		}
		if indented = is; is {
			b.WriteString(strings.TrimPrefix(line, "  ") + "\n")
		} else {
			b.WriteString(escaped(line) + "\n")
		}
	}
	if indented {
		b.WriteString("```\n")
	}
}

func flagTable(b *strings.Builder, flags *pflag.FlagSet) {
	var rows strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		kind, doc := pflag.UnquoteUsage(f)
		name := "--" + strings.TrimSpace(f.Name+" "+kind)
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		def := f.DefValue
		if slices.Contains([]string{"", "false", "0", "0s", "[]"}, def) {
			def = ""
		} else {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", name, def, cell(doc))
	})
	if rows.Len() > 0 {
		b.WriteString("\n| flag | default | meaning |\n|---|---|---|\n" + rows.String())
	}
}

// exitTable writes the exit codes, whose comments say what they mean.
func exitTable(t *testing.T, b *strings.Builder) {
	t.Helper()
	b.WriteString("\n## Exit codes\n\n| code | meaning |\n|---|---|\n")
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "exit") {
			doc := strings.TrimSpace(v.Comment.Text())
			if doc == "" {
				t.Errorf("no comment says what %s means", v.Names[0].Name)
			}
			fmt.Fprintf(b, "| %s | %s |\n", v.Values[0].(*ast.BasicLit).Value, cell(doc))
			codes++
		}
		return true
	})
	if codes < 6 {
		t.Errorf("%d exit codes are found", codes)
	}
}

// variables are what the program reads of the environment, beside its flags.
func variables() map[string]string {
	return map[string]string{
		"COLUMNS":  "the width of the terminal, in columns; else it is asked for its width",
		"GOGC":     "how often memory is collected, as for every Go program; `simulate` sets it to 400, or to 100 for many runs, where it is not given",
		"NO_COLOR": "anything: no colours, unless `--color always`",
	}
}

// environmentTable writes what the environment can say. Every variable that the source
// reads must be among variables.
func environmentTable(t *testing.T, b *strings.Builder) {
	t.Helper()
	b.WriteString("\n## Environment\n\n| variable | meaning |\n|---|---|\n" +
		"| `SIMULATE_<FLAG>` | a flag that the command line does not give: `SIMULATE_OUTPUT=json`, `SIMULATE_CI_MEASURE=control`; of all commands that have it |\n")
	read := map[string]bool{}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		if !strings.HasSuffix(name, "_test.go") {
			readsOf(t, name, read)
		}
	}
	known := variables()
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if known[name] == "" {
			t.Errorf("%s is read from the environment, and nothing says what for", name)
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, known[name])
	}
	if len(read) != len(known) {
		t.Errorf("%v is read from the environment, %d variables are described", read, len(known))
	}
}

// readsOf notes which variables of the environment a file reads.
func readsOf(t *testing.T, name string, read map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		of, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || of.Sel.Name != "Getenv" && of.Sel.Name != "LookupEnv" {
			return true
		}
		if text, ok := call.Args[0].(*ast.BasicLit); ok {
			read[strings.Trim(text.Value, `"`)] = true
		}
		return true
	})
}

// cell makes text fit for a cell of a table.
func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(escaped(s), "\n", " "), "|", `\|`)
}

// escaped keeps Markdown from taking <name> for HTML.
func escaped(s string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) }

// Each example of a command is one that it takes.
func TestExamplesAreTaken(t *testing.T) {
	tried := 0
	for _, c := range commandsOf(newRoot(&shell{})) {
		for line := range strings.SplitSeq(c.Example, "\n") {
			words := shellWords(line)
			if len(words) == 0 {
				continue
			}
			if words[0] != "simulate" {
				t.Errorf("%s: %q does not begin with simulate", c.CommandPath(), line)
				continue
			}
			root := newRoot(&shell{})
			of, rest, err := root.Find(withCommand(root, words[1:]))
			if err == nil {
				err = of.ParseFlags(rest)
			}
			if err == nil {
				err = of.ValidateArgs(of.Flags().Args())
			}
			if err != nil {
				t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
			}
			tried++
		}
	}
	if tried < 30 {
		t.Errorf("only %d examples are found", tried)
	}
}

// shellWords splits a line as a shell does, up to a pipe or a redirection.
func shellWords(line string) (words []string) {
	quoted, word := false, ""
	for _, r := range line + " " {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted || r != ' ' && r != '|' && r != '>':
			word += string(r)
		case r == '|' || r == '>':
			return words
		case word != "":
			words, word = append(words, word), ""
		}
	}
	return words
}
