package metrics

// judgeWindow adds to the row of a disturbance what traffic has to say: when it
// settled, whether it was restored, and where the time of the outage went.
func (t *traffic) judgeWindow(row *Convergence, d Disturbance, w window) {
	if len(t.classes) == 0 {
		return
	}
	restored := true
	var settled instant
	var healed *step
	for _, c := range t.classes {
		for i := range c.ways {
			k := &c.ways[i]
			restored = restored && k.restored(w)
			if at, ok := k.settled(w); ok && (!settled.came || at > settled.at) {
				settled = instant{at, true}
			}
			if s := k.healed(w); s != nil && (healed == nil || s.at > healed.at) {
				healed = s
			}
		}
	}
	row.Restored = &restored
	if restored {
		row.Traffic = since(settled, d.At)
	}
	if healed == nil || !healed.by.forward {
		return
	}
	if b, ok := t.line.budget(healed.by, d); ok {
		b.flows += int64(healed.at.Sub(t.line.lines[healed.by.seq-1].at)) // until broken flows were opened anew
		b.show(row)
	}
}
