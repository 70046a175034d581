package scenarios

// sweepKeys are the keys of a file that say what a sweep of it does: LoadPlan goes
// by them, and a scenario has none.
type sweepKeys struct {
	Matrix matrix `yaml:"matrix,omitempty" doc:"what a sweep changes: parameters and paths with their values"`
	Seeds  int    `yaml:"seeds,omitempty" doc:"how often a sweep runs each point, with other seeds each time; 40 where nothing says" min:"1" max:"1000000"`
}

// matrix are the keys of a matrix that are no axes.
type matrix struct {
	Include  []axisValues `yaml:"include,omitempty" doc:"further points; an axis that one leaves out stays as the file has it"`
	Exclude  []axisValues `yaml:"exclude,omitempty" doc:"points that have all values of an item are left out; those of include are not"`
	Sampling string       `yaml:"sampling,omitempty" doc:"which points there are: all combinations of the values, or samples independent of each other, spread out on each axis (Latin hypercube), or spread out on all together (Halton, scrambled as by Owen 2017)" enum:"grid,random,latin-hypercube,halton" default:"grid"`
	Samples  int          `yaml:"samples,omitempty" doc:"how many points are sampled; needed unless sampling is grid" min:"1" max:"10000"`
}

// axisValues is an item of include or exclude.
type axisValues struct{}
