package arrowfile

import (
	"errors"
	"path/filepath"

	"dualhome/metrics"
)

// Sweep is the tables of many runs that are being written: those of a run, each
// with a column run before the others, runs.arrow and summary.arrow. What it
// keeps in memory does not grow with the runs, the values of dictionaries aside:
// rows wait on the disk until the last run, because a file begins with its
// dictionaries.
type Sweep struct {
	dir    string
	sheets []*sheet
}

// NewSweep begins the tables in a folder, which must exist. Close ends them, or
// else Discard.
func NewSweep(dir string) (*Sweep, error) {
	s := &Sweep{dir: dir}
	for _, t := range partTables() {
		one, err := newSheet(dir, t)
		if err != nil {
			return nil, errors.Join(err, s.Discard())
		}
		s.sheets = append(s.sheets, one)
	}
	return s, nil
}

// Add appends the rows of the next run. The part is used up.
func (s *Sweep) Add(p *Part) error {
	defer p.release()
	for i, t := range s.sheets {
		if err := t.add(p.tables[i]); err != nil {
			return err
		}
	}
	return nil
}

// Close writes the files: their bytes depend on the rows and on m alone. It gives
// a function for each file, which the caller runs, at once if it likes; when all
// have ended, nothing else is left in the folder.
func (s *Sweep) Close(summary []metrics.SummaryRow, m Meta) []func() error {
	files := []func() error{func() error { return writeTable(s.dir, "summary", summary, m) }}
	for _, t := range s.sheets {
		files = append(files, func() error { return t.close(filepath.Join(s.dir, t.name+".arrow"), m) })
	}
	return files
}

// Discard removes what waits on the disk.
func (s *Sweep) Discard() error {
	var errs []error
	for _, t := range s.sheets {
		errs = append(errs, t.discard())
	}
	return errors.Join(errs...)
}
