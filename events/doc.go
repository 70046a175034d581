// Package events is the vocabulary of a run: virtual time, lines, and every
// kind of event a line can hold, with their canonical encoding.
//
// A run is a log of lines. A [Line] is an event with its place: what it follows
// from, when, whose it is, and the role it plays there: a message sent (Out),
// arrived (In) or lost, a decision (Change), a timer, a disturbance (Fault), or
// a fact of the scenario. Actors, tables, measures and pictures are folds over
// lines; nothing else is known of a run.
//
// Messages between BGP speakers hold the bytes of RFC 4271 and what they say,
// parsed: [Open], [Update], [Keepalive], [Notification], and [TCP] for the
// connection under them. An event never holds a sequence number, so that an
// actor's events are the same whoever else takes part in the run.
//
// To add an event: one type in the file of its subject with Kind, String,
// append and a decoder, and one entry in the table of kinds (codec.go).
package events
