package scenarios

import (
	"slices"
	"strings"
)

// DidYouMean gives the hint for a word that is none of the candidates: the nearest, or,
// where none is near, what there is to choose from; empty, if that is too much.
func DidYouMean(word string, candidates []string) string { return didYouMean(word, candidates) }

// didYouMean gives the hint that names the candidate nearest to word, or, where
// none is near, what there is to choose from.
func didYouMean(word string, candidates []string) string {
	if best := nearest(word, candidates); best != "" {
		return "did you mean " + best + "?"
	}
	const few = 40
	candidates = slices.Compact(slices.Clone(candidates))
	if len(candidates) == 0 || len(candidates) > few {
		return ""
	}
	if len(candidates) == 1 {
		return "there is only " + candidates[0]
	}
	return "one of " + enumerate(candidates, "or")
}

// longestWord bounds the words that are compared.
const longestWord = 80

// nearest gives the candidate with the smallest edit distance to word; empty,
// if more than a third of the letters would have to change.
func nearest(word string, candidates []string) string {
	best, least := "", len(word)/3+2
	for _, c := range candidates {
		if max(len(word), len(c)) > longestWord || max(len(word)-len(c), len(c)-len(word)) >= least {
			continue
		}
		if d := distance(word, c); d < least && d < len(c) {
			best, least = c, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour that lead from a to b (optimal string alignment).
func distance(a, b string) int {
	var before, above, row [longestWord + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above = above, row
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// enumerate writes words as people do: a, b and c.
func enumerate(words []string, and string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	var text strings.Builder
	for _, w := range words[:len(words)-2] {
		text.WriteString(w + ", ")
	}
	last := words[len(words)-2:]
	return text.String() + last[0] + " " + and + " " + last[1]
}

// sorted gives a sorted copy.
func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }
