// Package chart draws what a run or a sweep measured: the timeline of a run, its
// outage budgets, curves over a parameter, distributions and rankings.
//
// Each picture is a pure function of tables or of figures that others made, and comes
// as an [svg.Picture] with a title and a description in words. axis.go has what all
// share: scales, round ticks, units and the width of text.
//
// A picture stays small, however much it shows: what happens is gathered in bins of
// one pixel, and a bin shows that something happened in it. Nothing is told by colour
// alone: what has a colour has a label, a hatch or a dash as well.
package chart
