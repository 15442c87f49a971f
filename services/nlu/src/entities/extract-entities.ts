/** All entities of an utterance, in order of their start, without overlaps: the more particular family wins. */
import { foldWidth } from '@frontdesk/core';
import { findAmounts } from './amount.js';
import { findContacts } from './contact.js';
import { findDates } from './date.js';
import type { CalendarDay, Entity } from './entity.js';
import { findOrderNumbers } from './order-number.js';
import { findSkus } from './sku.js';
import { findTrackingNumbers } from './tracking-number.js';

/** Most particular first. */
const families = [findTrackingNumbers, findContacts, findSkus, findOrderNumbers, findDates, findAmounts];

/** Nobody means more than these; a message of nothing but dates must not keep the one thread busy. */
const MOST = 100;

/** At most the first 100 of each family. `today` is the customer's day, from which "tomorrow" is counted. */
export function extractEntities(text: string, { today }: { today: CalendarDay }): Entity[] {
  const utterance = { text, folded: foldWidth(text), today };
  const found: Entity[] = [];
  for (const find of families) {
    for (const entity of [...find(utterance)].slice(0, MOST)) {
      if (!found.some((other) => entity.start < other.end && other.start < entity.end)) found.push(entity);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
