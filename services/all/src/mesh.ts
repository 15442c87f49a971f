import { dialogue } from '@frontdesk/dialogue';
import { gateway } from '@frontdesk/gateway';
import { handoff } from '@frontdesk/handoff';
import { knowledge } from '@frontdesk/knowledge';
import { llm } from '@frontdesk/llm';
import { nlu } from '@frontdesk/nlu';
import type { Service } from '@frontdesk/runtime';

/** Every service of the mesh. */
export const mesh: readonly Service[] = [gateway, dialogue, nlu, knowledge, llm, handoff];
