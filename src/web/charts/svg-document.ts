// The document that Observable Plot draws into on the server: the few parts of the DOM that it uses to make an SVG, which is written as text and thrown
// away. A whole DOM spends most of its time on what nobody asks of it here: events, live lists, selectors.

import { escapeText } from './svg-text.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';

/** What a policy of content forbids, or what is said once for the whole picture. */
const leftOut: ReadonlySet<string> = new Set(['style', 'aria-label', 'aria-hidden', 'class']);

const numeric: ReadonlySet<string> = new Set(['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height', 'd', 'transform']);

/** Coordinates keep a tenth of a pixel. */
const roundNumbers = (value: string): string => (value.includes('.') ? value.replaceAll(/-?\d+\.\d{2,}(e-?\d+)?/g, (found) => String(Math.round(Number(found) * 10) / 10)) : value);

type SvgChild = SvgElement | string;

export class SvgElement {
  readonly ownerDocument: SvgDocument;
  readonly tagName: string;
  readonly namespaceURI: string = svgNamespace;
  parentNode: SvgElement | null = null;
  /** Plot sets none that is not left out of the text. */
  readonly style = { setProperty: () => undefined };
  readonly childNodes: SvgChild[] = [];
  readonly #attributes = new Map<string, string>();

  constructor(document: SvgDocument, name: string) {
    this.ownerDocument = document;
    this.tagName = name;
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string | null, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  get firstChild(): SvgChild | null {
    return this.childNodes[0] ?? null;
  }

  get children(): SvgElement[] {
    return this.childNodes.filter((child) => typeof child !== 'string');
  }

  get textContent(): string {
    return this.childNodes.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
  }

  set textContent(text: string) {
    this.childNodes.length = 0;
    if (text !== '') this.childNodes.push(text);
  }

  appendChild<T extends SvgChild>(child: T): T {
    return this.insertBefore(child, null);
  }

  append(...children: SvgChild[]): void {
    for (const child of children) this.appendChild(child);
  }

  insertBefore<T extends SvgChild>(child: T, before: SvgChild | null): T {
    if (typeof child !== 'string') {
      child.parentNode?.removeChild(child);
      child.parentNode = this;
    }
    if (before === null) this.childNodes.push(child);
    else this.childNodes.splice(this.childNodes.indexOf(before), 0, child);
    return child;
  }

  removeChild(child: SvgElement): SvgElement {
    const place = this.childNodes.indexOf(child);
    if (place !== -1) this.childNodes.splice(place, 1);
    child.parentNode = null;
    return child;
  }

  /** The inside as text, without styles and names, every value escaped. */
  get inner(): string {
    let text = '';
    for (const child of this.childNodes) text += typeof child === 'string' ? escapeText(child) : child.#outer;
    return text;
  }

  get #outer(): string {
    if (this.tagName === 'style') return '';
    let text = `<${this.tagName}`;
    for (const [name, value] of this.#attributes) if (!leftOut.has(name)) text += ` ${name}="${escapeText(numeric.has(name) ? roundNumbers(value) : value)}"`;
    const { inner } = this;
    return inner === '' ? `${text}/>` : `${text}>${inner}</${this.tagName}>`;
  }
}

export class SvgDocument {
  readonly documentElement: SvgElement = new SvgElement(this, 'svg');

  createElementNS(_namespace: string, name: string): SvgElement {
    return new SvgElement(this, name);
  }

  createTextNode(text: string): string {
    return text;
  }
}
