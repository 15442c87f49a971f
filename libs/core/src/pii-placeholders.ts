/**
 * The names that personal data goes by within one conversation: the same phone is `[PHONE_1]` in every message, however
 * it is written. Promises that whoever holds the table can restore a text, and that nobody else can.
 */
import type { PiiSpan, PiiType } from './pii-span.js';

export interface Placeholder {
  readonly type: PiiType;
  /** What makes two spellings the same, e.g. the digits of a phone without the country code. */
  readonly identity: string;
  /** As the customer first wrote it. */
  readonly written: string;
}

const PLACEHOLDER = /\[[A-Z_]+_\d+\]/g;

export class Placeholders {
  private readonly byIdentity = new Map<string, string>();
  private readonly byName = new Map<string, Placeholder>();
  private readonly counts = new Map<PiiType, number>();

  /** `known` is what `entries` gave after earlier messages of the conversation, in that order. */
  constructor(known: Iterable<Placeholder> = []) {
    for (const placeholder of known) this.add(placeholder);
  }

  /** `[PHONE_1]` for a span written as `written`; a new one gets the next number of its type. */
  nameOf({ type, value }: PiiSpan, written: string): string {
    const identity = identityOf(type, value);
    return this.byIdentity.get(`${type} ${identity}`) ?? this.add({ type, identity, written });
  }

  /** `text` with every placeholder of this table as it was first written. Others are left. */
  restore(text: string): string {
    return text.replace(PLACEHOLDER, (name) => this.byName.get(name)?.written ?? name);
  }

  /** In the order of their first appearance; plain values, to be kept with the conversation. */
  entries(): Placeholder[] {
    return [...this.byName.values()];
  }

  private add(placeholder: Placeholder): string {
    const { type, identity } = placeholder;
    const count = (this.counts.get(type) ?? 0) + 1;
    this.counts.set(type, count);
    const name = `[${type.toUpperCase()}_${count}]`;
    this.byIdentity.set(`${type} ${identity}`, name);
    this.byName.set(name, placeholder);
    return name;
  }
}

function identityOf(type: PiiType, value: string): string {
  if (type === 'phone') return value.replace(/^\+|^00/, '').replace(/^86(?=1\d{10}$)/, '');
  return value.replace(/[\s,.，。]+/g, ' ').toLowerCase();
}
