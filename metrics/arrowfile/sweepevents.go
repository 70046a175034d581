package arrowfile

import (
	"errors"
	"fmt"
	"iter"

	"dualhome/events"
)

// RunLines is the log of one run of a sweep.
type RunLines struct {
	Run   int64
	Lines []events.Line
}

// ReadSweepEvents gives the logs in events.arrow of a sweep, run by run, until the
// first error. Errors about what is in the file wrap ErrFile.
func ReadSweepEvents(file string) iter.Seq2[RunLines, error] {
	return func(yield func(RunLines, error) bool) {
		r := runReader{yield: yield}
		_, err := readInto(file, EventsName, r.batch)
		if err == nil && r.reader != nil {
			err = r.hand()
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(RunLines{}, err)
		}
	}
}

// runReader collects the lines of a run.
type runReader struct {
	run    RunLines
	reader *lineReader // of the run; nil before the first
	yield  func(RunLines, error) bool
}

func (r *runReader) batch(rows iter.Seq[InRun[lineRow]]) error {
	for row := range rows {
		if r.reader == nil || row.Run != r.run.Run {
			if err := r.next(row.Run); err != nil {
				return err
			}
		}
		l, err := r.reader.line(&row.Row)
		if err != nil {
			return fmt.Errorf("%w: run %d, line %d: %w", ErrFile, r.run.Run, r.reader.seq+1, err)
		}
		r.reader.seq = l.Seq
		r.run.Lines = append(r.run.Lines, l)
	}
	return nil
}

// next begins a run, after the one before is handed over.
func (r *runReader) next(run int64) error {
	if r.reader != nil {
		if run < r.run.Run {
			return fmt.Errorf("%w: run %d stands after run %d", ErrFile, run, r.run.Run)
		}
		if err := r.hand(); err != nil {
			return err
		}
	}
	r.run, r.reader = RunLines{Run: run}, &lineReader{}
	return nil
}

func (r *runReader) hand() error {
	if !r.yield(r.run, nil) {
		return errStop
	}
	return nil
}
