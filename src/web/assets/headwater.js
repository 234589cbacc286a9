// Starts the published components that a page uses. Every page works without this.
import { initAll } from './govuk-frontend.js';

initAll();

if (document.querySelector('[data-module^="moj-"]')) {
  const components = await import('./moj-frontend.js');
  components.initAll();
}
