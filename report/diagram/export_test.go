package diagram

// What tests measure with.
var (
	Width  = width
	Fitted = fitted
)
