/** How customers sound: the built-in examples of each emotion (examples/emotions.*.yaml). */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** In the order the model uses; `neutral` is the absence of the others. */
export const emotions = ['angry', 'anxious', 'sad', 'happy', 'neutral'] as const;
export type Emotion = (typeof emotions)[number];

export type EmotionExamples = Readonly<Record<Emotion, readonly string[]>>;

export const chineseEmotions = read('zh');
export const englishEmotions = read('en');

function read(language: string): EmotionExamples {
  const file = new URL(`../../examples/emotions.${language}.yaml`, import.meta.url);
  return parse(readFileSync(file, 'utf8')) as EmotionExamples;
}
