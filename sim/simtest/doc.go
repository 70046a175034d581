// Package simtest is what tests of runs share: a log that can be asked, a run in
// one call, a replay from any turn, transcripts, and the laws that every run
// keeps (see laws.go), as functions of its lines.
//
// The package knows no actors; what is run is a sim.Config. Its own tests hold
// the laws against the library of scenarios and against random networks, of which
// those with all of Azure's parts are for other tests too (see azure.go).
package simtest
