// Command simulate answers what happens, for how long, to which traffic, and
// why, when a part of a dual-homed Azure Route Server network fails.
//
// It is the shell around the pure parts: it reads scenario files, runs them,
// writes run folders and prints summaries. Data goes to standard output,
// everything else to standard error.
//
// Many runs at once (scenario --seeds) are pieces of work that a few goroutines do
// (inorder.go); their results are counted and written one by one in the order of
// the seeds, so that nothing depends on the number of processors.
//
// Designs are compared (compare) run by run: the runs of all of them are such pieces
// too, and a folder is measured again from its log. So is other traffic in a finished
// run (traffic).
//
// Exit codes: 0 fine; 1 internal or I/O error, or traffic that is not conserved;
// 2 usage or invalid input; 3 a check failed (an expectation, a replay that differs, a damaged folder,
// a design that is worse); 4 the network did not converge within the horizon, or the
// run met a bound; 130 interrupted, the files are written and marked partial.
package main
