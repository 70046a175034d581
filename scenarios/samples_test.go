package scenarios

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// disk is files by their paths; those that overrides name are below here/.
type disk map[string]string

func (d disk) read(path string, override bool) (string, []byte, error) {
	if override {
		path = "here/" + path
	}
	text, found := d[path]
	if !found {
		return path, nil, fmt.Errorf("%s: there is no such file", path)
	}
	return path, []byte(text), nil
}

// programmed loads active-passive with another programming delay.
func programmed(t *testing.T, d disk, written string, set ...string) (*Scenario, string, error) {
	t.Helper()
	entry, err := Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(entry.Text), "{name: rs0,", "{name: rs0, programming: "+fmt.Sprintf("%q", written)+",", 1)
	if text == string(entry.Text) {
		t.Fatal("no rs0")
	}
	s, warnings, err := LoadWith(d.read, "s.yaml", []byte(text), set...)
	return s, verdict(warnings, err), err
}

// What a file may look like, and which samples it gives.
func TestSamplesOfFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, written, want string }{
		"durations":      {"1.77s\n900ms\n\n# a comment\n  1m0.5s # measured twice\r\n", "file(x.txt)", "empirical(1.77s, 900ms, 1m0.5s; x.txt)"},
		"one, no end":    {"2s", "file(x.txt)", "empirical(2s; x.txt)"},
		"with a mark":    {"\ufeff2s\n", "file(x.txt)", "empirical(2s; x.txt)"},
		"seconds":        {"run,programming_s\n1,1.77\n2,0.9\n", "file(x.txt, programming_s)", "empirical(1.77s, 900ms; x.txt programming_s)"},
		"milliseconds":   {"d_ms\n1770\n900.0000004\n1e3\n", "file(x.txt,d_ms)", "empirical(1.77s, 900ms, 1s; x.txt d_ms)"},
		"to the nearest": {"d_ns\n1.5\n1.4\n2.5\n", "file(x.txt,d_ns)", "empirical(2ns, 1ns, 3ns; x.txt d_ns)"},
		"quoted":         {"\ufeff\"delay, all\",d\r\n\"1,5\",\"1.5s\"\r\n\r\n# no\r\n7,2s\r\n", "file(x.txt, d)", "empirical(1.5s, 2s; x.txt d)"},
		"a folder":       {"1s", "file(../a/b c.txt)", "empirical(1s; b_c.txt)"},
	} {
		s, said, err := programmed(t, disk{"x.txt": c.text, "../a/b c.txt": c.text}, c.written)
		if err != nil || s.RouteServers[0].Programming.String() != c.want {
			t.Errorf("%s: %s", name, said)
			continue
		}
		text, err := s.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := Load("again.yaml", text) // without the file
		if err != nil || again.RouteServers[0].Programming.String() != c.want {
			t.Errorf("%s: the resolved scenario: %v", name, err)
		}
	}
}

