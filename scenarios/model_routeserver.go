package scenarios

import (
	"time"

	"dualhome/sim"
)

// RouteServer is an Azure Route Server: two instances <name>-0 and <name>-1 at
// the first two usable addresses of RouteServerSubnet, AS 65515.
type RouteServer struct {
	Name           string        `yaml:"name" doc:"name of the Route Server; its instances are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet           string        `yaml:"vnet" doc:"the VNet it stands in"`
	Hold           time.Duration `yaml:"hold,omitempty" unit:"hold" doc:"hold time it offers" default:"profile"`
	Keepalive      time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"profile"`
	BranchToBranch bool          `yaml:"branch_to_branch,omitempty" doc:"exchange routes between NVAs and gateways" default:"profile"`
	Preference     string        `yaml:"routing_preference,omitempty" doc:"which source is preferred before the AS path is looked at; ASPath: none" enum:"ExpressRoute,VpnGateway,ASPath" default:"profile"`
	RouteLimit     int           `yaml:"route_limit,omitempty" doc:"routes per BGP peer, held + incoming; above, the session is torn down" default:"profile" min:"1" max:"10000"`
	LimitRetry     time.Duration `yaml:"limit_retry,omitempty" doc:"time until a session that was torn down for too many routes may begin again" default:"profile"`
	Negotiate      bool          `yaml:"negotiate,omitempty" doc:"the lower hold time of the two offers is used" default:"profile"`
	Initiator      string        `yaml:"initiator,omitempty" doc:"who opens the TCP connections to NVAs" enum:"nva,route-server" default:"profile"`
	BFD            bool          `yaml:"bfd,omitempty" doc:"BFD with NVAs, 300 ms x 3" default:"profile"`
	Restart        time.Duration `yaml:"graceful_restart,omitempty" doc:"restart time that it offers (RFC 4724): with NVAs that offer one too it keeps the routes of a peer that restarts for as long as that peer offered; 0s: none" default:"profile" max:"4095s"`
	Reflection     string        `yaml:"reflection,omitempty" doc:"whether one NVA's routes are sent to the others: as branch_to_branch says, always or never" enum:"branch-to-branch,always,never" default:"profile"`
	ToGateways     string        `yaml:"advertise_to_gateways,omitempty" doc:"whether NVAs' routes are sent to gateways: as branch_to_branch says, or always" enum:"branch-to-branch,always" default:"profile"`
	InsideRoutes   bool          `yaml:"advertise_inside,omitempty" doc:"NVAs' routes inside the VNet or a peered one are sent to gateways too" default:"profile"`
	MarkReflected  bool          `yaml:"mark_reflected,omitempty" doc:"one NVA's routes carry the community 65517:65517 when they are sent to another" default:"profile"`
	TieBreak       string        `yaml:"tie_break,omitempty" doc:"among paths of equal length: all are used, or those that tie in RFC 4271 up to the BGP identifier" enum:"ecmp,rfc4271" default:"profile"`
	Programming    sim.Dist      `yaml:"programming,omitempty" doc:"delay from a best-path change to the NICs" default:"profile"`
	PerRoute       time.Duration `yaml:"programming_per_route,omitempty" doc:"further delay for each route of a batch" default:"profile"`
	Unit           string        `yaml:"programming_unit,omitempty" doc:"what draws the delay: a batch of changes for all NICs of an instance, or each NIC" enum:"batch,nic" default:"profile"`
	NICSource      string        `yaml:"nic_source,omitempty" doc:"whose routes a NIC gets: of the one instance that serves it, or the union of both" enum:"instance,union" default:"profile"`
	WarmUp         time.Duration `yaml:"warm_up,omitempty" doc:"after a session is up, time until its routes are programmed" default:"profile"`
	Spacing        time.Duration `yaml:"spacing,omitempty" doc:"least time between two changes of one route on one NIC" default:"profile"`
	Takeover       time.Duration `yaml:"takeover,omitempty" doc:"delay until the other instance serves the NICs of a lost one" default:"profile"`
	RouteMaps      []PeerPolicy  `yaml:"route_maps,omitempty" doc:"route maps (preview, 2026-07), one for each NVA or gateway that it peers with; they change AS paths and communities, and no prefix of its VNets"`
	OnLoss         string        `yaml:"on_loss,omitempty" doc:"what NICs do with learned routes when both instances are lost" enum:"keep,flush" default:"profile"`
}
