import { serve } from '@frontdesk/runtime';
import { dialogue } from './dialogue.service.js';

await serve([dialogue]);
