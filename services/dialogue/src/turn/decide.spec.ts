import { freshMemory, type Memory, type Reading } from '../conversation/conversation.js';
import { trajectoryOf } from '../emotion/trajectory.js';
import { decide, type Passage, type Policy, type Situation } from './decide.js';

const policy: Policy = {
  intentThreshold: 0.45,
  faqThreshold: 0.5,
  evidenceThreshold: 0.35,
  clarifyMargin: 0.1,
  actions: {
    greeting: { say: 'greeting' },
    affirm: { say: 'acknowledged' },
    order_status: { flow: 'order_status', ask: true },
    delivery: { flow: 'order_status', ask: false },
    human_agent: { handoff: true },
  },
};

interface Utterance {
  readonly text?: string;
  readonly intent?: string;
  readonly confidence?: number;
  readonly path?: string[];
  readonly alternatives?: [string, number][];
  readonly emotion?: [string, number];
  readonly orderId?: string;
}

function read(utterance: Utterance): Reading {
  const { intent = 'out_of_scope', confidence = 0.9, orderId = '' } = utterance;
  const [emotion, strength] = utterance.emotion ?? ['neutral', 0.9];
  return {
    language: 'en',
    intent: { name: intent, confidence },
    intentPath: utterance.path ?? [],
    alternatives: (utterance.alternatives ?? []).map(([name, likely]) => ({ name, confidence: likely })),
    emotion: { name: emotion, confidence: strength },
    sentiment: 0,
    entities: orderId ? [{ type: 'order_number', value: orderId, text: orderId, start: 0, end: 5 }] : [],
    requests: [],
    model: 'm',
    tier: 'lexical',
  };
}

const passage = (articleId: string, score: number): Passage => ({ articleId, title: '', text: '', score });

function situation(
  utterance: Utterance | undefined,
  given: { scores?: number[]; memory?: Partial<Memory>; waiting?: boolean; feelings?: number[] } = {},
): Situation {
  return {
    text: utterance?.text ?? utterance?.orderId ?? 'what I wrote',
    reading: utterance && read(utterance),
    passages: (given.scores ?? []).map((score, index) => passage(`a${index}`, score)),
    mood: trajectoryOf(given.feelings ?? []),
    memory: { ...freshMemory, ...given.memory },
    status: given.waiting ? 'waiting' : 'open',
    policy,
  };
}

/** The plan in one line, e.g. `generate a0 a1 else faq a0`. */
function planned(of: Situation): string {
  const line = (step: ReturnType<typeof decide>['step']): string => {
    switch (step.type) {
      case 'say':
        return `say ${step.template}`;
      case 'order_status':
        return `order ${step.orderId}`;
      case 'faq':
        return `faq ${step.passage.articleId}`;
      case 'generate':
        return `generate ${step.passages.map(({ articleId }) => articleId).join(' ')} else ${line(step.otherwise)}`;
      case 'clarify':
        return `clarify ${step.options.map(({ name }) => name).join(' ')}`;
      case 'handoff':
        return `handoff ${step.reason}`;
      case 'fallback':
        return 'fallback';
    }
  };
  return line(decide(of).step);
}

const offered = { memory: { awaiting: 'handoff_consent' } } as const;
const asked = { memory: { awaiting: 'order_number' } } as const;
const angry: [string, number] = ['angry', 0.5];

