import { serve } from '@frontdesk/runtime';
import { knowledge } from './knowledge.service.js';

await serve([knowledge]);
