/** Every call ends: at its deadline, or when its caller leaves. */
import { AppError, codeOf, currentContext, runInContext } from '@frontdesk/core';
import { jest } from '@jest/globals';
import { aborted, readAll } from './wire.contract.js';
import type { Offering } from './wire.contract.js';

/** A caller in another process may hang up before the callee's own clock has reached the deadline. */
const LATE = /^(deadline_exceeded|cancelled)$/;

export function timeContract({ dialogue }: Offering): void {
  describe('deadlines', () => {
    it('are always set, by default 5 s for a unary call and 60 s for a stream', async () => {
      const left: number[] = [];
      const { getConversation, watch } = await dialogue({
        getConversation: async (_, call) => (left.push(call.deadline - Date.now()), {}),
        async *watch(_, call) {
          left.push(call.deadline - Date.now());
          yield {};
        },
      });
      await getConversation({});
      for await (const _ of watch({}));
      expect(left[0]).toBeGreaterThan(0);
      expect(left[0]).toBeLessThanOrEqual(5_000);
      expect(left[1]).toBeGreaterThan(5_000);
      expect(left[1]).toBeLessThanOrEqual(60_000);
    });

    it('never exceed what is left to the caller, and reach the context of the callee', async () => {
      const seen: (number | undefined)[] = [];
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => (seen.push(call.deadline, currentContext()?.deadline), {}),
      });
      const deadline = Date.now() + 3_000;
      await runInContext({ requestId: 'r', deadline }, () => getConversation({}, { timeoutMs: 3_600_000 }));
      // A deadline travels as the time left, so it moves by the time in transit.
      expect(seen[0]).toBeLessThanOrEqual(deadline + 1_000);
      expect(seen[1]).toBe(seen[0]);
    });

    it('end a unary call on both sides, even where the handler ignores its signal', async () => {
      const aborted = Promise.withResolvers<unknown>();
      const { getConversation } = await dialogue({
        getConversation: (_, call) => {
          call.signal.addEventListener('abort', () => aborted.resolve(codeOf(call.signal.reason)));
          return new Promise(() => {});
        },
      });
      await expect(getConversation({}, { timeoutMs: 1_000 })).rejects.toMatchObject({
        code: 'deadline_exceeded',
      });
      expect(await aborted.promise).toMatch(LATE);
    });

    it('end a stream on both sides after what was sent in time', async () => {
      const closed = Promise.withResolvers<unknown>();
      const { watch } = await dialogue({
        async *watch(_, call) {
          try {
            yield { event: { case: 'closed', value: {} } };
            await aborted(call);
          } finally {
            closed.resolve(codeOf(call.signal.reason));
          }
        },
      });
      const { read, error } = await readAll(watch({}, { timeoutMs: 1_000 }));
      expect(read).toBe(1);
      expect(error).toMatchObject({ code: 'deadline_exceeded' });
      expect(await closed.promise).toMatch(LATE);
    });

    it('that have passed leave no call to make', async () => {
      const getConversation = jest.fn(async () => ({}));
      const client = await dialogue({ getConversation });
      const late = runInContext({ requestId: 'r', deadline: Date.now() - 1 }, () =>
        client.getConversation({}),
      );
      await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
      expect(getConversation).not.toHaveBeenCalled();
    });
  });

  describe('cancellation', () => {
    it('by signal ends a unary call on both sides', async () => {
      const [started, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => {
          started.resolve();
          await aborted(call);
          ended.resolve(codeOf(call.signal.reason));
          return {};
        },
      });
      const stop = new AbortController();
      const call = getConversation({}, { signal: stop.signal });
      await started.promise;
      stop.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      expect(await ended.promise).toBe('cancelled');
    });

    it('by signal ends a stream on both sides', async () => {
      const ended = Promise.withResolvers<unknown>();
      const { watch } = await dialogue({
        async *watch(_, call) {
          try {
            yield {};
            await aborted(call);
          } finally {
            ended.resolve(codeOf(call.signal.reason));
          }
        },
      });
      const stop = new AbortController();
      const reading = watch({}, { signal: stop.signal })[Symbol.asyncIterator]();
      await reading.next();
      const next = reading.next();
      stop.abort(new AppError('aborted', 'A newer message took over.'));
      await expect(next).rejects.toMatchObject({ code: 'aborted', message: 'A newer message took over.' });
      expect(await ended.promise).toBe('cancelled');
    });

    it('by leaving the loop closes the generator, between messages and within one', async () => {
      for (const waits of [false, true]) {
        const closed = Promise.withResolvers<string | undefined>();
        const { watch } = await dialogue({
          async *watch(_, call) {
            try {
              yield {};
              for (;;) {
                await (waits ? aborted(call) : new Promise(setImmediate));
                yield {};
              }
            } finally {
              closed.resolve(currentContext()?.tenantId);
            }
          },
        });
        await runInContext({ requestId: 'r', tenantId: 't1' }, async () => {
          for await (const _ of watch({})) break;
        });
        expect(await closed.promise).toBe('t1');
      }
    });

    it('follows the caller: its own cancelled call cancels the calls it makes', async () => {
      const [started, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => {
          started.resolve();
          await aborted(call);
          ended.resolve(codeOf(call.signal.reason));
          return {};
        },
      });
      const stop = new AbortController();
      const call = runInContext({ requestId: 'r', signal: stop.signal }, () => getConversation({}));
      await started.promise;
      stop.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      expect(await ended.promise).toBe('cancelled');
    });

    it('before the call leaves no call to make', async () => {
      const getConversation = jest.fn(async () => ({}));
      const client = await dialogue({ getConversation });
      await expect(client.getConversation({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'cancelled',
      });
      expect(getConversation).not.toHaveBeenCalled();
    });
  });
}
