package svg

import "strings"

// colors are the colours that all pictures and pages share, by the name of their CSS
// variable. s1 to s8 are those of series (Okabe and Ito, 2008), loss is that of loss.
var colors = []struct{ name, light, dark string }{
	{"paper", "#ffffff", "#10161d"},
	{"panel", "#f4f7fa", "#18212b"},
	{"ink", "#17222d", "#e6edf3"},
	{"faint", "#566573", "#9dabb8"},
	{"line", "#c5d0da", "#354350"},
	{"accent", "#005a9c", "#6cb6ff"},
	{"good", "#00734f", "#3ecf9a"},
	{"bad", "#b3261e", "#ff8a80"},
	{"s1", "#0072b2", "#4ba3e3"},
	{"s2", "#e69f00", "#f0b429"},
	{"s3", "#009e73", "#2fbf91"},
	{"s4", "#cc79a7", "#e39ac4"},
	{"s5", "#56b4e9", "#86cdf5"},
	{"s6", "#7a5c1e", "#c9a45c"},
	{"s7", "#5d4b8c", "#a996e0"},
	{"s8", "#7f8c99", "#8c99a6"},
	{"loss", "#d55e00", "#ff7a45"},
}

// Palette gives the CSS of a page: the colours as variables, light or dark as the
// reader's system says, or as data-theme of the root element does.
func Palette() string {
	var light, dark strings.Builder
	for _, c := range colors {
		light.WriteString(" --" + c.name + ": " + c.light + ";")
		dark.WriteString(" --" + c.name + ": " + c.dark + ";")
	}
	return ":root { color-scheme: light;" + light.String() + " }\n" +
		"@media (prefers-color-scheme: dark) { :root:not([data-theme=\"light\"]) { color-scheme: dark;" + dark.String() + " } }\n" +
		":root[data-theme=\"dark\"] { color-scheme: dark;" + dark.String() + " }\n"
}

// inColors gives CSS with the colours themselves in place of the variables, since
// many programs that show SVG files know no variables; then again for dark.
func inColors(style string) string {
	var light, dark []string
	for _, c := range colors {
		light = append(light, "var(--"+c.name+")", c.light)
		dark = append(dark, "var(--"+c.name+")", c.dark)
	}
	return strings.NewReplacer(light...).Replace(style) +
		"@media (prefers-color-scheme: dark) {\n" + strings.NewReplacer(dark...).Replace(style) + "}\n"
}
