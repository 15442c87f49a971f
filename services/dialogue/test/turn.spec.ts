import { AppError } from '@frontdesk/core';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { LlmService } from '@frontdesk/contracts/llm/v1/llm_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { fake, startMesh, type TestMesh } from '@frontdesk/testing';
import { dialogue } from '../src/index.js';

const tenant = { tenantId: 't1' };

describe('a turn', () => {
  let mesh: TestMesh;

  beforeAll(async () => {
    mesh = await startMesh([dialogue], {
      fakes: [
        fake(NluService, {
          analyze: () => ({
            understanding: {
              language: 'en',
              intent: { name: 'x', confidence: 0.9 },
              emotion: { name: 'neutral', confidence: 1 },
            },
          }),
        }),
        fake(KnowledgeService, {
          search: () => ({
            passages: [{ articleId: 'a1', title: 'Delivery', text: 'Two days.', score: 0.9 }],
          }),
        }),
        fake(LlmService, {
          async *generate() {
            throw new AppError('failed_precondition', 'none');
          },
        }),
        fake(HandoffService, { previewQueue: () => ({ position: 1 }) }),
      ],
    });
  });
  afterAll(() => mesh.stop());

  it('answers from an article', async () => {
    await mesh.as(tenant, async () => {
      const client = mesh.client(DialogueService);
      const { conversation } = await client.openConversation({ customer: { id: 'c1' } });
      const events = [];
      for await (const { event } of client.converse({
        conversationId: conversation!.id,
        text: 'how long does it take',
      }))
        events.push(event);
      expect(events.map((event) => event.case)).toEqual(['accepted', 'understood', 'replied']);
      const replied = events.at(-1)!;
      expect(replied.case === 'replied' && replied.value.message?.text).toBe('Two days.');
    });
  });
});
