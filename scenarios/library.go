package scenarios

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed library/*.yaml
var libraryFiles embed.FS

// Entry is a scenario of the library.
type Entry struct {
	Name        string
	Description string
	Text        []byte // what Load reads
}

// Library gives the scenarios that come with the program, sorted by name.
func Library() []Entry {
	files, err := libraryFiles.ReadDir("library")
	if err != nil {
		panic(err)
	}
	var entries []Entry
	for _, f := range files {
		text, err := libraryFiles.ReadFile("library/" + f.Name())
		if err != nil {
			panic(err)
		}
		s, _, err := Load(f.Name(), text)
		if err != nil {
			panic(err)
		}
		entries = append(entries, Entry{Name: strings.TrimSuffix(f.Name(), ".yaml"), Description: s.Description, Text: text})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) }) // file names have a dot after it
	return entries
}

// Find gives the scenario of that name. The error suggests the nearest name.
func Find(name string) (Entry, error) {
	text, err := libraryFiles.ReadFile("library/" + name + ".yaml")
	if err != nil {
		var names []string
		for _, e := range Library() {
			names = append(names, e.Name)
		}
		return Entry{}, fmt.Errorf("no scenario %q in the library: %s", name, didYouMean(name, names))
	}
	s, _, err := Load(name+".yaml", text)
	if err != nil {
		panic(err)
	}
	return Entry{Name: name, Description: s.Description, Text: text}, nil
}
