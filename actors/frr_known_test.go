package actors_test

// known is what is not as it was recorded, by recording and step, and why. Nothing
// of it is a table at the end of a step.
//
// Where connections collide, FRR may establish a session that it closes within a
// millisecond. Here one end of a link connects, so that none does.
var known = map[string]map[string]string{
	"A1_aa nvaa_start": {
		"first_fib_ms": "zebra swept the routes of the killed process after the clock was started; in A3, A7 and A9 before",
	},
	"A3_aa_ibgp nvaa_freeze": {
		"exploration": "a tie: nvab hears the withdrawals of rs1 and rs2, 0.1 ms apart, when it decides on what op sent",
	},
	"A5_aa_bfd nvaa_start": {
		"sessions":      "a session came up and went down again, 50 ms later and before it carried a route",
		"first_down_ms": "that session", "last_down_ms": "that session",
	},
	"A5_aa_bfd nvaa_clean_stop": {
		"last_fib_ms": "one FIB line 330 ms after the last best path, which nothing explains",
	},
	"A5_aa_bfd nvaa_start2": {
		"last_best_ms": "200 ms late, and only here", "last_update_ms": "200 ms late, and only here", "last_fib_ms": "200 ms late, and only here",
	},
	"A7_aa_nofef link_rs1_nvaa_unblackhole": {
		"sessions":      "two connections collided: the first was established, and closed 0.2 ms later",
		"first_up_ms":   "that session",
		"first_down_ms": "that session", "last_down_ms": "that session",
	},
	"A7_aa_nofef upstream_link_down_at_nvaa": {
		"counts": "7 announcements against 5: the two that nvaa sends to op over the dead link were not counted",
	},
	"D1_hold9 restore8": {
		"sessions":      "two connections collided, twice",
		"first_up_ms":   "the first of these sessions",
		"first_down_ms": "that session", "last_down_ms": "the second one",
	},
	"D7_oneway_blackhole_bfd restore0": {
		"sessions":      "two connections collided",
		"first_up_ms":   "that session",
		"first_down_ms": "that session", "last_down_ms": "that session",
	},
	"E13_localpref n2_withdraw": {
		"exploration": "the log of bgpd shows an empty path of n1; the RIB has 65001",
	},
	"F07 prefix_withdraw": {
		"exploration": "a tie: r3 decides when the UPDATE of r2 arrives, and r5 chooses among what is left",
	},
	"F11 link_fail": {
		"exploration": "the log of bgpd shows two new best paths of r4 that hold its own AS; the RIB has the old ones",
	},
}
