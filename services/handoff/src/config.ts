import { Config } from '@frontdesk/runtime';
import { z } from 'zod';

export class HandoffConfig extends Config({
  HANDOFF_POSITIONS_TOLD: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(50)
    .describe('How many waiting customers are told their new place when the queue moves.'),
}) {}
