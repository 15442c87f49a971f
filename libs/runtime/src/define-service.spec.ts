import { conversationTopic, handoffTopic } from '@frontdesk/contracts';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { Config } from './config.js';
import { defineService, inCallOrder, ownerOf, type Service } from './define-service.js';

class NoConfig extends Config({}) {}

const service = (name: string, claims: Partial<Service> = {}): Service => ({
  name,
  module: class {},
  config: NoConfig,
  serves: [],
  calls: [],
  publishes: [],
  subscribes: [],
  ...claims,
});

describe('defineService', () => {
  const migrations = new URL('file:///migrations/');

  it('refuses to publish what another service publishes', () => {
    expect(() => defineService(service('nlu', { publishes: [conversationTopic], migrations }))).toThrow(
      'dialogue',
    );
  });

  it('refuses a subscription that the table of topics does not list', () => {
    expect(() => defineService(service('nlu', { subscribes: [handoffTopic], migrations }))).toThrow(
      'topics.ts',
    );
  });

  it('refuses events without a database to keep them in', () => {
    expect(() => defineService(service('dialogue', { publishes: [conversationTopic] }))).toThrow(
      'migrations',
    );
  });
});

describe('inCallOrder', () => {
  const nlu = service('nlu');
  const dialogue = service('dialogue', { calls: [NluService] });
  const gateway = service('gateway', { calls: [DialogueService] });

  it('puts callees before callers, whatever the given order', () => {
    expect(inCallOrder([gateway, dialogue, nlu]).map(({ name }) => name)).toEqual([
      'nlu',
      'dialogue',
      'gateway',
    ]);
  });

  it('refuses a cycle', () => {
    const back = service('nlu', { calls: [DialogueService] });
    expect(() => inCallOrder([back, dialogue])).toThrow('cycle');
  });
});

it('knows the owner of a contract', () => {
  expect(ownerOf(DialogueService)).toBe('dialogue');
});
