package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Results come in order however long each takes, and few wait at any time.
func TestInOrder(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		synctest.Test(t, func(t *testing.T) {
			var begun, taken, most atomic.Int64
			work := func(_ context.Context, i int) (int, error) {
				most.Store(max(most.Load(), begun.Add(1)-taken.Load()))
				time.Sleep(time.Duration(rand.New(rand.NewPCG(uint64(i), 0)).IntN(1000)) * time.Nanosecond)
				return i * i, nil
			}
			var got []int
			take := func(v int) error {
				time.Sleep(100 * time.Nanosecond)
				taken.Add(1)
				got = append(got, v)
				return nil
			}
			if err := inOrder(t.Context(), 300, workers, work, take); err != nil {
				t.Fatal(err)
			}
			if len(got) != 300 || !slices.IsSorted(got) || got[299] != 299*299 {
				t.Errorf("%d workers: %v", workers, got)
			}
			if most.Load() > int64(2*workers+2) {
				t.Errorf("%d workers: %d results at a time", workers, most.Load())
			}
		})
	}
}

// The first error in order ends it, after all results before it, and what is
// under way is told.
func TestInOrderEndsWithTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		told := false
		work := func(ctx context.Context, i int) (int, error) {
			switch i {
			case 3:
				time.Sleep(time.Second) // the error of 4 is there long before
				return i, nil
			case 4:
				return 0, broken
			case 5:
				<-ctx.Done()
				told = true
				return 0, ctx.Err()
			}
			return i, nil
		}
		var got []int
		err := inOrder(t.Context(), 1000, 3, work, func(v int) error { got = append(got, v); return nil })
		if !errors.Is(err, broken) || !slices.Equal(got, []int{0, 1, 2, 3}) || !told {
			t.Error(err, got, told)
		}
	})
}

// When it is cancelled it ends with that, and hands over no result after one that
// is missing.
func TestInOrderIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		work := func(ctx context.Context, i int) (int, error) {
			time.Sleep(time.Second)
			return i, ctx.Err()
		}
		var got []int
		err := inOrder(ctx, 1000, 4, work, func(v int) error {
			got = append(got, v)
			if v == 9 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || len(got) < 10 || len(got) > 20 {
			t.Error(err, got)
		}
		for i, v := range got {
			if i != v {
				t.Error(got)
			}
		}
	})
}
