package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"dualhome/report/svg"
)

// nasty are names that would be markup, or end what they stand in, if they were not
// text.
var nasty = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "</script><!--", "it's & <b>", "a\x00b", "\xff", "${x}", "</style>"}

func shell(t *testing.T, name string) string {
	t.Helper()
	p := newPage(name)
	p.headline(Sentence{Text: name, Tone: Bad}, Sentence{Text: name})
	p.figures(Figure{Name: name, Value: name, Note: name, Exact: name})
	p.section("one", name)
	p.picture("pic", svg.Picture{Width: 1, Height: 1, Title: name, Desc: name, Style: ".a { fill: var(--ink); }"})
	p.picture("pic2", svg.Picture{Width: 1, Height: 1, Title: name, Desc: name, Style: ".a { fill: var(--ink); }"})
	p.tabs("t", name, []tab{{name: name, fill: func() { p.text("p", name) }}})
	p.table(Table{ID: "x", Caption: name, Head: Columns(name, name+"#"), Rows: [][]Cell{{Text(name), {Text: name, Value: name}}}})
	p.end()
	p.assumed([]Assumption{{name, name, name, name}})
	p.provenance(Provenance{Facts: [][2]string{{name, name}}, Commands: []string{name}, Texts: [][2]string{{name, name}}})
	if err := p.data(map[string]string{name: name}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPolicyAllowsWhatThePageHas hashes each script and style of a page as a browser
// does: the policy allows these, and there are no others.
func TestPolicyAllowsWhatThePageHas(t *testing.T) {
	text := shell(t, "a run")
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)[1]
	policy = strings.ReplaceAll(policy, "&#39;", "'")
	blocks := regexp.MustCompile(`(?s)<(script|style)>(.*?)</(script|style)>`).FindAllStringSubmatch(text, -1)
	if len(blocks) != 3 || strings.Count(policy, "sha256-") != 3 {
		t.Fatalf("%d blocks under %s", len(blocks), policy)
	}
	for _, b := range blocks {
		if !strings.Contains(policy, source(b[2])) {
			t.Errorf("the policy does not allow a %s: %.60s…", b[1], b[2])
		}
	}
	for _, bad := range []string{"unsafe", "http:", "https:", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy has %s: %s", bad, policy)
		}
	}
	if m := regexp.MustCompile(`<[^>]*\s(style|on[a-z]+|src)=`).FindString(text); m != "" {
		t.Errorf("the policy refuses %s", m)
	}
}

// TestStyleOfAPictureComesOnce: several pictures of a kind share their style.
func TestStyleOfAPictureComesOnce(t *testing.T) {
	if n := strings.Count(shell(t, "a run"), ".a { fill: var(--ink); }"); n != 1 {
		t.Errorf("it is there %d times", n)
	}
}
