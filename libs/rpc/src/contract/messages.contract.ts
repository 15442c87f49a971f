/** What is sent arrives, once and in order, as fast as it is read. */
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { settled } from './wire.contract.js';
import type { Offering } from './wire.contract.js';

export function messagesContract({ offer, dialogue }: Offering): void {
  describe('messages', () => {
    it('arrive as they were sent, with defaults filled in', async () => {
      const { analyze } = await offer(NluService, {
        analyze: async ({ text, bot }) => ({
          understanding: { language: text, model: `of ${bot || 'nobody'}` },
        }),
      });
      const { understanding } = await analyze({ text: 'Grüße 你好 👋' });
      expect(understanding).toMatchObject({ language: 'Grüße 你好 👋', model: 'of nobody', entities: [] });
    });

    it('of a stream arrive in order, then it ends', async () => {
      const { converse } = await dialogue({
        async *converse({ text }) {
          for (const word of text.split(' ')) yield { event: { case: 'token', value: { text: word } } };
        },
      });
      const words = [];
      for await (const { event } of converse({ text: 'how are you' }))
        words.push(event.case === 'token' && event.value.text);
      expect(words).toEqual(['how', 'are', 'you']);
    });

    it('are never shared between the two sides', async () => {
      const kept: { values: number[] }[] = [];
      const { search } = await offer(KnowledgeService, {
        search: async (request) => {
          kept.push({ values: request.embedding });
          request.embedding.push(3);
          return { passages: [{ title: 'Returns' }] };
        },
      });
      const embedding = [1, 2];
      const first = await search({ query: 'return', embedding });
      first.passages.length = 0;
      expect(embedding).toEqual([1, 2]);
      expect((await search({ query: 'return', embedding })).passages).toHaveLength(1);
      expect(kept.map(({ values }) => values)).toEqual([[1, 2, 3], [1, 2, 3]]); // prettier-ignore
    });

    it.each(['request', 'response'])('above 4 MB are refused where they are made: a %s', async (side) => {
      const large = 'x'.repeat(4 * 1024 * 1024);
      const { analyze } = await offer(NluService, {
        analyze: async () => ({ understanding: { language: side === 'response' ? large : '' } }),
      });
      const error: unknown = await analyze({ text: side === 'request' ? large : '' }).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({
        code: 'resource_exhausted',
        message: expect.stringMatching(/4\.0 MB.*at most 4 MB/),
      });
    });

    it('just below 4 MB pass', async () => {
      const { analyze } = await offer(NluService, {
        analyze: async ({ text }) => ({ understanding: { language: text } }),
      });
      const text = 'x'.repeat(4 * 1024 * 1024 - 100);
      expect((await analyze({ text })).understanding?.language).toHaveLength(text.length);
    });
  });

  describe('slow readers', () => {
    it('are not run over: the producer waits', async () => {
      let produced = 0;
      const { watch } = await dialogue({
        async *watch() {
          for (;;)
            yield { event: { case: 'message', value: { seq: BigInt(++produced), text: 'x'.repeat(500) } } };
        },
      });
      let read = 0;
      for await (const { event } of watch({})) {
        expect(event.case === 'message' && event.value.seq).toBe(BigInt(++read));
        if (read === 100) {
          await settled(() => produced);
          break;
        }
      }
      expect(produced - read).toBeLessThan(300);
    });

    it('lose nothing', async () => {
      const { watch } = await dialogue({
        async *watch() {
          for (let seq = 1; seq <= 2_000; seq++)
            yield { event: { case: 'message', value: { seq: BigInt(seq) } } };
        },
      });
      let read = 0n;
      for await (const { event } of watch({})) {
        expect(event.case === 'message' && event.value.seq).toBe(++read);
        if (read % 500n === 0n) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(read).toBe(2_000n);
    });
  });
}
