/** What was understood of a text, as JSON: the short form of a reply, and the long one of the analysis. */
import type { Label, Understanding } from '@frontdesk/contracts/common/v1/understanding';
import { z } from 'zod';

const label = z.strictObject({ name: z.string(), confidence: z.number().describe('0 to 1.') });

export const understandingSchema = z
  .strictObject({
    language: z.string().describe('BCP 47 primary tag; und when unknown.'),
    intent: label.describe('`out_of_scope` when nothing fits.'),
    emotion: label.describe('angry, anxious, sad, happy or neutral.'),
    entities: z.array(
      z.strictObject({
        type: z.string(),
        value: z.string().describe('In normal form, e.g. A1001 or 300 CNY.'),
        start: z.int().describe('First UTF-16 unit of the span.'),
        end: z.int().describe('One past the last.'),
      }),
    ),
    requests: z
      .array(z.strictObject({ intent: label, start: z.int(), end: z.int() }))
      .describe('What each clause asks for, where two clear clauses ask for two things; empty otherwise.'),
    tier: z.string().optional().describe('`neural` or `lexical`; absent where the turn was not analysed.'),
    mood: z
      .strictObject({
        level: z.number().describe('−1 (bad) to 1 (good), the newest messages weighing most.'),
        slope: z.number().describe('Change of the sentiment per turn; negative: it gets worse.'),
      })
      .optional()
      .describe('How the customer has felt over the last turns; absent for a text by itself.'),
  })
  .meta({ id: 'Understanding' });

export const analysisSchema = z
  .strictObject({
    ...understandingSchema.shape,
    alternatives: z.array(label).describe('Other intents, best first.'),
    sentiment: z.number().describe('−1 (negative) to 1 (positive).'),
    model: z.string().describe('Version of the model that decided.'),
  })
  .meta({ id: 'Analysis' });

export type UnderstandingJson = z.output<typeof understandingSchema>;
export type AnalysisJson = z.output<typeof analysisSchema>;

export function understandingOf(understanding: Understanding): UnderstandingJson {
  const { language, intent, emotion, entities, requests, tier, mood } = understanding;
  return {
    language: language || 'und',
    intent: labelOf(intent, 'out_of_scope'),
    emotion: labelOf(emotion, 'neutral'),
    entities: entities.map(({ type, value, start, end }) => ({ type, value, start, end })),
    requests: requests.map((clause) => ({
      intent: labelOf(clause.intent, 'out_of_scope'),
      start: clause.start,
      end: clause.end,
    })),
    ...(tier && { tier }),
    ...(mood && { mood: { level: mood.level, slope: mood.slope } }),
  };
}

export function analysisOf(understanding: Understanding): AnalysisJson {
  return {
    ...understandingOf(understanding),
    alternatives: understanding.alternatives.map((alternative) => labelOf(alternative, 'out_of_scope')),
    sentiment: understanding.sentiment,
    model: understanding.model,
  };
}

function labelOf(label: Label | undefined, absent: string): { name: string; confidence: number } {
  return label ? { name: label.name, confidence: label.confidence } : { name: absent, confidence: 0 };
}
