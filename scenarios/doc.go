// Package scenarios reads scenario files: YAML that says which VNets, Route
// Servers, NVAs and sites a network has, what traffic it carries, what fails in
// it, and what must hold then. Plain BGP networks, of routers and links, stand
// alone or beside these.
//
//	s, warnings, err := scenarios.Load("my.yaml", text, "hold=15s")
//
// A file goes through these steps, each in its own file here, and every step
// reports all that is wrong with position and hint before Load gives up:
//
//	parse     YAML to nodes with positions       yaml.go, node.go
//	apply     overrides, as --set gives them     override.go
//	expand    $name to the parameter's value     params.go
//	decode    nodes to the model                 decode.go, value.go, unit.go
//	generate  generators to routers and links    generate.go, edges.go
//	complete  defaults made of other values      complete.go
//	check     what single values cannot tell     check*.go, warnings*.go
//
// A sweep is a file at many points: LoadPlan (plan*.go) takes matrix and seeds of
// the file and axes of a command line, and each point is a copy of what stands after
// apply, with the values of its axes. Load checks them and leaves them out.
//
//	axes      lists, ranges and intervals      plan_axis.go, plan_span.go, plan_quantity.go
//	check     each value alone                 plan_check.go, plan_setting.go
//	points    a grid, or samples               plan_points.go, plan_table.go, plan_sample.go
//
// The model in model*.go is the only description of the format: its struct tags
// (see shape) drive decoder, Marshal, JSON Schema and reference documentation.
// To add a key, add a field with its tags, a rule in the check file of its kind
// if it needs one, and run go generate ./scenarios.
//
// The library of scenarios that come with the program is in library/.
//
// Not modelled: route maps, Virtual WAN, FastPath, public load balancers, iBGP
// between NVAs and sites, more than one tunnel between a site and an NVA, IPv6
// (which Azure Route Server does not support). Names and addresses of single
// machines are not part of a scenario: they are numbered. At most one link joins
// two plain routers, its delay is the same both ways, and no traffic passes between
// a plain network and Azure.
//
// The package is pure: it reads no files but the ones embedded in it.
package scenarios
