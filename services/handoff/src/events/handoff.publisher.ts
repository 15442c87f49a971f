/** How a handoff stands, as rows of topic `handoff.v1`. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Injectable } from '@nestjs/common';
import { handoffTopic } from '@frontdesk/contracts';
import type { HandoffEventSchema } from '@frontdesk/contracts/events/v1/handoff_events';
import { Outbox } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import { HandoffFacts } from '../queue/facts.js';
import type { Handoff } from '../queue/handoff.js';

type Fact = NonNullable<MessageInitShape<typeof HandoffEventSchema>['fact']>;

@Injectable()
export class HandoffPublisher extends HandoffFacts {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  changed(tx: Transaction, handoff: Handoff, note = ''): Promise<void> {
    const { id: handoffId, conversationId, revision } = handoff;
    return this.outbox.add(tx, handoffTopic, {
      handoffId,
      conversationId,
      revision: BigInt(revision),
      fact: factOf(handoff, note),
    });
  }
}

function factOf({ state, position, agentId, agentName }: Handoff, note: string): Fact {
  switch (state) {
    case 'waiting':
      return { case: 'queued', value: { position } };
    case 'active':
      return { case: 'accepted', value: { agentId, agentName } };
    case 'returned':
      return { case: 'returned', value: { note } };
    case 'closed':
      return { case: 'closed', value: {} };
  }
}
