// The page of a run: its state at any instant, folded from what it changed. Times are
// BigInt, in nanoseconds.
(() => {
  const d = page.data, byId = page.byId, make = page.make;
  const second = 1000000000n;
  const ns = (t) => BigInt(t.s) * second + BigInt(t.ns);
  const instant = (i) => BigInt(d.instants.s[i]) * second + BigInt(d.instants.ns[i]);
  const end = ns(d.end), count = d.instants.s.length;
  const exact = (t) => (t / second) + '.' + String(t % second).padStart(9, '0');

  const short = (t) => (Number(t / 1000000n) / 1000).toFixed(3) + ' s';

  // parse reads a time like 302.742 s. Nothing: it is none.
  const parse = (text) => {
    const m = /^\s*(\d{1,12})(?:[.,](\d{0,9}))?\s*s?\s*$/.exec(text);
    return m ? BigInt(m[1]) * second + BigInt((m[2] || '').padEnd(9, '0')) : undefined;
  };

  // address gives the instant in the address, if there is any.
  const address = () => {
    const m = /^#t=(.+)$/.exec(location.hash);
    try { return m ? parse(decodeURIComponent(m[1])) : undefined; } catch (malformed) { return undefined; }
  };

  // until counts the instants that are not after t.
  const until = (t) => {
    let from = 0, to = count;
    while (from < to) {
      const mid = (from + to) >> 1;
      if (instant(mid) <= t) from = mid + 1; else to = mid;
    }
    return from;
  };

  // rows gives the rows of a part from one instant to before another, by their names.
  const rows = function* (part, from, to) {
    if (!part) return;
    const columns = Object.keys(part.columns);
    for (let i = 0; i < part.t.length; i++) {
      if (part.t[i] < from) continue;
      if (part.t[i] >= to) return;
      const row = { at: part.t[i] };
      for (const c of columns) {
        const n = part.columns[c][i];
        row[c] = n < 0 ? null : part.names[n];
      }
      yield row;
    }
  };

  // fold gives the state after so many instants.
  const fold = (n) => {
    const state = { nodes: new Map(), still: new Map(), links: new Map(), sessions: new Map(), routes: new Map(), traffic: new Map() };
    for (const r of rows(d.physical, 0, n)) {
      ({ node: state.nodes, forwarding: state.still, link: state.links })[r.kind].set(r.name, r.state);
    }
    for (const r of rows(d.sessions, 0, n)) state.sessions.set(r.actor + ' ' + r.peer, r);
    for (const r of rows(d.routes, 0, n)) {
      const key = r.actor + ' ' + r.table + ' ' + r.prefix;
      if (r.hops === '') state.routes.delete(key); else state.routes.set(key, r);
    }
    for (const r of rows(d.traffic, 0, n)) {
      const key = r.class + ' ' + r.direction, step = state.traffic.get(key);
      if (step && step[0].at === r.at) step.push(r); else state.traffic.set(key, [r]);
    }
    return state;
  };

  // percent writes a share; one that is not quite nothing or all does not look so.
  const percent = (share) => {
    if (share > 0 && share < 0.001) return 'less than 0.1 %';
    if (share < 1 - 1e-9 && share >= 0.995) return share > 0.999 ? 'more than 99.9 %' : (100 * share).toFixed(1) + ' %';
    return (100 * share).toFixed(share < 0.0995 ? 1 : 0) + ' %';
  };

  const rate = (bps) => {
    let v = Number(bps), unit = 'bit/s';
    for (const u of ['kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s', 'Pbit/s', 'Ebit/s']) {
      if (v < (unit === 'bit/s' ? 1000 : 999.5)) break; // else it would be rounded to 1.00e+3
      v /= 1000; unit = u;
    }
    return (unit === 'bit/s' ? String(v) : v.toPrecision(3)) + ' ' + unit;
  };

  // fill writes the body of a table: cells are [text, exact value, class].
  const most = 400;
  const fill = (id, all) => {
    const table = byId(id);
    if (!table || !table.tBodies) return;
    const numbers = [...table.tHead.rows[0].cells].map((h) => h.classList.contains('num'));
    table.tBodies[0].replaceChildren(...all.slice(0, most).map((cells) => {
      const row = document.createElement('tr');
      cells.forEach(([text, value, tone], i) => {
        const cell = make('td', { 'data-value': value ?? text }, text);
        if (numbers[i]) cell.classList.add('num');
        if (tone) cell.classList.add(tone);
        row.append(cell);
      });
      return row;
    }));
    byId(id + '-note').textContent = all.length > most ? 'The first ' + most + ' of ' + all.length + ' rows: choose an actor to see fewer.' :
      all.length === 0 ? 'None.' : '';
    page.sorted(table);
  };

  const text = (v) => [v ?? '-', v ?? ''];
  // actor says of one that is gone that its tables are what it knew before.
  const gone = (state, name) => /dead|halted/.test(state.nodes.get(name));
  const actor = (state, name) => (gone(state, name) ? [name + ' (' + state.nodes.get(name) + ')', name, 'bad'] : [name, name]);
  const byNames = (...keys) => (a, b) => {
    for (const k of keys) if (a[k] !== b[k]) return a[k] < b[k] ? -1 : 1;
    return 0;
  };
  const bps = (v, tone) => [rate(v), v, tone];

  // steps gives the rows of traffic that are offered anything.
  const steps = (state) => [...state.traffic.values()].flat().filter((r) => r.offered !== '0');
  const fillTraffic = (state) => fill('state-traffic', steps(state).map((r) => [
    text(r.class), text(r.direction), text(r.via), bps(r.delivered), bps(r.lost, r.lost === '0' ? '' : 'bad'), text(r.cause), text(r.path)]));

  const chosen = (r) => { const of = byId('state-actor').value; return of === 'all' || of === r.actor; };
  const fillSessions = (state) => fill('state-sessions', [...state.sessions.values()].filter(chosen).sort(byNames('actor', 'peer')).map((r) => [
    actor(state, r.actor), text(r.peer), gone(state, r.actor) ? ['was ' + r.state, r.state] : [r.state, r.state, r.state === 'Established' ? 'good' : 'bad'], [exact(instant(r.at)) + ' s', String(instant(r.at))], text(r.reason)]));
  const fillRoutes = (state) => fill('state-routes', [...state.routes.values()].filter(chosen).sort(byNames('actor', 'table', 'prefix')).map((r) => [
    actor(state, r.actor), text(r.table), text(r.prefix), text(r.hops), text(r.path), text(r.from)]));

  // changes lists what happens at an instant.
  const fillChanges = (n, t) => {
    const list = byId('changes'), at = n - 1, all = [];
    if (n > 0 && instant(at) === t) {
      for (const r of rows(d.disturbances, at, n)) all.push(r.text);
      for (const r of rows(d.physical, at, n)) all.push((r.kind === 'link' ? 'link ' + r.name.replace('~', ' to ') : r.kind === 'forwarding' ? 'forwarding of ' + r.name : r.name) + ' ' + r.state);
      for (const r of rows(d.sessions, at, n)) all.push(r.actor + ': session with ' + r.peer + ' ' + r.state + ' (' + r.reason + ')');
      for (const r of rows(d.routes, at, n)) all.push(r.actor + ' ' + r.table + ': ' + r.prefix + (r.hops === '' ? ' gone' : ' by ' + r.hops));
      const moved = new Set();
      for (const r of rows(d.traffic, at, n)) moved.add(r.class + ' ' + r.direction);
      for (const name of moved) all.push('traffic of ' + name + ' changes');
    } else if (n > 0) {
      all.push('Nothing; the last change was at ' + exact(instant(at)) + ' s.');
    }
    const shown = all.slice(0, 40).map((line) => make('li', {}, line));
    if (all.length > 40) shown.push(make('li', {}, '… and ' + (all.length - 40) + ' more'));
    list.replaceChildren(...shown);
  };

  // The topology: classes on its elements, traffic as strands between their centres.
  const svg = byId('topology');
  const draw = (name, attrs, text) => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attrs) e.setAttribute(key, attrs[key]);
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const nodes = new Map();
  let marks;
  if (svg) {
    for (const e of svg.querySelectorAll('[data-node]')) nodes.set(e.dataset.node, { e, x: Number(e.dataset.x), y: Number(e.dataset.y) });
    marks = svg.appendChild(draw('g', { class: 'marks' }));
  }
  const pair = (a, b) => (a < b ? a + '~' + b : b + '~' + a);
  const color = (via) => {
    const i = d.hubs.indexOf(via);
    return 's' + (i < 0 ? 8 : (i % 7) + 1); // as in the pictures over time
  };

  // A session is up where both ends live and know so; stale where one end believes it
  // is up; connecting, or down.
  const session = (state, a, b) => {
    const one = (x, y) => {
      return gone(state, x) ? 'gone' : (state.sessions.get(x + ' ' + y)?.state ?? 'none');
    };
    const ends = [one(a, b), one(b, a)], up = ends.filter((e) => e === 'Established').length;
    if (up > 0) return up === 2 ? 'up' : 'stale';
    return ends.some((e) => /^Open/.test(e)) ? 'connecting' : 'down';
  };

  // beside gives where a word stands: below what is in the upper half of the picture,
  // where boxes have their names above, else above.
  const beside = (node, line) => {
    const box = node.e.getBBox(), low = node.y > svg.viewBox.baseVal.height / 2;
    return low ? box.y - 4 - 14 * line : box.y + box.height + 12 + 14 * line;
  };
  const mark = (kind, node, line, words) => {
    const text = draw('text', { class: 'mark ' + kind, x: node.x, y: beside(node, line) }, words);
    marks.append(text);
    const box = text.getBBox();
    text.before(draw('rect', { class: 'mark-back', x: box.x - 3, y: box.y, width: box.width + 6, height: box.height, rx: 3 }));
  };

  const paintState = (state) => {
    for (const [name, node] of nodes) {
      const is = state.nodes.get(name) ?? 'alive', still = is === 'alive' && state.still.get(name) === 'down';
      for (const c of ['dead', 'hung', 'halted']) node.e.classList.toggle(c, is === c);
      node.e.classList.toggle('still', still);
      if (is !== 'alive' || still) mark('state', node, 0, still ? 'forwards nothing' : is);
    }
    for (const e of svg.querySelectorAll('[data-link]')) {
      const [a, b] = e.dataset.link.split('~');
      const down = [a + '~' + b, b + '~' + a].filter((way) => state.links.get(way) === 'down').length;
      e.classList.toggle('down', down === 2);
      e.classList.toggle('half', down === 1);
    }
    for (const e of svg.querySelectorAll('[data-session]')) {
      const is = session(state, ...e.dataset.session.split('~'));
      for (const c of ['up', 'stale', 'connecting', 'down']) e.classList.toggle(c, is === c);
    }
  };

  // way gives where traffic between two nodes is drawn: along the link or the session that
  // joins them, so that it passes nobody else's box; straight where none does.
  const ways = new Map();
  for (const by of ['session', 'link']) {
    for (const e of svg?.querySelectorAll('path[data-' + by + ']') ?? []) ways.set(pair(...e.dataset[by].split('~')), e.getAttribute('d'));
  }
  const way = (key) => {
    const [a, b] = key.split('~').map((n) => nodes.get(n));
    return ways.get(key) ?? 'M' + a.x + ' ' + a.y + 'L' + b.x + ' ' + b.y;
  };

  const paintTraffic = (state) => {
    const layer = svg.querySelector('.traffic');
    if (!layer) return;
    const of = byId('flow').value;
    const all = steps(state).filter((r) => of === 'all' || of === r.class + ' ' + r.direction);
    const total = all.reduce((sum, r) => sum + Number(r.offered), 0);
    const edges = new Map(), ends = new Map();
    for (const r of all) {
      const paths = (r.path ?? '').split('; ').map((p) => p.split(' > ').filter((n) => nodes.has(n)));
      for (const p of paths) {
        for (const [kind, part] of [['', r.delivered], ['lost', r.lost]]) {
          const share = Number(part) / total / paths.length;
          if (share === 0) continue;
          for (let i = 1; i < p.length; i++) {
            const key = pair(p[i - 1], p[i]), look = kind || color(r.via);
            if (!edges.has(key)) edges.set(key, new Map());
            edges.get(key).set(look, (edges.get(key).get(look) ?? 0) + share);
          }
          if (kind && p.length > 0) ends.set(p[p.length - 1], (ends.get(p[p.length - 1]) ?? 0) + share);
        }
      }
    }
    const strands = [];
    for (const [key, looks] of edges) {
      const wide = [...looks].sort().map(([look, share]) => [look, Math.max(1.5, 9 * share)]);
      let w = wide.reduce((sum, [, part]) => sum + part, 0) + 2 * (wide.length - 1);
      const along = way(key);
      for (const [look, part] of wide) { // nested: what comes later lies in the middle of what came before
        strands.push(draw('path', { class: 'strand ' + look, 'stroke-width': w.toFixed(1), d: along }));
        w -= part + 2;
      }
    }
    layer.replaceChildren(...strands);
    for (const [name, share] of ends) {
      const node = nodes.get(name), line = node.e.matches('.dead, .hung, .halted, .still') ? 1 : 0;
      mark('loss', node, line, '✕ ' + percent(share) + ' lost');
    }
  };

  // The instant that is shown.
  let now = ns(d.focus), from = 0n, to = end;
  const slider = byId('time'), input = byId('time-input');
  const fine = BigInt(slider.max);
  const clamp = (t, low, high) => (t < low ? low : t > high ? high : t);
  let kept, opened = false;

  const cursors = () => {
    for (const pic of document.querySelectorAll('svg[data-from]')) {
      const cursor = pic.querySelector('.cursor');
      if (!cursor) continue;
      const a = BigInt(pic.dataset.from), b = BigInt(pic.dataset.to);
      const left = Number(pic.dataset.left), right = Number(pic.dataset.right);
      const line = cursor.querySelector('line'), x = left + (right - left) * Number(now - a) / Number(b - a || 1n);
      cursor.classList.toggle('on', now >= a && now <= b);
      cursor.setAttribute('transform', 'translate(' + (clamp(x, left, right) - Number(line?.getAttribute('x1') ?? left)).toFixed(2) + ' 0)');
    }
  };

  const show = () => {
    const n = until(now), state = fold(n);
    const span = to - from || 1n, words = exact(now) + ' s';
    slider.value = String(clamp(((now - from) * fine + span / 2n) / span, 0n, fine));
    slider.setAttribute('aria-valuetext', words);
    byId('time-exact').textContent = words;
    byId('network-title').textContent = 'The network at ' + words;
    byId('time-exact').dataset.value = String(now);
    byId('prev').setAttribute('aria-disabled', String(count === 0 || now <= instant(0))); // it keeps the focus
    byId('next').setAttribute('aria-disabled', String(count === 0 || now >= instant(count - 1)));
    fillTraffic(state);
    fillSessions(state);
    fillRoutes(state);
    fillChanges(n, now);
    if (svg) {
      marks.replaceChildren();
      paintState(state);
      paintTraffic(state);
    }
    cursors();
  };

  const go = (t) => {
    now = clamp(t, 0n, end);
    show();
    if (!opened) return;
    clearTimeout(kept);
    kept = setTimeout(() => {
      try { history.replaceState(null, '', '#t=' + exact(now) + 's'); } catch (refused) { /* the address stays */ }
    }, 300);
  };

  // step goes to the change before or after.
  const step = (by) => {
    const n = until(now);
    const at = by > 0 ? n : n > 0 && instant(n - 1) === now ? n - 2 : n - 1;
    if (at < 0 || at >= count) return;
    widen(instant(at)); // the slider shows where it is
    go(instant(at));
  };

  slider.addEventListener('input', () => go(from + ((to - from) * BigInt(slider.value)) / fine));
  byId('prev').addEventListener('click', () => step(-1));
  byId('next').addEventListener('click', () => step(1));
  slider.addEventListener('keydown', (e) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[e.key];
    if (by && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); step(by); }
  });
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) && e.target !== slider) return;
    if (e.key === 'j') step(1);
    if (e.key === 'k') step(-1);
  });
  input.addEventListener('change', () => {
    const t = parse(input.value);
    input.setAttribute('aria-invalid', String(t === undefined && input.value !== ''));
    if (t !== undefined) { widen(t); go(t); }
  });

  // The range of the slider is that of the picture over time that is shown.
  const range = (tab) => {
    from = BigInt(tab.dataset.from);
    to = BigInt(tab.dataset.to);
    byId('time-range').textContent = tab.textContent + ': ' + short(from) + ' to ' + short(to);
  };
  const tabs = [...document.querySelectorAll('[role=tab][data-from]')];
  const widen = (t) => { if (t < from || t > to) tabs[0].click(); };
  document.addEventListener('shown', (e) => {
    if (!e.target.dataset.from) return;
    range(e.target);
    if (now < from || now > to) now = e.target.dataset.at ? BigInt(e.target.dataset.at) : from;
    go(now);
  });
  document.querySelectorAll('svg[data-from]').forEach((pic) => pic.addEventListener('click', (e) => {
    const a = BigInt(pic.dataset.from), b = BigInt(pic.dataset.to), left = Number(pic.dataset.left), right = Number(pic.dataset.right);
    const box = pic.getBoundingClientRect(), x = (e.clientX - box.left) * pic.viewBox.baseVal.width / box.width;
    const part = clamp((x - left) / (right - left), 0, 1);
    go(a + ((b - a) * BigInt(Math.round(part * 1e6))) / 1000000n);
  }));

  // What can be chosen.
  const actors = new Set();
  for (const part of [d.sessions, d.routes]) for (const r of rows(part, 0, count)) actors.add(r.actor);
  byId('state-actor').append(...[...actors].sort().map((a) => make('option', { value: a }, a)));
  byId('state-actor').addEventListener('change', show);
  const flows = new Set();
  for (const r of rows(d.traffic, 0, count)) flows.add(r.class + ' ' + r.direction);
  byId('flow').append(...[...flows].sort().map((f) => make('option', { value: f }, f)));
  byId('flow').addEventListener('change', show);

  const legend = byId('legend');
  if (legend) {
    const item = (look, words) => {
      const span = make('span', {}), s = draw('svg', { class: 'diagram', width: 36, height: 10, 'aria-hidden': 'true' });
      s.append(draw('line', { class: look, x1: 1, x2: 35, y1: 5, y2: 5, 'stroke-width': 4 }));
      span.append(s, words);
      return span;
    };
    if (svg?.querySelector('[data-session]')) {
      legend.append(item('session up', 'established'), item('session stale', 'one end believes so'),
        item('session connecting', 'being opened'), item('session down', 'no session'));
    }
    if (flows.size > 0) {
      legend.append(...d.hubs.slice(0, 7).map((h) => item('strand ' + color(h), 'traffic via ' + h)), item('strand s8', 'traffic past all hubs'), item('strand lost', 'lost, ✕ where'),
        make('span', {}, 'Width: share of the traffic, in equal parts where a step has several paths.'));
    }
  }

  // The instant in the address, else the one that tells the story.
  const asked = address();
  const first = tabs.find((t) => t.dataset.at === String(now)) ?? tabs[0];
  if (first) { if (asked !== undefined) { range(tabs[0]); now = clamp(asked, 0n, end); } else { first.click(); } }
  addEventListener('hashchange', () => {
    const t = address();
    if (t !== undefined) { widen(t); go(t); }
  });
  show();
  opened = true;
})();
