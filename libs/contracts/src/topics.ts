/**
 * Every event of the mesh: topic → message → key → publisher → subscribers. The one table; services name their
 * rows in `publishes` and `subscribes`, and a test holds the two against each other.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { ConversationEventSchema } from './gen/frontdesk/events/v1/conversation_events_pb.js';
import { HandoffEventSchema } from './gen/frontdesk/events/v1/handoff_events_pb.js';
import { TenantEventSchema } from './gen/frontdesk/events/v1/tenant_events_pb.js';

export interface Topic<D extends DescMessage = DescMessage> {
  /** Name at the broker; the suffix is the version of the contract. */
  readonly name: string;
  readonly message: D;
  /** Events of one key keep their order. */
  key(event: MessageShape<D>): string;
  readonly publisher: string;
  readonly subscribers: readonly string[];
}

const topic = <D extends DescMessage>(definition: Topic<D>): Topic<D> => definition;

export const conversationTopic = topic({
  name: 'conversation.v1',
  message: ConversationEventSchema,
  key: (event) => event.conversationId,
  publisher: 'dialogue',
  subscribers: ['handoff'],
});

export const handoffTopic = topic({
  name: 'handoff.v1',
  message: HandoffEventSchema,
  key: (event) => event.conversationId,
  publisher: 'handoff',
  subscribers: ['dialogue'],
});

export const tenantTopic = topic({
  name: 'tenant.v1',
  message: TenantEventSchema,
  key: (event) => event.tenantId,
  publisher: 'gateway',
  subscribers: ['dialogue', 'nlu', 'knowledge', 'handoff'],
});

export const topics = [conversationTopic, handoffTopic, tenantTopic] as const;
