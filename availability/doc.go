// Package availability estimates how long a year's failures keep traffic from being
// served, without waiting for them: by conditioning.
//
// # The model
//
// Each [Failure] of a design goes its own way: it is up for a time like UpTime, down
// for one like Repair, and so on, whatever the others do (alternating renewal
// processes that have run for ever). So it begins [Failure.Rate] = 1 / (mean up time +
// mean repair) times a year, of 8,766 hours; of its up times only the mean matters.
// Failures are independent: no common cause but those that are failures themselves
// (a hub that is lost), no maintenance that waits for a better day, no repair that
// waits for another. Two failures that hit the same thing are both there: what is
// broken is the union of what either breaks.
//
// # The estimate
//
// A run in which failures break something gives D, what a class lost from the first
// failure to the end, when all is repaired and has settled. Then
//
//	downtime a year = Σ rate(i) E[D(i)]                                    one at a time
//	                + Σ rate(i, j) E[D(i, j) − D(i) − D(j)]                two at once
//	                + what three at once add (not estimated: Result.Neglected bounds it)
//
// where rate(i, j) = rate(i) rate(j) (E[R(i)] + S) is how often j begins while i is
// under repair, or within the S that the network takes to settle after it; that is
// exact, not approximate, as i and j are independent. Given that it does, j begins
// uniformly within R(i) + S, and R(i) is longer than usual, in proportion to R(i) + S:
// its runs have that weight. All three runs of a difference share their seed and their
// times (common random numbers; the draws of a run are keyed by their meaning), so a
// pair that does not interact gives exactly 0. A failure is never its own second: what
// is down does not fail.
//
// # Chance
//
// A batch is a whole estimate: of each failure alone a few runs, whose repair times and
// instants (within the keepalive interval) are stratified by a Latin hypercube, and some
// pairs, drawn by systematic sampling with probabilities near to what they contribute,
// each divided by its own. Batches are independent and of one distribution, so Student's
// t holds for their mean. Three stages: a pilot, which decides how many runs of what a
// batch has, and is not used otherwise; [FirstBatches] batches; and then as many as the
// spread of those asks for. The interval keeps that spread, so that it covers the truth as
// often as it says although the number of batches was not given beforehand (C. Stein, A
// two-sample test for a linear hypothesis whose power is independent of the variance,
// 1945); or takes that of all batches where it is larger, as it is where rare values are
// large and the first batches saw none.
//
// The package is pure: it says which runs it needs ([Estimator.Next]) and takes what they
// lost ([Estimator.Add]). Whoever makes them may make many at once, but hands them over
// in order.
package availability
