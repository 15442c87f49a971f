/** All entities of an utterance, in order of their start, without overlaps: the more particular family wins. */
import { plainText } from '@frontdesk/core';
import { findAmounts } from './amount.js';
import { findCustom, type CompiledEntities } from './custom.js';
import type { CalendarDay, Entity } from './entity.js';
import { findMoments } from './moment.js';
import { findOrderNumbers } from './order-number.js';
import { findPersonal } from './personal.js';
import { findSkus } from './sku.js';
import { findTrackingNumbers } from './tracking-number.js';

/** Most particular first; a bot's own definitions come before all of them. */
const families = [findTrackingNumbers, findPersonal, findSkus, findOrderNumbers, findMoments, findAmounts];

/** Nobody means more than these; a message of nothing but dates must not keep the one thread busy. */
const MOST = 100;

export interface Extraction {
  /** The customer's day and minute, from which "tomorrow" and "in two hours" are counted. */
  readonly today: CalendarDay;
  /** What `compileDefinitions` made of the bot's own types. */
  readonly custom?: CompiledEntities;
}

/** At most the first 100 of each family. Any text has an answer, also one of lone surrogates. */
export function extractEntities(text: string, { today, custom }: Extraction): Entity[] {
  const plain = plainText(text);
  const utterance = { plain, folded: plain.folded, today };
  const taken = new Uint8Array(plain.folded.length);
  const found: Entity[] = [];
  const keep = (entities: readonly Entity[]) => {
    for (const { type, value, start, end } of entities.slice(0, MOST)) {
      if (taken.subarray(start, end).includes(1)) continue;
      taken.fill(1, start, end);
      found.push({ type, value, ...plain.spanOf(start, end) });
    }
  };
  if (custom) keep(findCustom(plain, custom));
  for (const find of families) keep(find(utterance));
  return found.sort((a, b) => a.start - b.start);
}
