/** Retries, reports, and the end of a service. */
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { AppError } from '@frontdesk/core';
import { MethodTable } from '../method-table.js';
import type { FinishedCall } from '../observer.js';
import { readAll, settled } from './wire.contract.js';
import type { Dialogue, Offering } from './wire.contract.js';

export function lifecycleContract({ dialogue, serve }: Offering): void {
  describe('retries', () => {
    const unavailable = (attempts: { count: number }, failures: number) => async () => {
      if (++attempts.count <= failures) throw new AppError('unavailable', 'Not yet.');
      return {};
    };

    it('are made where the contract says idempotent', async () => {
      const attempts = { count: 0 };
      const { getConversation } = await dialogue({ getConversation: unavailable(attempts, 2) });
      await getConversation({});
      expect(attempts.count).toBe(3);
    });

    it('are not made where it does not', async () => {
      const attempts = { count: 0 };
      const { openConversation } = await dialogue({ openConversation: unavailable(attempts, 2) });
      await expect(openConversation({})).rejects.toMatchObject({ code: 'unavailable', message: 'Not yet.' });
      expect(attempts.count).toBe(1);
    });

    it('are not made of other failures, nor more than twice', async () => {
      let count = 0;
      const { getConversation, closeConversation } = await dialogue({
        getConversation: async () => {
          count++;
          throw new AppError('internal', 'No.');
        },
        closeConversation: async () => {
          count++;
          throw new AppError('unavailable', 'No.');
        },
      });
      await expect(getConversation({})).rejects.toMatchObject({ code: 'internal' });
      expect(count).toBe(1);
      await expect(closeConversation({})).rejects.toMatchObject({ code: 'unavailable' });
      expect(count).toBe(4);
    });

    it('of a stream are made before its first message only', async () => {
      let count = 0;
      const { watch } = await dialogue({
        async *watch({ afterSeq }) {
          if (++count === 1 || afterSeq === 1n) {
            if (afterSeq === 1n) yield {};
            throw new AppError('unavailable', 'Not yet.');
          }
          yield {};
        },
      });
      expect(await readAll(watch({}))).toEqual({ read: 1, error: undefined });
      expect(count).toBe(2);
      expect(await readAll(watch({ afterSeq: 1n }))).toMatchObject({
        read: 1,
        error: { code: 'unavailable' },
      });
      expect(count).toBe(3);
    });

    it('stop when most calls fail', async () => {
      const attempts = { count: 0 };
      const { getConversation } = await dialogue({ getConversation: unavailable(attempts, Infinity) });
      for (let i = 0; i < 10; i++)
        await expect(getConversation({})).rejects.toMatchObject({ code: 'unavailable' });
      expect(attempts.count).toBeLessThan(16);
    });

    it('wait no longer than the caller does', async () => {
      const { getConversation } = await dialogue({
        getConversation: async () => {
          throw new AppError('unavailable', 'Later.', { retryAfterMs: 60_000 });
        },
      });
      await expect(getConversation({})).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 60_000 });
    });
  });

  describe('reports', () => {
    it('tell each side of each call once, with its code', async () => {
      const reports: string[] = [];
      const observer = {
        started: ({ side, method }: { side: string; method: string }) =>
          void reports.push(`${side} ${method}`),
        finished: ({ side, method, code }: FinishedCall) => void reports.push(`${side} ${method} ${code}`),
      };
      const { getConversation, converse, watch } = await dialogue(
        {
          getConversation: async () => ({}),
          async *converse() {
            yield {};
            throw new AppError('aborted', 'Stopped.');
          },
          async *watch() {
            for (;;) yield {};
          },
        },
        { observer, client: { observer } },
      );
      await getConversation({});
      await readAll(converse({}));
      for await (const _ of watch({})) break;
      await settled(() => reports.length);
      expect(reports.toSorted()).toEqual([
        'client Converse', 'client Converse aborted', 'client GetConversation', 'client GetConversation ok',
        'client Watch', 'client Watch cancelled',
        'server Converse', 'server Converse aborted', 'server GetConversation', 'server GetConversation ok',
        'server Watch', 'server Watch cancelled',
      ]); // prettier-ignore
    });
  });

  describe('draining', () => {
    const slowStream = () => {
      const [started, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const implementation: Dialogue = {
        async *watch() {
          yield { event: { case: 'message', value: { seq: 1n } } };
          started.resolve();
          await goOn.promise;
          for (let seq = 2n; seq <= 500n; seq++) yield { event: { case: 'message', value: { seq } } };
        },
        getConversation: async () => ({}),
      };
      return { started, goOn, implementation };
    };
    const open = async (implementation: Dialogue) => {
      const wire = await serve([new MethodTable(DialogueService, implementation) as MethodTable]);
      return { wire, client: wire.client(DialogueService) };
    };

    it('loses no message of a live stream, and takes no new call', async () => {
      const { started, goOn, implementation } = slowStream();
      const { wire, client } = await open(implementation);
      const reading = readAll(client.watch({}));
      await started.promise;
      const drained = wire.drain(10_000);
      await expect(client.getConversation({})).rejects.toMatchObject({
        code: 'unavailable',
      });
      goOn.resolve();
      expect(await reading).toEqual({ read: 500, error: undefined });
      await drained;
    });

    it('breaks off what is left after its grace', async () => {
      const { started, implementation } = slowStream();
      const { wire, client } = await open(implementation);
      const reading = readAll(client.watch({}));
      await started.promise;
      await wire.drain(200);
      expect(await reading).toMatchObject({ read: 1, error: { code: 'unavailable' } });
    });

    it('of a resting service is over at once', async () => {
      const { wire, client } = await open({ getConversation: async () => ({}) });
      await client.getConversation({});
      await wire.drain(60_000);
    });
  });
}
