package scenarios

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed library/*.yaml
var libraryFiles embed.FS

// Where a scenario of the library is among these.
const (
	libraryFolder = "library/"
	libraryEnding = ".yaml"
)

// Entry is a scenario of the library.
type Entry struct {
	Name        string
	Description string
	Text        []byte // what Load reads
}

// Library gives the scenarios that come with the program, sorted by name.
func Library() []Entry {
	var entries []Entry
	for _, name := range libraryNames() {
		e, err := Find(name)
		if err != nil {
			panic(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// libraryNames gives the names of the scenarios, sorted, without reading any.
func libraryNames() []string {
	files, err := libraryFiles.ReadDir(path.Clean(libraryFolder))
	if err != nil {
		panic(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), libraryEnding))
	}
	return sorted(names) // file names have a dot after it
}

// Find gives the scenario of that name. The error suggests the nearest name.
func Find(name string) (Entry, error) {
	text, err := libraryFiles.ReadFile(libraryFolder + name + libraryEnding)
	if err != nil {
		return Entry{}, fmt.Errorf("no scenario %q in the library: %s", name, didYouMean(name, libraryNames()))
	}
	s, _, err := Load(name+libraryEnding, text)
	if err != nil {
		panic(err)
	}
	return Entry{Name: name, Description: s.Description, Text: text}, nil
}
