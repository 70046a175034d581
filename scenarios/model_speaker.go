package scenarios

import (
	"time"

	"dualhome/sim"
)

// Speaker is what a BGP router does, as data: the options of its stack.
type Speaker struct {
	Profile        ProfileName   `yaml:"profile,omitempty" doc:"what it does where nothing else is said here: that of a make of router, or of the RFC; simulate profiles lists them"`
	Hold           time.Duration `yaml:"hold,omitempty" unit:"hold" doc:"hold time it offers" default:"180s"`
	Keepalive      time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	Jitter         bool          `yaml:"keepalive_jitter,omitempty" doc:"takes up to 25 % off the time to each keepalive, drawn anew (RFC 4271 section 10); each one is then a message of its own, also where nothing happens" default:"false"`
	ConnectRetry   sim.Dist      `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer (RFC 4271 section 8), drawn anew for each attempt; uniform(90s, 120s) is 120s with the jitter of section 10" default:"120s" min:"1s"`
	MRAI           sim.Dist      `yaml:"mrai,omitempty" doc:"MinRouteAdvertisementIntervalTimer, RFC 4271 section 9.2.1.1; uniform(22.5s, 30s) is 30s with the RFC's jitter" default:"0s"`
	MRAIPer        string        `yaml:"mrai_per,omitempty" doc:"what has an MRAI timer: the peer, or each prefix of it" enum:"peer,prefix" default:"peer"`
	MRAITimer      string        `yaml:"mrai_timer,omitempty" doc:"when an MRAI timer starts: when something is sent, or it runs freely from the start at a phase of its own and what it governs waits until it expires" enum:"on-send,free-running" default:"on-send"`
	MRAIWithdrawal bool          `yaml:"mrai_withdrawals,omitempty" doc:"withdrawals wait for MRAI too (WRATE)" default:"false"`
	GhostFlushing  bool          `yaml:"ghost_flushing,omitempty" doc:"a route that got worse is withdrawn at once where MRAI holds its successor back" default:"false"`
	SendBack       bool          `yaml:"send_back,omitempty" doc:"sends its best route also to the peer it came from; inside its AS to a client of a route reflector only" default:"true"`
	SenderLoops    bool          `yaml:"sender_side_loop_detection,omitempty" doc:"sends no route to a peer whose AS is in its path" default:"false"`
	NextHopSelf    bool          `yaml:"next_hop_self,omitempty" doc:"sends routes of other ASes to peers of its own AS with its own address as next hop" default:"false"`
	Processing     *sim.Dist     `yaml:"processing,omitempty" doc:"time that each received UPDATE keeps it busy, one after the other; none, where it is absent"`
	Multipath      bool          `yaml:"multipath,omitempty" doc:"uses all equally good routes from one neighbour AS" default:"false"`
	MultipathRelax bool          `yaml:"multipath_relax,omitempty" doc:"uses all equally good routes, whatever the neighbour AS" default:"false"`
	MultipathSame  bool          `yaml:"multipath_same_path,omitempty" doc:"uses all equally good routes with the same AS path" default:"false"`
	MaxPaths       int           `yaml:"max_paths,omitempty" doc:"how many routes to a prefix it uses together at most, those with the lowest next hops; 0: any number" default:"0" max:"256"`
	DecisionDelay  time.Duration `yaml:"decision_delay,omitempty" doc:"how long a prefix waits for its decision, together with those that wait already" default:"0s" max:"60s"`
	ClearDelay     time.Duration `yaml:"clear_delay,omitempty" doc:"how long a decision waits longer where a session ended, or a link failed" default:"0s" max:"60s"`
	InstallDelay   time.Duration `yaml:"install_delay,omitempty" doc:"from the decision to the forwarding table" default:"0s" max:"60s"`
	FirstTable     time.Duration `yaml:"first_table_delay,omitempty" doc:"how long a new session waits for the table" default:"0s" max:"60s"`
	FirstTableFor  time.Duration `yaml:"first_table_per_session,omitempty" doc:"and so much longer for each of its sessions that is up" default:"0s" max:"60s"`
	CompareUnsent  bool          `yaml:"compare_unsent,omitempty" doc:"sends an UPDATE also where only the MED or LOCAL_PREF changed that the peer is not sent (FRR)" default:"false"`
	TornGroups     bool          `yaml:"torn_groups,omitempty" doc:"a group of next hops that lost one with its link does not get it back (FRR)" default:"false"`
	MRAIOn         string        `yaml:"mrai_on,omitempty" doc:"what begins the MRAI: an announcement that is sent, or the next one that is queued less than that after the last UPDATE, in whole seconds of the clock (FRR); a free-running timer has neither" enum:"sent,queued" default:"sent"`
	FastFailover   bool          `yaml:"fast_external_failover,omitempty" doc:"a session goes with its link; otherwise only its routes are not used while the link is down" default:"true"`
	LeavesRoutes   bool          `yaml:"leaves_routes,omitempty" doc:"a killed process leaves its routes in the forwarding table, until it begins anew" default:"false"`
	AlwaysMED      bool          `yaml:"always_compare_med,omitempty" doc:"compares MED between neighbour ASes too" default:"false"`
	MissingMED     bool          `yaml:"missing_med_worst,omitempty" doc:"a route without MED has the highest, not 0" default:"false"`
	PairwiseMED    bool          `yaml:"pairwise_med,omitempty" doc:"compares routes in pairs, in the order of arrival, as routers without deterministic MED do" default:"false"`
	Restart        time.Duration `yaml:"graceful_restart,omitempty" doc:"restart time that it offers (RFC 4724): it keeps the routes of a peer that restarts for as long as that peer offered, and goes on forwarding itself; 0s: none" default:"0s" max:"4095s"`
	Damping        string        `yaml:"damping,omitempty" doc:"route flap damping of what external peers send (RFC 2439), with the defaults of Cisco or Juniper (RFC 7196)" enum:"none,cisco,juniper" default:"none"`
	Suppress       int           `yaml:"damping_suppress,omitempty" doc:"for damping, the penalty above which a route is suppressed; RFC 7196 section 6 recommends 6000 or more. It is higher than 750, at which the route is used again; no penalty is higher than 12000" default:"<2000 for cisco, 3000 for juniper>" min:"1" max:"11999"`
	SessionFlaps   bool          `yaml:"damping_session_loss,omitempty" doc:"for damping, the end of a session is a flap of each route that goes with it, which RFC 2439 section 4.8.5 allows; FRR applies no penalty, of Cisco that is inferred, of Juniper unknown" default:"false"`
	KeepOldest     bool          `yaml:"keep_oldest,omitempty" doc:"the external route that is best now stays, before identifiers are compared (RFC 5004)" default:"false"`
	BFDInterval    time.Duration `yaml:"bfd_interval,omitempty" doc:"over links with BFD: time between two packets that it sends (Desired Min TX, RFC 5880)" default:"300ms" min:"1ms" max:"4294s" why:"RFC 5880 sends it in microseconds, in 32 bits (section 4.1); 300ms is usual"`
	BFDMinRx       time.Duration `yaml:"bfd_min_rx,omitempty" doc:"least time between two packets that it accepts (Required Min RX); the slower of both ends counts" default:"300ms" min:"1ms" max:"4294s" why:"RFC 5880 sends it in microseconds, in 32 bits, and 0 asks for no packets at all (section 4.1); 300ms is usual"`
	BFDMultiplier  int           `yaml:"bfd_multiplier,omitempty" doc:"how many of its packets in a row may be missing until the other end takes it for silent (Detect Mult)" default:"3" min:"1" max:"255" why:"RFC 5880 sends it in 8 bits (section 4.1), and 0 is discarded (section 6.8.6); 3 is usual"`
	BFDJitter      bool          `yaml:"bfd_jitter,omitempty" doc:"takes up to 25 % off each interval, as RFC 5880 section 6.8.7 demands" default:"true"`
	BFDLateInit    bool          `yaml:"bfd_late_init,omitempty" doc:"says Init with its next periodic packet, not at once, as FRR 8.4.4 does" default:"false"`
	BFDDropsZero   bool          `yaml:"bfd_drops_zero,omitempty" doc:"while its session is up, drops a Down of a peer that forgot its discriminator, as FRR 8.4.4 does; RFC 5880 section 6.8.6 accepts it" default:"false"`
	DenyDefault    bool          `yaml:"rfc8212,omitempty" doc:"without a policy, uses nothing that an external peer sends, and sends it nothing (RFC 8212)" default:"false"`
}
