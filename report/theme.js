// Before anything is painted: scripts run, and light or dark as the reader chose.
document.documentElement.classList.add('js');
try {
  var kept = localStorage.getItem('theme');
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
} catch (blocked) { /* pages of files may keep nothing */ }
