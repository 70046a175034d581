package scenarios

import "dualhome/sim"

// Class is a class of flows between two places, in both directions.
type Class struct {
	Name       string `yaml:"name" doc:"name of the class" pattern:"[a-z0-9-]{1,63}"`
	From       string `yaml:"from" doc:"who begins the flows: a set of VMs, one machine of it (spoke-vms[3]; the first is 0), all machines of a subnet (spoke/workload), a site, or a router of a plain network"`
	To         string `yaml:"to" doc:"who answers: one of these places, or internet"`
	Rate       int64  `yaml:"rate" unit:"bps" doc:"offered rate of all its flows together, in each direction" min:"1bps" max:"1Tbps"`
	Flows      int    `yaml:"flows,omitempty" doc:"number of 5-tuple flows that are hashed" default:"1000" min:"1" max:"1000000"`
	PacketSize int64  `yaml:"packet_size,omitempty" unit:"B" doc:"size of each packet with its headers; what is lost is counted in such packets too" default:"1000B" min:"64B" max:"9000B"`

	Protocol  string   `yaml:"protocol,omitempty" doc:"a stateful NVA that does not know a flow drops it, if it is TCP; the next packet from inside begins a flow of UDP anew" enum:"tcp,udp" default:"tcp"`
	Stateless bool     `yaml:"stateless,omitempty" doc:"stateful NVAs let it pass, whatever they know" default:"false"`
	Reconnect sim.Dist `yaml:"reconnect,omitempty" doc:"time from the break of a flow until its application has opened it anew; it is lost until then. Of a distribution the flows take 16 quantiles in turn" default:"0s"`
}
