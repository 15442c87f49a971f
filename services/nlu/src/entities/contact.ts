/** Phone numbers and e-mail addresses, as core's personal-data finder sees them. */
import { findPii } from '@frontdesk/core';
import type { Entity, Utterance } from './entity.js';

export function findContacts({ text }: Utterance): Entity[] {
  return findPii(text).flatMap(({ type, value, start, end }) =>
    type === 'phone' || type === 'email' ? [{ type, value, start, end }] : [],
  );
}
