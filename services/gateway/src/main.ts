import { serve } from '@frontdesk/runtime';
import { gateway } from './gateway.service.js';

await serve([gateway]);
