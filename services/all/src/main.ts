import { serve } from '@frontdesk/runtime';
import { mesh } from './mesh.js';

await serve(mesh);
