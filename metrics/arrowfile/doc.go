// Package arrowfile writes tables as Arrow IPC files and reads them back. It is
// the only importer of Arrow.
//
// A table is a slice of rows: structs whose fields carry tags, `arrow:"name"` or
// `arrow:"name,dict"`, as in package metrics; an embedded struct stands for its
// fields. [Write] makes a file of them, [Read] makes them of a file, and
// [WriteRun] writes all tables of a run. [WriteEvents] and [ReadEvents] do the
// same for the lines of a log, which come one by one: the file events.arrow
// alone is enough to run the log again. The tables of many runs are a [Sweep]:
// each run comes as a [Part], and its rows wait on the disk until the last.
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
// none makes the reader panic.
package arrowfile
