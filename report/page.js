// What all pages share: their data, the theme, tables that sort, tabs.
const page = {};
page.byId = (id) => document.getElementById(id);
page.data = page.byId('data') ? JSON.parse(page.byId('data').textContent) : null;

// make gives an element of the page. Texts are set as text, never as HTML.
page.make = (name, attrs, text) => {
  const e = document.createElement(name);
  for (const key in attrs) e.setAttribute(key, attrs[key]);
  if (text !== undefined) e.textContent = text;
  return e;
};

// The theme: as the system says, or as was chosen.
(() => {
  const root = document.documentElement, button = page.byId('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const label = () => { button.textContent = dark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', dark() ? 'Show light colours' : 'Show dark colours'); };
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    try { localStorage.setItem('theme', root.dataset.theme); } catch (blocked) { /* for this visit alone */ }
    label();
  });
  system.addEventListener('change', label);
  label();
})();

// order compares two exact values: whole numbers of any size, other numbers, texts.
page.order = (a, b) => {
  const whole = /^-?\d+$/;
  if (whole.test(a) && whole.test(b)) {
    const x = BigInt(a), y = BigInt(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const x = Number(a), y = Number(b);
  if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
};

const sorts = new Map();

// Tables are sorted by the head that is clicked, and back by the next click. The value
// of a cell that has none comes last.
page.sortable = (table) => {
  let again = () => {};
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, i) => { const c = row.cells[i]; return c ? (c.dataset.value ?? c.textContent) : ''; };
  const none = (v) => v === '' || v === '-';
  heads.forEach((head, i) => {
    const button = page.make('button', { type: 'button', class: 'sort' }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const h of heads) h.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      again = () => {
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => {
          const x = value(a, i), y = value(b, i);
          if (none(x) || none(y)) return none(x) - none(y);
          return down ? page.order(y, x) : page.order(x, y);
        });
        table.tBodies[0].append(...rows);
      };
      again();
    });
  });
  sorts.set(table, () => again());
};
// sorted brings rows that a script wrote into the order that the reader chose.
page.sorted = (table) => sorts.get(table)?.();
document.querySelectorAll('table.sortable').forEach(page.sortable);

// Tabs: one is shown; arrow keys go to the next (ARIA Authoring Practices).
document.querySelectorAll('[role=tablist]').forEach((list) => {
  const tabs = [...list.querySelectorAll('[role=tab]')];
  const show = (tab) => {
    for (const t of tabs) {
      t.setAttribute('aria-selected', String(t === tab));
      t.tabIndex = t === tab ? 0 : -1;
      page.byId(t.getAttribute('aria-controls')).classList.toggle('current', t === tab);
    }
    tab.dispatchEvent(new CustomEvent('shown', { bubbles: true }));
  };
  tabs.forEach((t) => t.addEventListener('click', () => show(t)));
  list.addEventListener('keydown', (e) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[e.key];
    if (at < 0 || to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.focus();
    show(next);
  });
});
