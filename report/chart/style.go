package chart

import (
	_ "embed"
)

// Style is the CSS of all pictures of this package, whose colours are the variables
// of svg.Palette. A page that shows several has it once.
//
//go:embed chart.css
var Style string

// small and normal are the sizes of text in pictures, in CSS pixels, as chart.css
// has them.
const (
	small  = 11.0
	normal = 12.0
)
