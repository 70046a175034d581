package scenarios

import "dualhome/sim"

// Class is a class of flows between a set of VMs and a site, the Internet or
// another set of VMs, in both directions.
type Class struct {
	Name  string `yaml:"name" doc:"name of the class" pattern:"[a-z0-9-]{1,63}"`
	From  string `yaml:"from" doc:"the set of VMs at one end"`
	To    string `yaml:"to" doc:"a site, internet, or another set of VMs"`
	Rate  int64  `yaml:"rate" unit:"bps" doc:"offered rate of all its flows together, in each direction" min:"1bps" max:"1Tbps"`
	Flows int    `yaml:"flows,omitempty" doc:"number of 5-tuple flows that are hashed" default:"1000" min:"1" max:"1000000"`

	Protocol  string   `yaml:"protocol,omitempty" doc:"a stateful NVA that does not know a flow drops it, if it is TCP; the next packet from inside begins a flow of UDP anew" enum:"tcp,udp" default:"tcp"`
	Stateless bool     `yaml:"stateless,omitempty" doc:"stateful NVAs let it pass, whatever they know" default:"false"`
	Reconnect sim.Dist `yaml:"reconnect,omitempty" doc:"time from the break of a flow until its application has opened it anew; it is lost until then. Of a distribution the flows take 16 quantiles in turn" default:"0s"`
}
