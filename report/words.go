package report

// wordsOfRuns is what pages of runs call things, and what that means: whoever is sent a
// page has nothing but the page. They are those of docs/explanation.
var wordsOfRuns = [][2]string{
	{"disturbance", "a fault, or its repair; its figures are for the time until the next one"},
	{"forward, return, two-way", "one direction of a class of traffic, the other, and both together: two-way a flow is lost while it is not delivered in one of them"},
	{"loss for", "how long anything was lost, however little"},
	{"full outage", "the lost share of the flows × its time: how long all of them together would be lost to lose as much"},
	{"detection-gap", "lost, as packets are sent to what is gone, and the speaker that chose it does not know yet"},
	{"programming-gap", "the same, but the speaker knows; the tables of NICs or routers are not changed yet"},
	{"black-hole", "lost without a route, or at a next hop that nobody will ever find dead"},
	{"loop", "lost, as packets came to a node for the second time"},
	{"asymmetry", "lost at a stateful or translating NVA that does not know the flow"},
	{"policy", "lost, as a peering refuses the traffic, or a route says so"},
	{"congestion", "lost at a node or a link that is full"},
	{"detect", "of the outage budget: until somebody knew, by hold timers, BFD, probes or links"},
	{"propagate", "until messages had arrived"},
	{"decide", "until routes were chosen: MRAI, queues, decisions"},
	{"program", "until the tables of NICs and routers were changed"},
	{"flows", "until connections were made anew"},
	{"loc-rib, fib, nic", "tables: the best routes of a speaker of BGP, what a router forwards by, the effective routes of a NIC"},
	{"lines", "of events.arrow, the log of the run: messages, timers, changes"},
}

// wordsOfSweeps are those of the pages of sweeps, and of many runs of one scenario.
var wordsOfSweeps = [][2]string{
	{"point", "one set of parameters; all points are run with the same seeds, so that they differ by their parameters and not by their luck"},
	{"in brackets", "the 95 % interval: of 100 such sweeps about 95 have one that holds the true figure; ?: so few runs do not bound it"},
	{"95th percentile", "95 of 100 runs are at most so high"},
	{"not restored", "a loss that lasts until the next disturbance or the end of the run: it counts as higher than all others, and there is no mean"},
	{"two-way", "a flow is lost while it is not delivered in one of its directions"},
	{"moves", "between the lowest and the highest value of a parameter, on average over the other parameters"},
	{"chance", "what a parameter that does nothing seems to move, by luck of the seeds alone; less than that is not told from nothing"},
	{"explains", "the part of the variance between the points that a parameter makes alone (first-order index)"},
	{"converged", "at the end of the run no message is under way, nothing waits, and no table has changed for a while"},
}

// words explains them, to whoever opens it.
func (p *page) words(glossary [][2]string) {
	p.begin("details", "id", "words")
	p.text("summary", "What the words mean")
	p.begin("dl", "class", "facts")
	for _, w := range glossary {
		p.text("dt", w[0])
		p.text("dd", w[1])
	}
	p.end()
	p.end()
}