// Whoever uses samples is told that they are theirs, also from the resolved scenario.
func TestSamplesAreTheUsersOwn(t *testing.T) {
	s, said, err := programmed(t, disk{"x.csv": "d_s\n1.5\n2\n5\n"}, "file(x.csv, d_s)")
	if err != nil {
		t.Fatal(said)
	}
	text, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := Load("again.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	want := Assumption{"programming delay", "3 samples of x.csv d_s, 1.5s to 5s", Own, "the file that the scenario named: x.csv d_s"}
	for _, s := range []*Scenario{s, again} {
		found := false
		for _, a := range s.Assumptions() {
			found = found || a == want
		}
		if !found {
			t.Errorf("%+v", s.Assumptions())
		}
	}
}

// A path in an override is another one than in the file, also through a parameter;
// a file is read once.
func TestWhereSamplesAre(t *testing.T) {
	d := disk{"x.txt": "1s", "here/x.txt": "2s"}
	for set, want := range map[string]time.Duration{
		"route_servers[rs0].programming=file(x.txt)": 2 * time.Second,
		"hold=180s": time.Second,
	} {
		s, said, err := programmed(t, d, "file(x.txt)", set)
		if err != nil || s.RouteServers[0].Programming.Min() != want {
			t.Errorf("%s: %s", set, said)
		}
	}
	text := "params: {d: file(x.txt)}\n" + strings.ReplaceAll(pairOfRouters, "DELAY", "$d")
	for _, set := range []string{"", "d=file(x.txt)"} {
		read, want, sets := 0, time.Second, []string{}
		if set != "" {
			want, sets = 2*time.Second, []string{set}
		}
		s, _, err := LoadWith(func(path string, override bool) (string, []byte, error) {
			read++
			return d.read(path, override)
		}, "s.yaml", []byte(text), sets...)
		if err != nil || read != 1 || s.Links[0].Delay.Min() != want || s.Links[1].Delay.Min() != want {
			t.Errorf("%q: %v, read %d times", set, err, read)
		}
	}
	if _, _, err := Load("s.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "no file can be read here") {
		t.Error(err)
	}
}

const pairOfRouters = `version: 1
name: pair
horizon: 100s
routers: [{name: a, asn: 1}, {name: b, asn: 2}, {name: c, asn: 3}]
links: [{between: [a, b], delay: DELAY}, {between: [b, c], delay: DELAY}]
`

// What is wrong has its place in the file that it is in.
func TestSamplesRefused(t *testing.T) {
	many := strings.Repeat("1s\n", maxSamples)
	for name, c := range map[string]struct {
		text, written string
		says          []string
	}{
		"missing":        {"", "file(y.txt)", []string{"s.yaml:", ": y.txt: there is no such file", "hint: a path is relative to the scenario's file"}},
		"no unit":        {"1s\n\n 1.5 # oops\n", "file(x.txt)", []string{"x.txt:3:2: 1.5 has no unit", "   1.5 # oops\n   ^", "hint: write 1.5s"}},
		"negative":       {"-1s\n", "file(x.txt)", []string{"x.txt:1:1: -1s is negative"}},
		"no number":      {"NaN\n1s\nInf\n", "file(x.txt)", []string{`x.txt:1:1: "NaN" is not a duration`, `x.txt:3:1: "Inf" is not a duration`, "hint: write a number with its unit"}},
		"too long":       {"9000h\n", "file(x.txt)", []string{"x.txt:1:1: 9000h is longer than 366 days"}},
		"a CSV":          {"run,d_s\n1,2\n", "file(x.txt)", []string{`x.txt:1:1: "run,d_s" is not a duration`, "hint: for a column of a CSV with a header write file(x.txt, column)"}},
		"empty":          {"", "file(x.txt)", []string{"x.txt:1:1: there are no samples", "hint: write a duration"}},
		"only comments":  {"# nothing\n\n", "file(x.txt)", []string{"x.txt:1:1: there are no samples"}},
		"only a header":  {"d_s\n", "file(x.txt, d_s)", []string{"x.txt:1:1: there are no samples"}},
		"too many":       {many + "1s\n", "file(x.txt)", []string{"x.txt:10001:1: there are more than 10000 samples"}},
		"too large":      {strings.Repeat("#", MaxSampleFile+1), "file(x.txt)", []string{"s.yaml:", "x.txt: it has more than 1048576 bytes"}},
		"Latin-1":        {"1s\n2s # f\xfcr\n", "file(x.txt)", []string{"x.txt:2:7: byte 0xfc is not UTF-8", "hint: samples are text in UTF-8"}},
		"binary":         {"\x00\x01", "file(x.txt)", []string{"x.txt:1:1: control character U+0000"}},
		"no column":      {"run,delay_s\n1,2\n", "file(x.txt, delay_ms)", []string{"x.txt:1:1: there is no column delay_ms", "hint: did you mean delay_s?"}},
		"columns":        {"a,b\n1,2\n", "file(x.txt, programming)", []string{"x.txt:1:1: there is no column programming", "hint: one of a or b"}},
		"semicolons":     {"a;d_s\n1;2\n", "file(x.txt, d_s)", []string{"x.txt:1:1: there is no column d_s", "hint: columns are separated by commas"}},
		"twice":          {"d_s,d_s\n1,2\n", "file(x.txt, d_s)", []string{"x.txt:1:1: there are two columns d_s"}},
		"no unit of it":  {"ä,delay\nö,2\n", "file(x.txt, delay)", []string{"x.txt:2:3: 2 has no unit", "hint: write 2s, or call the column delay_s"}},
		"negative there": {"a,d_s\n1,2\n1, -3\n", "file(x.txt, d_s)", []string{"x.txt:3:4: -3 is negative"}},
		"NaN there":      {"d_s\nNaN\n0x10\n1_000\n", "file(x.txt, d_s)", []string{`x.txt:2:1: "NaN" is not`, `x.txt:3:1: "0x10" is not`, `x.txt:4:1: "1_000" is not`}},
		"huge":           {"d_s\n1e99\n", "file(x.txt, d_s)", []string{"x.txt:2:1: 1e99 is longer than 366 days"}},
		"nothing there":  {"a,d_s\n1,\n1\n", "file(x.txt, d_s)", []string{"x.txt:2:3: there is no d_s", "x.txt:3:1: the line has 1 values, and no d_s"}},
		"an open quote":  {"d_s\n\"1\n2\n", "file(x.txt, d_s)", []string{"x.txt:", "it is no CSV"}},
		"no name":        {"", "file()", []string{"s.yaml:", "file() names no file", "hint: like file(samples.txt)"}},
		"no end":         {"", "file(x.txt", []string{"s.yaml:", "no closing parenthesis"}},
		"three":          {"", "file(x.txt, a, b)", []string{"s.yaml:", "or more than a file and a column"}},
		"empty column":   {"", "file(x.txt, )", []string{"s.yaml:", "or more than a file and a column"}},
	} {
		_, said, err := programmed(t, disk{"x.txt": c.text}, c.written)
		if _, ours := errors.AsType[Errors](err); !ours {
			t.Errorf("%s is not refused: %v", name, err)
		}
		for _, says := range c.says {
			if !strings.Contains(said, says) {
				t.Errorf("%s does not say %q:\n%s", name, says, said)
			}
		}
	}
	s, said, err := programmed(t, disk{"x.txt": many}, "file(x.txt)")
	if err != nil {
		t.Fatal(said)
	}
	if n, _ := s.RouteServers[0].Programming.Samples(); n != maxSamples {
		t.Errorf("%d samples", n)
	}
	if _, said, err := programmed(t, disk{"x.txt": "100ms"}, "1s", "nvas[nva1].connect_retry=file(../x.txt)"); err == nil {
		t.Error(said)
	}
	if _, said, _ := programmed(t, disk{"here/x.txt": "1s\n100ms"}, "1s", "nvas[nva1].connect_retry=file(x.txt)"); !strings.Contains(said, "--set:1:26: ") || !strings.Contains(said, "at least 1s") {
		t.Error("the bounds of a key hold for samples too:\n" + said)
	}
}

// Whatever a file holds, the loader answers; what it takes, it gives back without the
// file.
func FuzzSamples(f *testing.F) {
	for _, text := range []string{"1s\n", "# x\n1.5s\n", "a,d_s\n1,2\n", "\"d_s\"\n\"1\"\n", "d_ms\n1e2\n", "\ufeffd_ns\r\n7\r\n"} {
		f.Add(text, "")
		f.Add(text, "d_s")
	}
	f.Fuzz(func(t *testing.T, text, column string) {
		written := "file(x.txt)"
		if column != "" {
			written = "file(x.txt, " + column + ")"
		}
		read := func(string, bool) (string, []byte, error) { return "x.txt", []byte(text), nil }
		s, _, err := LoadWith(read, "s.yaml", []byte(strings.ReplaceAll(pairOfRouters, "DELAY", "10ms")), "links[a-b].delay="+written)
		if err != nil {
			return
		}
		roundTrip(t, s)
		if n, source := s.Links[0].Delay.Samples(); n == 0 || source == "" || s.Links[0].Delay.Min() < 0 || s.Links[0].Delay.Max() > longest {
			t.Errorf("%q gives %v", text, s.Links[0].Delay)
		}
	})
}