describe('decide', () => {
  it.each<[string, string, Situation]>([
    ['a trusted intent with an action', 'say greeting', situation({ intent: 'greeting' })],
    ['the same at the threshold', 'say greeting', situation({ intent: 'greeting', confidence: 0.45 })],
    ['an intent that is not trusted', 'fallback', situation({ intent: 'greeting', confidence: 0.44 })],
    ['an intent without an action', 'fallback', situation({ intent: 'weather' })],
    [
      'an intent below one with an action',
      'say greeting',
      situation({ intent: 'hi', path: ['x', 'greeting'] }),
    ],
    ['an intent named as no intent should be', 'fallback', situation({ intent: 'constructor' })],
    ['an action before an article', 'say greeting', situation({ intent: 'greeting' }, { scores: [0.99] })],

    ['a wish for a person', 'handoff customer_request', situation({ intent: 'human_agent' })],
    [
      'a wish for a person of somebody who waits',
      'say handoff.waiting',
      situation({ intent: 'human_agent' }, { waiting: true }),
    ],
    ['a yes to the offer of a person', 'handoff customer_request', situation({ intent: 'affirm' }, offered)],
    ['a doubtful yes to it', 'fallback', situation({ intent: 'affirm', confidence: 0.3 }, offered)],
    ['a no to it', 'say acknowledged', situation({ intent: 'deny' }, offered)],
    ['a yes to nothing', 'say acknowledged', situation({ intent: 'affirm' })],
    ['a no to nothing', 'fallback', situation({ intent: 'deny' })],
    [
      'something else than an answer to it',
      'faq a0',
      situation({ intent: 'x' }, { ...offered, scores: [0.9] }),
    ],

    [
      'an order with its intent',
      'order A1001',
      situation({ intent: 'order_status', orderId: 'A1001', text: 'x'.repeat(50) }),
    ],
    ['the intent without an order', 'order null', situation({ intent: 'order_status' })],
    ['an intent that asks for no order', 'faq a0', situation({ intent: 'delivery' }, { scores: [0.6] })],
    ['the same about a named order', 'order A1001', situation({ intent: 'delivery', orderId: 'A1001' })],
    [
      'an order that was asked for',
      'order A1001',
      situation({ intent: 'x', orderId: 'A1001', text: 'x'.repeat(50) }, asked),
    ],
    ['an order and little else', 'order A1001', situation({ orderId: 'A1001', text: '我的订单A1001' })],
    [
      'an order within a question',
      'faq a0',
      situation({ orderId: 'A1001', text: 'x'.repeat(50) }, { scores: [0.9] }),
    ],
    [
      'an order and a wish that is understood',
      'faq a0',
      situation({ intent: 'refund', orderId: 'A1001', text: 'refund A1001' }, { scores: [0.9] }),
    ],
    ['no order where one was asked for', 'fallback', situation({}, asked)],

    ['a strong article', 'faq a0', situation({ intent: 'x' }, { scores: [0.5, 0.4] })],
    ['a strong article beyond the intents', 'faq a0', situation({}, { scores: [0.5] })],
    [
      'weak articles',
      'generate a0 a1 else faq a0',
      situation({ intent: 'x' }, { scores: [0.49, 0.35, 0.34] }),
    ],
    ['weak articles without a reading', 'generate a0 else faq a0', situation(undefined, { scores: [0.4] })],
    ['weak articles beyond the intents', 'fallback', situation({}, { scores: [0.49] })],
    ['articles too weak to be evidence', 'fallback', situation({ intent: 'x' }, { scores: [0.34] })],

    [
      'two likely intents',
      'clarify x y',
      situation({ intent: 'x', confidence: 0.4, alternatives: [['y', 0.35]] }),
    ],
    [
      'two intents, one of them likelier',
      'fallback',
      situation({ intent: 'x', confidence: 0.4, alternatives: [['y', 0.29]] }),
    ],
    [
      'two unlikely intents',
      'fallback',
      situation({ intent: 'x', confidence: 0.2, alternatives: [['y', 0.19]] }),
    ],
    [
      'an intent and nothing',
      'fallback',
      situation({ intent: 'x', confidence: 0.3, alternatives: [['out_of_scope', 0.29]] }),
    ],
    [
      'two likely intents after a failed turn',
      'handoff no_answer',
      situation(
        { intent: 'x', confidence: 0.4, alternatives: [['y', 0.39]] },
        { memory: { failedTurns: 1 } },
      ),
    ],

    ['nothing', 'fallback', situation({})],
    ['nothing, not even a reading', 'fallback', situation(undefined)],
    ['nothing for the second time', 'handoff no_answer', situation({}, { memory: { failedTurns: 1 } })],
    [
      'nothing again while waiting',
      'say handoff.waiting',
      situation({}, { memory: { failedTurns: 1 }, waiting: true }),
    ],
    ['nothing for somebody angry', 'handoff angry', situation({ emotion: angry })],
    [
      'nothing for somebody angry who waits',
      'say handoff.waiting',
      situation({ emotion: angry }, { waiting: true }),
    ],
    ['nothing for somebody displeased', 'handoff angry', situation({}, { feelings: [-0.6, -0.6] })],
    [
      'a guess for somebody displeased after a failed turn',
      'handoff angry',
      situation({ intent: 'x' }, { feelings: [-0.6, -0.6], scores: [0.4], memory: { failedTurns: 1 } }),
    ],
    [
      'a guess for somebody displeased before one',
      'generate a0 else faq a0',
      situation({ intent: 'x' }, { feelings: [-0.6, -0.6], scores: [0.4] }),
    ],
    [
      'an answer for somebody displeased after a failed turn',
      'faq a0',
      situation({}, { feelings: [-0.6, -0.6], scores: [0.9], memory: { failedTurns: 1 } }),
    ],
    ['an answer for somebody angry', 'faq a0', situation({ emotion: angry }, { scores: [0.9] })],
  ])('%s → %s', (_, expected, given) => {
    expect(planned(given)).toBe(expected);
  });

  it.each<[boolean, [string, number]]>([
    [true, ['angry', 0.5]],
    [false, ['angry', 0.49]],
    [false, ['sad', 0.9]],
  ])('soothes: %s, for %j', (soothes, emotion) => {
    expect(decide(situation({ emotion })).soothe).toBe(soothes);
  });

  it('soothes a displeased customer before an answer, not before a standard reply', () => {
    const displeased = { feelings: [-0.6, -0.6] };
    expect(decide(situation({}, { ...displeased, scores: [0.9] })).soothe).toBe(true);
    expect(decide(situation({ intent: 'greeting' }, displeased)).soothe).toBe(false);
    expect(decide(situation({ intent: 'greeting', emotion: angry }, displeased)).soothe).toBe(true);
  });

  it('soothes nobody it has not understood', () => {
    expect(decide(situation(undefined)).soothe).toBe(false);
  });
});
