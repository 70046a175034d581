package arrowfile

import (
	"errors"
	"iter"
)

// Each hands over the rows of the table name in a file, one by one, until use fails.
// T and errors are as of Read.
func Each[T any](file, name string, use func(*T) error) (Meta, error) {
	return readInto(file, name, func(rows iter.Seq[T]) error {
		for row := range rows {
			if err := use(&row); err != nil {
				return err
			}
		}
		return nil
	})
}

// Rows gives the rows of the table name in a file, until the first error. T and errors
// are as of Read.
func Rows[T any](file, name string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		_, err := Each(file, name, func(row *T) error {
			if !yield(*row, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			var none T
			yield(none, err)
		}
	}
}
