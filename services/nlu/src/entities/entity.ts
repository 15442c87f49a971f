/** A typed value in an utterance. Every family of entities is a file with one function `Utterance → Entity[]`. */

export type EntityType = 'order_number' | 'tracking_number' | 'sku' | 'phone' | 'email' | 'amount' | 'date';

export interface Entity {
  readonly type: EntityType;
  /** The normal form: `A1001`, `300 CNY`, `2026-03-05`. */
  readonly value: string;
  /** UTF-16 offsets: `text.slice(start, end)` is what the customer wrote. */
  readonly start: number;
  readonly end: number;
}

export interface Utterance {
  /** As the customer wrote it. */
  readonly text: string;
  /** Full-width characters and capitals folded; the same length, so offsets hold for both. */
  readonly folded: string;
  /** The customer's current day. */
  readonly today: CalendarDay;
}

export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
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
