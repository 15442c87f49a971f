/** Taxonomies, trainings and models as JSON. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  JobStatus,
  type GetJobResponse,
  type Intent,
  type IntentSchema,
  type Model,
} from '@frontdesk/contracts/nlu/v1/nlu_service';
import { z } from 'zod';
import { timeOf } from '../conversations/conversation.json.js';
import { line, prose, time } from '../schemas.js';

const intentName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be snake_case, e.g. order_status');

export const intentSchema = z
  .strictObject({
    name: intentName,
    parent: intentName.optional().describe('Name of the intent above.'),
    examples: z
      .record(line(35), z.array(prose(500)).max(5_000))
      .default({})
      .describe('Utterances by language; none for a parent.'),
  })
  .meta({ id: 'Intent' });

const scores = z.record(z.string(), z.number()).describe('Measured on held-out examples.');
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

export const modelSchema = z
  .strictObject({ version: z.string(), createdAt: time, active: z.boolean(), scores })
  .meta({ id: 'Model' });

export type IntentJson = z.output<typeof intentSchema>;
export type JobJson = z.output<typeof jobSchema>;
export type ModelJson = z.output<typeof modelSchema>;

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

export function modelOf({ version, createdAt, active, scores }: Model): ModelJson {
  return { version, createdAt: timeOf(createdAt), active, scores };
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
