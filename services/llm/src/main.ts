import { serve } from '@frontdesk/runtime';
import { llm } from './llm.service.js';

await serve([llm]);
