import { serve } from '@frontdesk/runtime';
import { nlu } from './nlu.service.js';

await serve([nlu]);
