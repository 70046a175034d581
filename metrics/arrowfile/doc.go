// Package arrowfile writes tables as Arrow IPC files and reads them back. It is
// the only importer of Arrow.
//
// A table is a slice of rows: structs whose fields carry tags, `arrow:"name"` or
// `arrow:"name,dict"`, as in package metrics; an embedded struct stands for its
// fields. [Write] makes a file of them, [Read] makes them of a file, and
// [WriteRun] writes all tables of a run. [WriteEvents] and [ReadEvents] do the
// same for the lines of a log, which come one by one: the file events.arrow
// alone is enough to run the log again.
//
// The runs of a sweep come in blocks, each of them made by somebody: the lines and
// tables of its runs go to a [Block] while they are made, which gives the bytes of a
// part file; somebody may be on another machine. [WriteSweep] makes the tables of the
// part files when all are there. What the tables are cannot depend on who made which
// block, nor on how many runs a block has. [Tables] says which tables are kept, and
// [Params] gives runs.arrow and summary.arrow columns with the parameters.
//
// A file is complete or not there: it is written under another name, closed,
// synced and renamed, and an error at any point removes what was written. Equal
// rows make equal bytes. Batches have 65,536 rows and are compressed with zstd;
// each dictionary is sorted and written once, with all values of the file, since
// some readers take no other.
//
// A file ends with a seal, a checksum of all its bytes, where other readers do
// not look (seal.go). Reading begins with it: damaged, truncated and foreign
// files, and those that another program rewrote, are errors that wrap [ErrFile];
// none makes the reader panic. So it is with part files (partfile.go).
package arrowfile
