/** Taxonomies, trainings and explanations as JSON. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  JobStatus,
  type ExplainResponse,
  type GetJobResponse,
  type Intent,
  type IntentSchema,
} from '@frontdesk/contracts/nlu/v1/nlu_service';
import { z } from 'zod';
import { line, prose } from '../schemas.js';
import { analysisOf, analysisSchema } from '../understanding.json.js';

/** Free text, so that taxonomies of other systems can be imported. */
export const intentName = line(100);
/** As long as a message: corrections make examples of messages, and what is read can be put back. */
const example = prose(8_000);

export const intentSchema = z
  .strictObject({
    name: intentName,
    parent: intentName.optional().describe('Name of the intent above.'),
    examples: z
      .record(line(35), z.array(example).max(5_000))
      .default({})
      .describe('Utterances by language; none for a parent.'),
  })
  .meta({ id: 'Intent' });

export const scores = z.record(z.string(), z.number()).describe('Measured on held-out examples.');
const jobStatuses = ['queued', 'running', 'succeeded', 'failed'] as const;

export const jobSchema = z
  .strictObject({
    id: z.string(),
    status: z.enum(jobStatuses),
    version: z.string().optional(),
    scores: scores.optional(),
    error: z.string().optional(),
  })
  .meta({ id: 'TrainingJob' });

export const emotions = ['angry', 'anxious', 'sad', 'happy', 'neutral'] as const;

export const explanationSchema = z
  .strictObject({
    understanding: analysisSchema,
    intent: z.string().describe('The intent that is explained.'),
    neighbours: z
      .array(z.strictObject({ text: z.string(), intent: z.string(), similarity: z.number() }))
      .describe('The training examples most like the text, nearest first; similarity is −1 to 1.'),
    evidence: z
      .array(z.strictObject({ text: z.string(), weight: z.number() }))
      .describe('Pieces of the text that spoke for the intent, or with a negative weight against it.'),
    voices: z
      .record(z.string(), z.number())
      .describe('Log-probability that each voice gives the intent: embedding, lexical, neighbours.'),
  })
  .meta({ id: 'Explanation' });

export type IntentJson = z.output<typeof intentSchema>;
export type JobJson = z.output<typeof jobSchema>;
export type ExplanationJson = z.output<typeof explanationSchema>;

const statusNames: Readonly<Record<JobStatus, JobJson['status']>> = {
  [JobStatus.UNSPECIFIED]: 'queued',
  [JobStatus.QUEUED]: 'queued',
  [JobStatus.RUNNING]: 'running',
  [JobStatus.SUCCEEDED]: 'succeeded',
  [JobStatus.FAILED]: 'failed',
};

export function jobOf({ id, status, version, scores, error }: GetJobResponse): JobJson {
  const done = Object.keys(scores).length > 0;
  return {
    id,
    status: statusNames[status],
    ...(version && { version }),
    ...(done && { scores }),
    ...(error && { error }),
  };
}

export function explanationOf({
  understanding,
  intent,
  neighbours,
  evidence,
  voices,
}: ExplainResponse): ExplanationJson {
  return {
    understanding: analysisOf(understanding!),
    intent,
    neighbours: neighbours.map(({ text, intent, similarity }) => ({ text, intent, similarity })),
    evidence: evidence.map(({ text, weight }) => ({ text, weight })),
    voices,
  };
}

export function intentOf({ name, parent, examples }: Intent): IntentJson {
  return {
    name,
    ...(parent && { parent }),
    examples: Object.fromEntries(Object.entries(examples).map(([language, { texts }]) => [language, texts])),
  };
}

export function toIntent({ name, parent = '', examples }: IntentJson): MessageInitShape<typeof IntentSchema> {
  return {
    name,
    parent,
    examples: Object.fromEntries(Object.entries(examples).map(([language, texts]) => [language, { texts }])),
  };
}
