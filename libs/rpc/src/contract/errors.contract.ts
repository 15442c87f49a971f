/** Errors keep what their author meant for the caller, and nothing else. */
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { AppError, ErrorCode } from '@frontdesk/core';
import type { FinishedCall } from '../observer.js';
import { failureOf, readAll } from './wire.contract.js';
import type { Offering } from './wire.contract.js';

export function errorsContract({ offer, dialogue }: Offering): void {
  describe('errors', () => {
    it.each(Object.keys(ErrorCode) as ErrorCode[])('keep their code: %s', async (code) => {
      const failing = new AppError(code, `Because of 100 % “${code}”.`, { cause: new Error('secret') });
      const { openConversation, converse } = await dialogue({
        openConversation: async () => {
          throw failing;
        },
        async *converse() {
          yield {};
          throw failing;
        },
      });
      const expected = { name: 'AppError', code, message: `Because of 100 % “${code}”.`, cause: undefined };
      const error = await failureOf(openConversation({}));
      expect(error).not.toBe(failing);
      expect(shown(error)).toEqual(expected);
      const stream = await readAll(converse({}));
      expect({ ...stream, error: shown(stream.error) }).toEqual({ read: 1, error: expected });
    });

    it('keep their fields and when to try again', async () => {
      const { analyze } = await offer(NluService, {
        analyze: async () => {
          throw new AppError('invalid_argument', 'Check the fields.', {
            fields: [{ field: 'text', message: 'ist zu lang – höchstens 8000' }, { field: 'bot', message: '' }],
            retryAfterMs: 1_500.5,
          }); // prettier-ignore
        },
      });
      await expect(analyze({})).rejects.toMatchObject({
        fields: [{ field: 'text', message: 'ist zu lang – höchstens 8000' }, { field: 'bot', message: '' }],
        retryAfterMs: 1_500.5,
      }); // prettier-ignore
    });

    it('that are too long for the wire are clipped', async () => {
      const fields = Array.from({ length: 200 }, (_, i) => ({
        field: `rows.${i}`,
        message: 'é\ud83d'.repeat(1_000),
      }));
      const { analyze } = await offer(NluService, {
        analyze: async () => {
          throw new AppError('invalid_argument', '\ud83d'.repeat(100_000), { fields });
        },
      });
      const error = await failureOf(analyze({}));
      expect(error.code).toBe('invalid_argument');
      expect(error.message).toMatch(/^�+…$/);
      expect(error.fields).toHaveLength(32);
    });

    it.each([
      ['an Error', new TypeError('password=hunter2')],
      ['a string', 'password=hunter2'],
      ['nothing', undefined],
      ['what Nest throws', { status: 'error', message: 'password=hunter2' }],
    ])('that are none of ours tell nothing: %s', async (_, thrown) => {
      const finished: FinishedCall[] = [];
      const { openConversation } = await dialogue(
        { openConversation: () => Promise.reject(thrown) },
        { observer: { finished: (call) => finished.push(call) } },
      );
      const error = await failureOf(openConversation({}));
      const message = 'Something went wrong on our side.';
      expect(shown(error)).toEqual({ name: 'AppError', code: 'internal', message, cause: undefined });
      expect(JSON.stringify({ ...error, stack: error.stack })).not.toContain('hunter2');
      expect(finished[0]?.error?.cause).toBe(thrown);
    });

    it('say unimplemented where a service leaves a method out', async () => {
      const client = await dialogue({});
      await expect(client.openConversation({})).rejects.toMatchObject({ code: 'unimplemented' });
      expect((await readAll(client.watch({}))).error).toMatchObject({ code: 'unimplemented' });
    });
  });
}

function shown(thrown: unknown) {
  const { name, code, message, cause } = thrown as AppError;
  return { name, code, message, cause };
}
