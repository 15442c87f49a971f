/** Building the page from values. Text only ever enters as a text node, so nothing a person wrote is markup. */
import type { Texts } from './texts.js';

type Attributes = Readonly<Record<string, string | undefined>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes,
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/** A 24 × 24 line icon from the `d` of one path. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  setAttributes(svg, { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' });
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  setAttributes(line, { d: path });
  svg.append(line);
  return svg;
}

export function button(
  attributes: Attributes,
  onClick: () => void,
  ...children: (Node | string)[]
): HTMLButtonElement {
  const node = element('button', { type: 'button', ...attributes }, ...children);
  node.addEventListener('click', onClick);
  return node;
}

/** An element which the page's HTML promises. */
export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const node = document.getElementById(id);
  if (!(node instanceof type)) throw new Error(`The page has no ${type.name} with the id ${id}.`);
  return node;
}

/** Fills `data-text`, `data-label` and `data-placeholder` below `root` with the texts they name. */
export function applyTexts(root: ParentNode, t: Texts): void {
  const named = t as unknown as Readonly<Record<string, string>>;
  for (const node of root.querySelectorAll<HTMLElement>('[data-text],[data-label],[data-placeholder]')) {
    const { text, label, placeholder } = node.dataset;
    if (text) node.textContent = named[text] ?? '';
    if (label) node.setAttribute('aria-label', named[label] ?? '');
    if (placeholder) node.setAttribute('placeholder', named[placeholder] ?? '');
  }
}

/** A random id; unlike crypto.randomUUID it also exists on pages served without TLS. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value);
  }
}
