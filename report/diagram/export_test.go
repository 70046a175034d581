package diagram

// What tests measure with.
var (
	Width   = width
	Crossed = func(s string, room float64) string { return fitted(s, noteSize, false, room) }
)
