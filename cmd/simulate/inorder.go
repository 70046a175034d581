package main

import (
	"context"
	"sync"
)

// inOrder does n pieces of work, several at once, and hands over the results one
// by one in the order of the pieces, as if they were done one after the other.
// Few more than twice as many results as workers exist at any time. The first
// error ends it, after all before it were handed over; what is under way is told
// through its context.
func inOrder[T any](ctx context.Context, n, workers int, work func(context.Context, int) (T, error), take func(T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer cancel()
	type done struct {
		value T
		err   error
	}
	type job struct {
		piece  int
		result chan done
	}
	jobs, results := make(chan job), make(chan chan done, workers)
	for range workers {
		busy.Go(func() {
			for j := range jobs {
				value, err := work(ctx, j.piece)
				j.result <- done{value, err}
			}
		})
	}
	busy.Go(func() {
		defer close(results)
		defer close(jobs)
		for i := range n {
			j := job{i, make(chan done, 1)}
			select {
			case jobs <- j: // a worker has it, so its result will come
			case <-ctx.Done():
				return
			}
			select {
			case results <- j.result:
			case <-ctx.Done():
				return
			}
		}
	})
	for result := range results {
		d := <-result
		if d.err == nil {
			d.err = take(d.value)
		}
		if d.err != nil {
			return d.err
		}
	}
	return ctx.Err()
}
