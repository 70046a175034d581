package report

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWordsAreExplained: a page explains each cause of a loss and each part of the outage
// budget that docs/explanation/measures.md names.
func TestWordsAreExplained(t *testing.T) {
	text, err := os.ReadFile("../docs/explanation/measures.md")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	sentence := regexp.MustCompile(`one of seven causes at a time: ([^.]*)\.`).FindSubmatch(text)
	if sentence == nil {
		t.Fatal("it does not name the seven causes")
	}
	for _, w := range regexp.MustCompile("`([a-z-]+)`").FindAllSubmatch(sentence[1], -1) {
		named = append(named, string(w[1]))
	}
	_, budget, _ := strings.Cut(string(text), "## The outage budget")
	budget, _, _ = strings.Cut(budget, "\n## ")
	for _, w := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(budget, -1) {
		named = append(named, w[1])
	}
	if len(named) != 7+5 {
		t.Fatalf("it names %v", named)
	}
	page := written(t, played(t, "active-passive"))
	for _, w := range named {
		if !slices.ContainsFunc(wordsOfRuns, func(g [2]string) bool { return g[0] == w }) || !strings.Contains(page, "<dt>"+w+"</dt>") {
			t.Errorf("%s is not explained", w)
		}
	}
}

// TestWordsOfSweepsAreThoseOfTheDocs: a page of a sweep explains what it says, in words
// that docs/explanation has too.
func TestWordsOfSweepsAreThoseOfTheDocs(t *testing.T) {
	var docs []byte
	for _, name := range []string{"reading-sweeps", "measures"} {
		text, err := os.ReadFile("../docs/explanation/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, text...)
	}
	var page strings.Builder
	if err := Sweep(&page, SweepData{Title: "a sweep"}); err != nil {
		t.Fatal(err)
	}
	for _, w := range wordsOfSweeps {
		if !strings.Contains(string(docs), w[0]) || !strings.Contains(page.String(), "<dt>"+w[0]+"</dt>") {
			t.Errorf("%s is not explained in the docs, or not on the page", w[0])
		}
	}
}
