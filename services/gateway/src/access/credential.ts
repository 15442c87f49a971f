/**
 * API keys as text: `fd_<kind>_<256 random bits in base 62>`. Only the SHA-256 of one is ever stored; with that much
 * randomness a slow hash would protect nothing more.
 */
import { hash, randomBytes } from 'node:crypto';

export const tenantKeyKinds = ['channel', 'agent', 'admin'] as const;
export type TenantKeyKind = (typeof tenantKeyKinds)[number];
export type KeyKind = TenantKeyKind | 'platform';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Of 256 bits in base 62. */
const length = 43;
const pattern = /^fd_(channel|agent|admin|platform)_[0-9A-Za-z]{43}$/;

export interface Secret {
  readonly kind: KeyKind;
  /** SHA-256, 32 bytes in base 64. */
  readonly digest: string;
}

/** A new key; the only moment at which its text exists on our side. */
export function newKey(kind: KeyKind): string {
  let rest = BigInt(`0x${randomBytes(32).toString('hex')}`);
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text += digits[Number(rest % 62n)];
    rest /= 62n;
  }
  return `fd_${kind}_${text}`;
}

/** What a text says if it has the form of a key, or undefined. */
export function secretOf(text: string): Secret | undefined {
  const kind = pattern.exec(text)?.[1] as KeyKind | undefined;
  return kind && { kind, digest: digestOf(text) };
}

export function digestOf(text: string): string {
  return hash('sha256', text, 'base64');
}

/** As much of a key as may be shown in a list. */
export function hintOf(key: string): string {
  return `${key.slice(0, key.lastIndexOf('_') + 5)}…`;
}
