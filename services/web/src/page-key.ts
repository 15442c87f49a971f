/**
 * Where a page's key comes from, first first: the address (`#key=…`, removed at once so that it lands in no
 * history or screenshot), this tab's session storage, the demo's public configuration, or the person, by a form.
 */
import { byId } from './dom.js';

/** Served in demo mode only. */
export interface PageConfig {
  readonly channelKey?: string;
  readonly agentKey?: string;
  readonly bot?: string;
  /** Shows what was understood of each message. */
  readonly showUnderstanding?: boolean;
}

export type KeyName = 'channelKey' | 'agentKey';

export async function loadPageConfig(): Promise<PageConfig> {
  const response = await fetch('/web/config.json', { cache: 'no-store' }).catch(() => undefined);
  return response?.ok ? ((await response.json().catch(() => ({}))) as PageConfig) : {};
}

export function findKey(name: KeyName, config: PageConfig): string | undefined {
  const fromAddress = new URLSearchParams(location.hash.slice(1)).get('key');
  if (fromAddress) {
    history.replaceState(null, '', location.pathname + location.search);
    rememberKey(name, fromAddress);
  }
  return fromAddress ?? sessionStorage.getItem(storageKey(name)) ?? config[name];
}

/** Shows the page's key form; resolves with what the person entered. */
export function askForKey(name: KeyName, refused = false): Promise<string> {
  const dialog = byId('key-dialog', HTMLDialogElement);
  const input = byId('key-input', HTMLInputElement);
  byId('key-refused', HTMLElement).hidden = !refused;
  if (!dialog.open) dialog.showModal();
  dialog.oncancel = (event) => event.preventDefault();
  return new Promise((resolve) => {
    byId('key-form', HTMLFormElement).onsubmit = (event) => {
      event.preventDefault();
      dialog.close();
      const key = input.value.trim();
      rememberKey(name, key);
      resolve(key);
    };
  });
}

/** The gateway refused the key: asks for another, and starts the page again with it. */
export async function replaceKey(name: KeyName): Promise<void> {
  sessionStorage.removeItem(storageKey(name));
  await askForKey(name, true);
  location.reload();
}

function rememberKey(name: KeyName, key: string): void {
  sessionStorage.setItem(storageKey(name), key);
}

function storageKey(name: KeyName): string {
  return `frontdesk.${name}`;
}
