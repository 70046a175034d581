// Package capture writes the log of a run in the formats of tools that know nothing
// of it: [Pcapng] for Wireshark, [MRT] for bgpdump and its kin, [Trace] for Perfetto.
//
// Each is a fold over lines that writes while it reads. What it keeps is what is open
// at a time: nodes, connections, messages under way, timers that run, routes that are
// there. So a long log takes the memory of a short one, but for this: [Pcapng] reads
// the log twice, and keeps of each message that is lost or held up when that was known,
// since its packet says so. What a run does not say (ports, sequence numbers, time to
// live) follows from what it says, and is the same each time.
//
// Time is nanoseconds since the run began; the formats want a date. The run begins at
// [Epoch].
//
// Not here: CSV and JSON of the tables, which need to know only their columns (package
// metrics/arrowfile).
package capture
