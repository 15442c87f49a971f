/**
 * A large bot of no real customer: every action upon every thing is an intent, and its examples put the words of both
 * into the phrases people use. Learnable, because an action and a thing have words of their own.
 */
import type { LabelledExample } from '@frontdesk/contracts/nlu/v1/nlu_service';

type Invented = Pick<LabelledExample, 'text' | 'intent'>;

const actions = {
  cancel: ['cancel', 'call off', 'stop', 'withdraw'],
  change: ['change', 'edit', 'modify', 'amend'],
  find: ['find', 'locate', 'look up', 'search for'],
  renew: ['renew', 'extend', 'prolong', 'keep for another year'],
  lose: ['report the loss of', 'declare lost', 'say I lost', 'tell you about losing'],
  insure: ['insure', 'get cover for', 'protect', 'take out insurance for'],
  share: ['share', 'give somebody access to', 'lend', 'pass on'],
  price: ['know the price of', 'see what it costs to have', 'get a quote for', 'hear the fee for'],
  repair: ['repair', 'fix', 'mend', 'have somebody look at the broken'],
  review: ['review', 'rate', 'leave a comment about', 'give stars to'],
  print: ['print', 'get on paper', 'have a hard copy of', 'make a printout of'],
  open: ['open', 'set up', 'start', 'register'],
  freeze: ['freeze', 'block', 'suspend', 'put on hold'],
  gift: ['give away', 'make a present of', 'gift', 'surprise a friend with'],
  count: ['count', 'know how many there are of', 'total up', 'get the number of'],
} as const;

const things = {
  booking: ['booking', 'reservation', 'table for tonight'],
  card: ['debit card', 'bank card', 'plastic card'],
  policy: ['insurance policy', 'contract', 'agreement'],
  ticket: ['train ticket', 'concert ticket', 'admission'],
  phone: ['mobile phone', 'handset', 'smartphone'],
  bicycle: ['bicycle', 'bike', 'two-wheeler'],
  lesson: ['piano lesson', 'tuition hour', 'music class'],
  garden: ['garden plot', 'allotment', 'vegetable patch'],
  library: ['library loan', 'borrowed book', 'reading pass'],
  parking: ['parking permit', 'car park space', 'garage place'],
} as const;

const phrases = [
  (act: string, thing: string) => `I want to ${act} my ${thing}`,
  (act: string, thing: string) => `how can I ${act} the ${thing}?`,
  (act: string, thing: string) => `please help me ${act} my ${thing} today`,
  (act: string, thing: string) => `is it possible to ${act} a ${thing}`,
  (act: string, thing: string) => `${act} ${thing}`,
  (act: string, thing: string) => `hello, I would like to ${act} that ${thing}, thanks`,
  (act: string, thing: string) => `my wife needs to ${act} her ${thing}`,
  (act: string, thing: string) => `where do I go to ${act} one ${thing}`,
  (act: string, thing: string) => `what must I do if I have to ${act} our ${thing}`,
] as const;

/** `perIntent` examples, at most 108, of each of 150 intents. */
export function inventedExamples(perIntent: number): Invented[] {
  return Object.entries(actions).flatMap(([action, verbs]) =>
    Object.entries(things).flatMap(([thing, nouns]) => {
      const texts = phrases.flatMap((phrase) =>
        verbs.flatMap((verb) => nouns.map((noun) => phrase(verb, noun))),
      );
      return texts.slice(0, perIntent).map((text) => ({ text, intent: `${action}_${thing}` }));
    }),
  );
}
