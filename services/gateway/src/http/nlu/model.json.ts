/** Trained versions, and where two of them differ, as JSON. */
import type { CompareModelsResponse, IntentDifference, Model } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { z } from 'zod';
import { timeOf } from '../conversations/conversation.json.js';
import { time } from '../schemas.js';
import { scores } from './nlu.json.js';

export const modelSchema = z
  .strictObject({
    version: z.string(),
    createdAt: time,
    active: z.boolean(),
    scores,
    pinned: z.boolean().describe('Answers whatever is trained later.'),
    status: z
      .string()
      .describe('`ready`, `refused` by its gate, or `rolled_back` for what live traffic showed.'),
    note: z.string().describe('Why it was refused or rolled back; empty otherwise.'),
    encoders: z
      .array(z.string())
      .describe('The encoders it reads with, id@revision; none for a lexical one.'),
  })
  .meta({ id: 'Model' });

export const comparisonSchema = z
  .strictObject({
    base: modelSchema,
    candidate: modelSchema,
    intents: z
      .array(
        z.strictObject({
          intent: z.string(),
          baseRecall: z.number(),
          candidateRecall: z.number(),
          baseExamples: z.int(),
          candidateExamples: z.int(),
        }),
      )
      .describe('Share of held-out examples each version gets right, the intents which lost most first.'),
  })
  .meta({ id: 'ModelComparison' });

export type ModelJson = z.output<typeof modelSchema>;
export type ComparisonJson = z.output<typeof comparisonSchema>;

export function modelOf({
  version,
  createdAt,
  active,
  scores,
  pinned,
  status,
  note,
  encoders,
}: Model): ModelJson {
  return {
    version,
    createdAt: timeOf(createdAt),
    active,
    scores,
    pinned,
    status: status || 'ready',
    note,
    encoders,
  };
}

export function comparisonOf({ base, candidate, intents }: CompareModelsResponse): ComparisonJson {
  return { base: modelOf(base!), candidate: modelOf(candidate!), intents: intents.map(differenceOf) };
}

function differenceOf({
  intent,
  baseRecall,
  candidateRecall,
  baseExamples,
  candidateExamples,
}: IntentDifference): ComparisonJson['intents'][number] {
  return { intent, baseRecall, candidateRecall, baseExamples, candidateExamples };
}
