/** How customers sound: the built-in examples of each emotion and sentiment (examples/*.yaml). */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** In the order the model uses; `neutral` is the absence of the others. */
export const emotions = ['angry', 'anxious', 'sad', 'happy', 'neutral'] as const;
export type Emotion = (typeof emotions)[number];

export const sentiments = ['negative', 'neutral', 'positive'] as const;
export type Sentiment = (typeof sentiments)[number];

export interface LabelledEmotion {
  readonly text: string;
  readonly emotion: Emotion;
}

export interface LabelledSentiment {
  readonly text: string;
  readonly sentiment: Sentiment;
}

/** What an emotion says of the sentiment. Worry is half of each: the customer expects good news too. */
const SENTIMENTS_OF: Readonly<Record<Emotion, readonly Sentiment[]>> = {
  angry: ['negative'],
  anxious: ['negative', 'neutral'],
  sad: ['negative'],
  happy: ['positive'],
  neutral: ['neutral'],
};

export const chineseEmotions = read<Emotion>('emotions.zh');
export const englishEmotions = read<Emotion>('emotions.en');
export const chineseSentiments = read<Sentiment>('sentiment.zh');
export const englishSentiments = read<Sentiment>('sentiment.en');

export const builtInEmotions: readonly LabelledEmotion[] = [chineseEmotions, englishEmotions].flatMap(
  (examples) => emotions.flatMap((emotion) => examples[emotion].map((text) => ({ text, emotion }))),
);

export const builtInSentiments: readonly LabelledSentiment[] = [
  ...[chineseSentiments, englishSentiments].flatMap((examples) =>
    sentiments.flatMap((sentiment) => examples[sentiment].map((text) => ({ text, sentiment }))),
  ),
  ...sentimentsOf(builtInEmotions),
];

/** A text whose emotion is of two sentiments stands once under each. */
export function sentimentsOf(examples: readonly LabelledEmotion[]): LabelledSentiment[] {
  return examples.flatMap(({ text, emotion }) =>
    SENTIMENTS_OF[emotion].map((sentiment) => ({ text, sentiment })),
  );
}

export function isEmotion(name: string): name is Emotion {
  return (emotions as readonly string[]).includes(name);
}

function read<Label extends string>(name: string): Readonly<Record<Label, readonly string[]>> {
  const file = new URL(`../../examples/${name}.yaml`, import.meta.url);
  return parse(readFileSync(file, 'utf8')) as Readonly<Record<Label, readonly string[]>>;
}
