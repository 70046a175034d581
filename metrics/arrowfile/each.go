package arrowfile

import "iter"

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
