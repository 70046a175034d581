package diagram

import "dualhome/scenarios"

// Diagram is a scenario that is to be drawn.
type Diagram struct{ scenario *scenarios.Scenario }

// Of gives the diagram of a scenario. It has to be one that scenarios.Load returned.
func Of(s *scenarios.Scenario) Diagram { return Diagram{s} }
