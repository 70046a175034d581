package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// partFiles are the part files of a sweep, which wait in a folder until its tables are
// written.
type partFiles struct {
	dir   string
	names []string
}

func newPartFiles(dir string) (*partFiles, error) {
	p := &partFiles{dir: filepath.Join(dir, ".parts")}
	return p, os.Mkdir(p.dir, 0o777)
}

// add keeps the next part.
func (p *partFiles) add(part []byte) error {
	name := filepath.Join(p.dir, fmt.Sprintf("%06d.part", len(p.names)))
	p.names = append(p.names, name)
	return os.WriteFile(name, part, 0o666)
}

func (p *partFiles) remove() error { return os.RemoveAll(p.dir) }
