import { serve } from '@frontdesk/runtime';
import { handoff } from './handoff.service.js';

await serve([handoff]);
