"""Opens pages in Debian's Chromium without a screen, and tells what is wrong with any of them, whatever it is about."""

import contextlib
import pathlib
import shutil

from playwright.sync_api import sync_playwright

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 760}

WATCH = """addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));"""


@contextlib.contextmanager
def chromium():
    """Gives a browser."""
    path = shutil.which("chromium")
    if not path:
        raise SystemExit("Chromium is missing: Debian's package is chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser, path, faults, viewport=WIDE, **options):
    """Gives a page that shows a file. Whatever goes wrong in it until it is closed is added to the faults."""
    context = browser.new_context(viewport=viewport, **options)
    context.add_init_script(WATCH)
    page, url = context.new_page(), pathlib.Path(path).resolve().as_uri()
    page.on("console", lambda m: faults.append(f"console {m.type}: {m.text}") if m.type in ("error", "warning", "assert") else None)
    page.on("pageerror", lambda err: faults.append(f"error: {err}"))
    page.on("request", lambda r: faults.append(f"asks for {r.url}") if r.url.split("#")[0] != url and not r.url.startswith("data:") else None)
    page.on("dialog", lambda d: (faults.append(f"dialog: {d.message}"), d.dismiss()))
    page.goto(url)
    yield page
    context.close()


def faults_of_pictures(page):
    """Pictures without a title or a description, and texts in them that overlap, are cut or leave the picture."""
    return page.evaluate(PICTURES)


def faults_of_width(page):
    """A page that is wider than the screen, and what makes it so."""
    return page.evaluate(WIDTH)


def faults_of_contrast(page):
    """Texts whose contrast with what is painted below them is less than WCAG 2.2 asks of small text, 4.5 to 1."""
    return page.evaluate(CONTRAST)


def reached(page):
    """Returns the ids of what the Tab key reaches, in its order; what has none by the name of its element."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    found = []
    for _ in range(2000):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement === document.body ? null : document.activeElement.id || document.activeElement.localName")
        if at is None:
            return found
        found.append(at)
    return found


SHOWN = """
const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getClientRects().length > 0;
const inside = (e) => (e.textContent || '').trim().slice(0, 40);
"""

PICTURES = "() => {" + SHOWN + """
  const faults = [];
  for (const svg of document.querySelectorAll('svg:not([aria-hidden=true])')) {
    const name = svg.id || inside(svg), child = (tag) => [...svg.children].find((c) => c.localName === tag);
    for (const tag of ['title', 'desc']) if (!child(tag)?.textContent.trim()) faults.push(`picture ${name} has no ${tag}`);
    if (!shown(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter((t) => shown(t) && t.textContent.trim()).map((t) => ({ said: inside(t), r: t.getBoundingClientRect(), turned: !!t.closest('[transform*=rotate]') }));
    for (const { said, r } of texts) {
      if (r.left < frame.left - 1 || r.right > frame.right + 1 || r.top < frame.top - 1 || r.bottom > frame.bottom + 1) faults.push(`picture ${name}: "${said}" is cut`);
    }
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
      if (a.turned || b.turned) return;
      const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
      const high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      if (wide > 1 && high > 0.35 * Math.min(a.r.height, b.r.height)) faults.push(`picture ${name}: "${a.said}" and "${b.said}" overlap`);
    }));
  }
  return faults;
}"""

WIDTH = "() => {" + SHOWN + """
  const root = document.documentElement, room = root.clientWidth;
  if (root.scrollWidth <= room) return [];
  const scrolled = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true; return false; };
  const wide = [...document.body.querySelectorAll('*')].filter((e) => shown(e) && e.getBoundingClientRect().right > room + 1 && !scrolled(e));
  return [`the page is ${root.scrollWidth} px wide on a screen of ${room}: ` + wide.slice(0, 3).map((e) => `${e.localName}#${e.id}.${e.className.baseVal ?? e.className} "${inside(e)}"`).join(', ')];
}"""

# What is below a text: of HTML the backgrounds of its ancestors, of a picture also the shapes that were painted before it
# and hold its middle.
CONTRAST = "() => {" + SHOWN + """
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (top, bottom, alpha) => [0, 1, 2].map((i) => top[i] * alpha + bottom[i] * (1 - alpha));
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const ancestors = (e) => { const all = []; for (let p = e; p; p = p.parentElement) all.unshift(p); return all; };
  const faded = (e) => ancestors(e).reduce((o, p) => o * getComputedStyle(p).opacity, 1);
  const paper = (e) => ancestors(e).reduce((c, p) => { const b = rgba(getComputedStyle(p).backgroundColor); return over(b, c, b[3]); }, [255, 255, 255]);
  const faults = new Map();
  const tell = (e, ink, ground, large) => {
    const got = ratio(over(ink, ground, ink[3]), ground), least = large ? 3 : 4.5;
    const where = e.ownerSVGElement ? `${e.ownerSVGElement.id} text.${e.className.baseVal}` : `${e.localName}.${e.className}`;
    if (got < least - 0.01 && !faults.has(where)) faults.set(where, `contrast ${got.toFixed(2)} of ${where} "${inside(e)}"`);
  };
  const large = (s) => parseFloat(s.fontSize) >= 24 || (parseFloat(s.fontSize) >= 18.66 && s.fontWeight >= 700);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('svg') || !shown(e) || e.disabled || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (['script', 'style', 'option'].includes(e.localName)) continue;
    const s = getComputedStyle(e), ink = rgba(s.color);
    tell(e, [...ink.slice(0, 3), ink[3] * faded(e)], paper(e), large(s));
  }
  for (const svg of document.querySelectorAll('svg')) {
    if (!shown(svg)) continue;
    const ground = paper(svg), shapes = [];
    for (const e of svg.querySelectorAll('rect, path, circle, ellipse, polygon, text')) {
      if (e.closest('defs, pattern, marker, clipPath') || !shown(e)) continue;
      const s = getComputedStyle(e), r = e.getBoundingClientRect();
      const fill = s.fill.startsWith('url') ? null : s.fill === 'none' ? [0, 0, 0, 0] : rgba(s.fill);
      if (e.localName !== 'text') { if (fill) shapes.push({ r, fill, alpha: fill[3] * s.fillOpacity * faded(e) }); continue; }
      if (!e.textContent.trim()) continue;
      const x = (r.left + r.right) / 2, y = (r.top + r.bottom) / 2;
      const below = shapes.filter((h) => h.r.left <= x && x <= h.r.right && h.r.top <= y && y <= h.r.bottom).reduce((c, h) => over(h.fill, c, h.alpha), ground);
      const haloed = s.paintOrder.startsWith('stroke') && s.stroke !== 'none' && parseFloat(s.strokeWidth) >= 2;
      tell(e, [...fill.slice(0, 3), fill[3] * s.fillOpacity * faded(e)], haloed ? over(rgba(s.stroke), below, rgba(s.stroke)[3] * s.strokeOpacity) : below, large(s));
    }
  }
  return [...faults.values()];
}"""
