package metrics

import (
	"iter"
	"math"
)

// SummaryRows keeps the rows of summary.arrow of many points in little room: about 130
// bytes each. The zero value is ready.
type SummaryRows struct {
	quantities []Quantity
	index      map[Quantity]int32
	rows       []packedSummary
}

// packedSummary is a row. Quantities are numbers, and null is not a number.
type packedSummary struct {
	point              int64
	quantity, n, nulls int32
	figures            [14]float64
}

// Add takes the summaries of the next point.
func (s *SummaryRows) Add(point int64, all []Summary) {
	for i := range all {
		one := &all[i]
		row := packedSummary{point: point, quantity: s.number(one.Quantity), n: int32(one.N), nulls: int32(one.Nulls)}
		for k, v := range one.figures() {
			row.figures[k] = math.NaN()
			if *v != nil {
				row.figures[k] = **v
			}
		}
		s.rows = append(s.rows, row)
	}
}

func (s *SummaryRows) number(q Quantity) int32 {
	n, known := s.index[q]
	if !known {
		if s.index == nil {
			s.index = map[Quantity]int32{}
		}
		n = int32(len(s.quantities))
		s.index[q], s.quantities = n, append(s.quantities, q)
	}
	return n
}

// All gives the rows in the order in which they were added.
func (s *SummaryRows) All() iter.Seq[SummaryRow] {
	return func(yield func(SummaryRow) bool) {
		for i := range s.rows {
			row := &s.rows[i]
			one := Summary{Quantity: s.quantities[row.quantity], N: int(row.n), Nulls: int(row.nulls)}
			for k, v := range one.figures() {
				if !math.IsNaN(row.figures[k]) {
					*v = new(row.figures[k])
				}
			}
			if !yield(one.Row(row.point)) {
				return
			}
		}
	}
}

// figures gives the places of all estimates.
func (s *Summary) figures() [14]**float64 {
	return [...]**float64{
		&s.Min, &s.Max,
		&s.Mean.Value, &s.Mean.Low, &s.Mean.High, &s.P50.Value, &s.P50.Low, &s.P50.High,
		&s.P95.Value, &s.P95.Low, &s.P95.High, &s.P99.Value, &s.P99.Low, &s.P99.High,
	}
}
