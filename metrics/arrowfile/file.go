package arrowfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// create makes the file name with what fill writes. The file gets its name when
// it is complete and on the disk; after an error there is none, and what stood
// under that name before still does.
func create(name string, fill func(io.Writer) error) error {
	part := name + ".tmp"
	f, err := os.Create(part)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err = finish(f, fill(f)); err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Join(err, os.Remove(part)))
	}
	return syncFolder(filepath.Dir(name))
}

// finish puts a file on the disk, unless filling it failed.
func finish(f *os.File, err error) error {
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes a rename durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	if err := finish(d, nil); err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	return nil
}
