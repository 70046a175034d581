package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dualhome/metrics/arrowfile"
)

// errLocked says that another process has a file for itself.
var errLocked = errors.New("another process has it")

// partStore is the folder in which the part files of many runs wait until all are
// there: <block>.part, and nothing that is half written.
type partStore struct{ dir string }

func (s partStore) path(block int) string {
	return filepath.Join(s.dir, fmt.Sprintf("%06d.part", block))
}

// put keeps the part of a block. It is there whole, or it is not.
func (s partStore) put(block int, part []byte) error { return writeWhole(s.path(block), part) }

// get reads what the summary needs of a block. False: it is not there, or damaged, and
// has to be made again.
func (s partStore) get(block int) (*sidecar, bool, error) {
	held, err := arrowfile.ReadPart(s.path(block))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, arrowfile.ErrFile):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	side, err := unpackSidecar(held.Sidecar)
	return side, err == nil, nil
}

// held tells which blocks are there, by their names.
func (s partStore) held() (map[int]bool, error) {
	entries, err := os.ReadDir(s.dir)
	all := map[int]bool{}
	for _, e := range entries {
		if name, part := strings.CutSuffix(e.Name(), ".part"); part {
			if n, err := strconv.Atoi(name); err == nil && n >= 0 {
				all[n] = true
			}
		}
	}
	return all, err
}

// first gives the files of the first blocks.
func (s partStore) first(blocks int) (files []string) {
	for n := range blocks {
		files = append(files, s.path(n))
	}
	return files
}
