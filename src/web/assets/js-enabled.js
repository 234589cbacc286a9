// Runs first in the body, as a file because the content policy refuses inline scripts: tells the style sheets that scripts run.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');
