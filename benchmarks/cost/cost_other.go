//go:build !unix

package cost

// Now gives nothing: the system does not say.
func Now() Used { return Used{} }
