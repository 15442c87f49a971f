/** Phones, mail addresses, identity numbers, cards, names, addresses: what core's finder of personal data sees. */
import { findPii } from '@frontdesk/core';
import type { Entity, Utterance } from './entity.js';

/** The finder reads the text as it is seen, in which its spans are ours. */
export function findPersonal({ plain }: Utterance): Entity[] {
  return findPii(plain.cased);
}
