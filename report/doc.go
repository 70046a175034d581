// Package report writes what was measured as HTML pages that people look at: of a run,
// of two side by side, of a sweep. A page is one file that stands alone: it works
// offline and asks nobody for anything, and its Content-Security-Policy allows nothing
// but its own scripts and styles, by their hashes.
//
// A page kind is a function that makes a page, fills it from top to bottom and writes
// it:
//
//	p := newPage("active-passive, seed 1", runScript)
//	p.headline(Sentence{Text: "spoke-dc loses all of its traffic for 182.0 s."})
//	p.figures(Figure{Name: "worst outage", Value: "181.998 s", Tone: Bad})
//	p.section("timeline", "Over time")
//	p.picture("timeline-run", chart.Timeline(...)) // its style comes along, once
//	p.table(Table{ID: "outages", ...})
//	p.end()
//	p.assumed(d.Assumptions)
//	p.provenance(d.Provenance)
//	p.data(anything)                              // JSON for the script: page.data there
//	return p.write(w)
//
// Scripts are embedded files that begin after page.js, which has what all pages share:
// the theme, tables that sort, tabs. A page says the same without scripts: what needs
// one has the class "live", and is not shown without.
//
// What is written is the same, to the byte, for the same data. Any text stays text.
package report
