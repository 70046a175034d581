package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// verdict is what a person sees: errors, then warnings, or ok.
func verdict(warnings []Problem, err error) string {
	var b strings.Builder
	if err != nil {
		fmt.Fprintln(&b, err)
	}
	for _, w := range warnings {
		fmt.Fprintln(&b, w)
	}
	if b.Len() == 0 {
		return "ok\n"
	}
	return b.String()
}

// Each file of testdata/bad is refused with the words of the file beside it.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, warnings, err := Load(filepath.Base(file), text)
		if err == nil {
			t.Errorf("%s is not refused", file)
		}
		golden(t, strings.TrimSuffix(file, ".yaml")+".txt", []byte(verdict(warnings, err)))
	}
}

// What the loader says about scenarios of the library after overrides.
func TestRulesTranscript(t *testing.T) { transcript(t, "testdata/rules.txt") }

// What Azure refuses around gateways, circuits, peerings and route tables.
func TestRefusalsTranscript(t *testing.T) { transcript(t, "testdata/refusals.txt") }

// What can break, and how often.
func TestFailuresTranscript(t *testing.T) { transcript(t, "testdata/failures.txt") }

// What Azure takes and people regret.
func TestWarningsTranscript(t *testing.T) { transcript(t, "testdata/warnings.txt") }

// transcript plays a file of blocks: the name of a scenario, of testdata or the
// library, and overrides, a line each; then what the loader says about it. Lines
// with # are comments.
func transcript(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for block := range strings.SplitSeq(strings.TrimRight(string(text), "\n"), "\n\n") {
		input, _, _ := strings.Cut(block+"\n", "----\n")
		var set []string
		for line := range strings.Lines(input) {
			if !strings.HasPrefix(line, "#") {
				set = append(set, strings.TrimSuffix(line, "\n"))
			}
		}
		if len(set) == 0 {
			fmt.Fprintf(&out, "%s\n", input)
			continue
		}
		_, warnings, err := Load(set[0], written(t, set[0]), set[1:]...)
		fmt.Fprintf(&out, "%s----\n%s\n", input, verdict(warnings, err))
	}
	golden(t, file, bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

// written gives a scenario of testdata or the library.
func written(t testing.TB, name string) []byte {
	t.Helper()
	if text, err := os.ReadFile("testdata/" + name + ".yaml"); err == nil {
		return text
	}
	e, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return e.Text
}

// What is too large or no text is refused before anybody parses it.
func TestRefusedUnread(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"empty":      {"", "x:1:1: the file is empty"},
		"comment":    {"# nothing\n", "x:1:1: the file is empty"},
		"nul":        {"version: 1\nname: a\x00b\n", "x:2:8: control character U+0000"},
		"not UTF-8":  {"version: 1\nname: a\xff\n", "x:2:8: byte 0xff is not UTF-8"},
		"huge":       {strings.Repeat("# 40 MB\n", 1<<22+1), "x:1:1: the file has 33554440 bytes; a scenario has at most 33554432"},
		"deep":       {strings.Repeat("[", 100000), "x:1:"},
		"list":       {"- a\n", "x:1:1: a scenario is a map of keys, not a list"},
		"many items": {"version: 1\nvnets: [" + strings.Repeat("a,", maxItems) + "a]\n", "x:2:8: a list of 100001 items"},
		"bomb":       {"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nversion: 1\n", "x:1:4: anchors (&a) are not used"},
	} {
		_, _, err := Load("x", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

// A file that is wrong everywhere gets a bounded answer.
func TestErrorsAreBounded(t *testing.T) {
	text := "version: 1\nvnets:\n" + strings.Repeat("- {nam: a}\n", 900)
	_, _, err := Load("x", []byte(text))
	e, ok := errors.AsType[Errors](err)
	if !ok || len(e) != maxErrors || !strings.Contains(e[len(e)-1].Hint, "more errors are not shown") {
		t.Errorf("%d errors, the last: %v", len(e), e[len(e)-1])
	}
}

// Azure allows eight BGP peers to a Route Server.
func TestNineNVAs(t *testing.T) {
	e, err := Find("single-hub")
	if err != nil {
		t.Fatal(err)
	}
	for _, count := range []int{8, 9} {
		var nvas []string
		for i := range count {
			nvas = append(nvas, fmt.Sprintf("{name: nva%d, vnet: hub1, address: 10.1.0.%d, asn: 65001, roles: [firewall, vpn], route_servers: [rs0-0]}", i+1, i+4))
		}
		_, _, err := Load("x", e.Text, "nvas=["+strings.Join(nvas, ", ")+"]")
		if refused := err != nil && strings.Contains(err.Error(), "rs0 has 9 NVAs as peers; Azure allows 8"); refused != (count > 8) || err != nil && count == 8 {
			t.Errorf("%d NVAs: %v", count, err)
		}
	}
}

// The largest ExpressRoute gateway takes sixteen connections.
func TestSeventeenConnections(t *testing.T) {
	for _, count := range []int{16, 17} {
		var circuits []string
		for i := range count {
			circuits = append(circuits, fmt.Sprintf("{name: c%d, site: dc, connections: [gw1]}", i))
		}
		_, _, err := Load("x", written(t, "everything"), "circuits=["+strings.Join(circuits, ", ")+"]", "faults=[]", "expect={}")
		if refused := err != nil && strings.Contains(err.Error(), "gw1 has 17 connections; Azure allows 16"); refused != (count > 16) || err != nil && count == 16 {
			t.Errorf("%d connections: %v", count, err)
		}
	}
}

// A Route Server knows five hundred VNets.
func TestManySpokes(t *testing.T) {
	for _, count := range []int{500, 501} {
		vnets := []string{"{name: s, address_space: [10.0.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}]}"}
		var peerings []string
		for i := range count {
			vnets = append(vnets, fmt.Sprintf("{name: v%d, address_space: [11.%d.%d.0/24]}", i, i/256, i%256))
			peerings = append(peerings, fmt.Sprintf("{between: [s, v%d]}", i))
		}
		text := fmt.Sprintf("{version: 1, name: x, horizon: 60s, route_servers: [{name: rs, vnet: s}], vnets: [%s], peerings: [%s]}",
			strings.Join(vnets, ", "), strings.Join(peerings, ", "))
		_, _, err := Load("x", []byte(text))
		if refused := err != nil && strings.Contains(err.Error(), "VNet s is peered with 501 VNets; Azure allows a Route Server 500"); refused != (count > 500) || err != nil && count == 500 {
			t.Errorf("%d VNets: %v", count, err)
		}
	}
}
