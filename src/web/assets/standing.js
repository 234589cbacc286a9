// Asks, while a page is open, whether the agreements that it stood on still give it, and knows when an emergency is over. Then what it showed is taken
// away and the page says why; what somebody was typing is left for them to copy.

const { standsOn, standing, openFor } = document.body.dataset;
const every = 30_000;
let timer;

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function goDark(why) {
  clearInterval(timer);
  const main = document.querySelector('#main-content');
  const typed = [...main.querySelectorAll('textarea')].map(({ value, defaultValue }) => (value === defaultValue ? '' : value.trim())).filter((text) => text !== '');
  const heading = element('h1', 'govuk-heading-l', 'You cannot see this now');
  heading.tabIndex = -1;
  const again = element('a', 'govuk-link', 'Load the page again');
  again.href = location.href;
  const way = element('p', 'govuk-body', ' to see what you may see now.');
  way.prepend(again);
  const kept = typed.flatMap((text, at) => {
    const label = element('label', 'govuk-label govuk-label--s', 'What you had typed, and was not sent');
    const area = element('textarea', 'govuk-textarea', text);
    Object.assign(area, { id: `typed-${at}`, rows: 8, readOnly: true });
    label.htmlFor = area.id;
    return [label, area];
  });
  main.replaceChildren(heading, element('p', 'govuk-body', why), way, ...kept);
  document.title = `You cannot see this now – ${document.title.split(' – ').slice(1).join(' – ')}`;
  heading.focus();
}

async function ask() {
  if (document.visibilityState === 'hidden') return;
  try {
    const response = await fetch(`${standing}?on=${encodeURIComponent(standsOn)}`, { redirect: 'manual', headers: { accept: 'application/json' } });
    if (!response.ok) return;
    const { stands, why } = await response.json();
    if (!stands) goDark(`What agreements give you changed while this page was open. ${why}`);
  } catch {
    // The service is away for a moment; it is asked again.
  }
}

if (standsOn) {
  timer = setInterval(ask, every);
  document.addEventListener('visibilitychange', ask);
}
if (openFor) setTimeout(() => goDark('The two hours for which you asked to see more of this record are over.'), Number(openFor));
