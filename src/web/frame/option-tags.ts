// The options of a list as HTML, escaped. A template's own loop takes ten times as long, and a page has hundreds of them.

import nunjucks from 'nunjucks';
import { escapeText } from '../charts/svg-text.ts';

const { SafeString } = nunjucks.runtime;

export interface ListOption {
  value: string;
  text: string;
  chosen?: boolean;
}

/** For templates: `{{ items | optionTags }}`. */
export function optionTags(items: readonly ListOption[]): InstanceType<typeof SafeString> {
  return new SafeString(items.map(({ value, text, chosen }) => `<option value="${escapeText(value)}"${chosen ? ' selected' : ''}>${escapeText(text)}</option>`).join(''));
}
