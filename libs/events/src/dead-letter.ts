/**
 * Gives dead letters another chance: each goes to its topic again under its old id, so that the group which failed
 * handles it and the others, which have, take no notice. It comes after events that have passed it meanwhile.
 */
import type { DeadLetter, EventBus } from './event-bus.js';

export interface ReplayOptions {
  readonly bus: EventBus;
  readonly topic: string;
  /** Only letters of this group. */
  readonly group?: string;
  /** Only looks. */
  readonly dryRun?: boolean;
  /** Sees each letter that is asked for. */
  readonly onLetter?: (letter: DeadLetter) => void;
}

export interface ReplayResult {
  readonly found: number;
  readonly replayed: number;
  /** Could not be read when they came, so nobody can handle them; they stay. */
  readonly unreadable: number;
}

export async function replayDeadLetters(options: ReplayOptions): Promise<ReplayResult> {
  const { bus, topic, group, dryRun = false, onLetter = () => {} } = options;
  const result = { found: 0, replayed: 0, unreadable: 0 };
  await bus.deadLetters(topic, async (letter) => {
    if (group !== undefined && letter.group !== group) return 'keep';
    onLetter(letter);
    result.found += 1;
    if (!letter.record) result.unreadable += 1;
    if (!letter.record || dryRun) return 'keep';
    await bus.publish([letter.record]);
    result.replayed += 1;
    return 'remove';
  });
  return result;
}
