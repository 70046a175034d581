// Package svg writes pictures as SVG text: the elements, their attributes and the
// escaping, and the colours that all pictures and pages share.
//
// A [Writer] collects elements in the order in which they are painted. A [Picture] is
// what it collected, with a size, a title and a description for those who do not see
// it; [Picture.File] gives a file that stands alone, [Picture.Inline] the same for a
// page that has the styles already.
//
// How things look is said by classes and CSS (Palette here, and the style of each
// kind of picture), never by style attributes: a page with a strict
// Content-Security-Policy refuses those. Colours are variables with a light and a dark
// value; those of series are told apart without colour vision (Okabe and Ito, 2008),
// and whoever uses them labels or hatches as well.
//
// What is written is the same, to the byte, for the same calls. Any text is safe: it
// stays text, whatever markup or control characters it holds.
package svg
