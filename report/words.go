package report

// glossary is what pages of runs call things, and what that means: whoever is sent a page
// has nothing but the page. They are those of docs/explanation.
var glossary = [][2]string{
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

// words explains them, to whoever opens it.
func (p *page) words() {
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
