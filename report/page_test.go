package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
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
	p.table(Table{ID: "x", Caption: name, Head: []Column{{Name: name}, {Name: name, Key: name, Number: true}}, Rows: [][]Cell{{Text(name), {Text: name, Value: name}}}})
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

// TestTextOfAPageStaysText reads pages with another parser: names with markup leave the
// elements as they are with any other name, and come back as they were.
func TestTextOfAPageStaysText(t *testing.T) {
	want, _ := parse(t, shell(t, "plain"))
	for _, name := range nasty {
		elements, texts := parse(t, shell(t, name))
		if elements != want {
			t.Errorf("%q: it has other elements", name)
		}
		readable := strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", "\ufffd"), "\ufffd")
		if n := strings.Count(texts, readable); n < 20 {
			t.Errorf("%q is there %d times", name, n)
		}
	}
}

// parse gives the elements of a page in their order, with the names of their attributes,
// and all its text but that of styles and scripts. It fails where the page is not well
// formed, or has an id twice.
func parse(t *testing.T, text string) (elements, texts string) {
	t.Helper()
	text = regexp.MustCompile(`(?s)(<(script|style)[^>]*>).*?</(script|style)>`).ReplaceAllString(text, "$1</$2>")
	d, ids := xml.NewDecoder(strings.NewReader(text)), map[string]bool{}
	var names, all strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names.String(), all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			names.WriteString("\n" + e.Name.Local)
			for _, a := range e.Attr {
				names.WriteString(" " + a.Name.Local)
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("two elements have the id %s", a.Value)
				} else if a.Name.Local == "id" {
					ids[a.Value] = true
				}
			}
		case xml.CharData:
			all.Write(e)
		}
	}
}

// TestDataComesBack: what scripts read is what was given, whatever it holds, and cannot
// end the element that holds it.
func TestDataComesBack(t *testing.T) {
	for _, name := range nasty {
		held := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindStringSubmatch(shell(t, name))[1]
		got := map[string]string{}
		if err := json.Unmarshal([]byte(held), &got); err != nil {
			t.Fatal(err)
		}
		want := strings.ToValidUTF8(name, "\ufffd")
		if len(got) != 1 || got[want] != want || strings.ContainsAny(held, "<>&") {
			t.Errorf("%q comes back as %q from %s", name, got, held)
		}
	}
}

// TestEmptyPageIsSmall: what all pages have is a small part of what is promised, 300 kB
// without data.
func TestEmptyPageIsSmall(t *testing.T) {
	p := newPage("empty", runScript)
	p.styles = append(p.styles, runStyle)
	var b bytes.Buffer
	if err := p.write(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 60_000 {
		t.Errorf("it has %d bytes", b.Len())
	}
}
