/** A typed value in an utterance. Every family of entities is a file with one function `Utterance → Entity[]`. */
import type { PiiType, PlainText } from '@frontdesk/core';

/** The types every bot knows; its own definitions add more, or more forms of these. */
export type EntityType =
  | 'order_number'
  | 'tracking_number'
  | 'sku'
  | 'amount'
  /** A whole day, `2026-11-25`. */
  | 'date'
  /** A time of day no day is named for, `15:00`. */
  | 'time'
  /** `2026-11-25T15:00`, on the customer's clock. */
  | 'datetime'
  | PiiType;

export interface Entity {
  /** An `EntityType`, or a type of the bot's own such as `product`. */
  readonly type: string;
  /** The normal form: `A1001`, `300 CNY`, `2026-03-05`. */
  readonly value: string;
  /** UTF-16 offsets: `text.slice(start, end)` is what the customer wrote. */
  readonly start: number;
  readonly end: number;
}

export interface Utterance {
  /** What the customer wrote, as a reader sees it; entities are found in it, and their spans led back at the end. */
  readonly plain: PlainText;
  /** `plain.folded`: ASCII letters in lower case. */
  readonly folded: string;
  /** The customer's current day and minute. */
  readonly today: CalendarDay;
}

export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** Minutes since midnight; without it nothing is told that is hours away from now. */
  readonly minute?: number;
}

/** Every match of a global pattern as an entity, where `normalise` knows a value for it. */
export function entitiesOf(
  type: EntityType,
  { folded }: Utterance,
  pattern: RegExp,
  normalise: (match: RegExpExecArray) => string | undefined,
): Entity[] {
  const entities: Entity[] = [];
  for (const match of folded.matchAll(pattern)) {
    const value = normalise(match);
    // A label in front ("order no. ") helps to find a value but is no part of it.
    const length = match.groups?.['value']?.length ?? match[0].length;
    const end = match.index + match[0].length;
    if (value !== undefined) entities.push({ type, value, start: end - length, end });
  }
  return entities;
}
