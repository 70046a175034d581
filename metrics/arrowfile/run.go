package arrowfile

import (
	"errors"
	"path/filepath"

	"dualhome/metrics"
)

// WriteRun writes all tables of a run but events.arrow into a folder, which must
// exist. It stops at the first error; what it wrote before that stays.
func WriteRun(dir string, t *metrics.Tables, m Meta) error {
	return inTurn(
		func() error { return writeTable(dir, "routes", t.Routes, m) },
		func() error { return writeTable(dir, "programming", t.Programming, m) },
		func() error { return writeTable(dir, "sessions", t.Sessions, m) },
		func() error { return writeTable(dir, "flapping", t.Flapping, m) },
		func() error { return WriteTraffic(dir, t, m) },
	)
}

// WriteTraffic writes the tables of a run that depend on its traffic into a folder,
// which must exist. It stops at the first error; what it wrote before that stays.
func WriteTraffic(dir string, t *metrics.Tables, m Meta) error {
	return inTurn(
		func() error { return writeTable(dir, "convergence", t.Convergence, m) },
		func() error { return writeTable(dir, "traffic", t.Traffic, m) },
		func() error { return writeTable(dir, "shift", t.Shift, m) },
		func() error { return writeTable(dir, "outages", t.Outages, m) },
	)
}

// inTurn does one thing after the other, until one fails.
func inTurn(all ...func() error) error {
	for _, do := range all {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

func writeTable[T any](dir, name string, rows []T, m Meta) error {
	return Write(filepath.Join(dir, name+".arrow"), name, rows, m)
}

// ReadRun reads what WriteRun wrote, with the metadata of the first file. All
// files are read; the error names each that could not be.
func ReadRun(dir string) (*metrics.Tables, Meta, error) {
	t := &metrics.Tables{}
	m, err := readTable(dir, "routes", &t.Routes)
	errs := []error{err}
	for _, read := range []func() (Meta, error){
		func() (Meta, error) { return readTable(dir, "programming", &t.Programming) },
		func() (Meta, error) { return readTable(dir, "sessions", &t.Sessions) },
		func() (Meta, error) { return readTable(dir, "convergence", &t.Convergence) },
		func() (Meta, error) { return readTable(dir, "flapping", &t.Flapping) },
		func() (Meta, error) { return readTable(dir, "traffic", &t.Traffic) },
		func() (Meta, error) { return readTable(dir, "shift", &t.Shift) },
		func() (Meta, error) { return readTable(dir, "outages", &t.Outages) },
	} {
		_, err := read()
		errs = append(errs, err)
	}
	return t, m, errors.Join(errs...)
}

func readTable[T any](dir, name string, rows *[]T) (Meta, error) {
	var (
		m   Meta
		err error
	)
	*rows, m, err = Read[T](filepath.Join(dir, name+".arrow"), name)
	return m, err
}
