import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './api.js';

/**
 * Does what an app in the field does: tries until it is answered, for as long as a customer might hold a phone. What
 * it sends must be safe to send twice. Only what trying again cannot heal is thrown.
 */
export async function persist<T>(attempt: () => Promise<T>, limitMs = 60_000): Promise<T> {
  for (const until = Date.now() + limitMs; ; await sleep(250)) {
    try {
      return await attempt();
    } catch (error) {
      if (!passing(error) || Date.now() > until) throw error;
    }
  }
}

function passing(error: unknown): boolean {
  if (!(error instanceof Refusal)) return true;
  const { status, body } = error.answer;
  return status >= 500 || body.code === 'aborted';
}
