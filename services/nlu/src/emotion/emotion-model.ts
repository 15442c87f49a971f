/**
 * How a customer feels, told by the same lexical model over built-in examples in Chinese and English, to which a
 * bot's own corrections are added. Trained when first needed: six hundred examples take some twenty milliseconds.
 */
import { argmax, type Classifier } from '../lexical/classifier.js';
import { trainClassifier, type LabelledFeatures } from '../lexical/classifier-training.js';
import { featuresOf, foldOf } from '../lexical/features.js';
import type { Label } from '../intent/intent-model.js';
import type { Sliced } from '../lexical/slices.js';
import { chineseEmotions, emotions, englishEmotions, type Emotion } from './emotion-examples.js';

export interface EmotionReading {
  readonly emotion: Label;
  /** −1 (negative) to 1 (positive): the valence of the emotions, weighted by their probabilities. */
  readonly sentiment: number;
}

export interface LabelledEmotion {
  readonly text: string;
  readonly emotion: Emotion;
}

const VALENCE: Readonly<Record<Emotion, number>> = {
  angry: -1,
  anxious: -0.5,
  sad: -0.8,
  happy: 1,
  neutral: 0,
};
/** A person's correction outweighs several examples that sound alike. */
const CORRECTION_WEIGHT = 3;
/** Fitted by cross-validation on the built-in examples. */
const TEMPERATURE = 1;
const NEUTRAL = emotions.indexOf('neutral');
const HAPPY = emotions.indexOf('happy');
const READ_AT_MOST = 500;
const MOST_CLAUSES = 8;

export function isEmotion(name: string): name is Emotion {
  return (emotions as readonly string[]).includes(name);
}

export function* trainEmotions(corrections: readonly LabelledEmotion[]): Sliced<Classifier> {
  const corrected = corrections.flatMap(({ text, emotion }) =>
    Array(CORRECTION_WEIGHT).fill(labelled(text, emotion)),
  );
  const classifier = yield* trainClassifier(emotions, [...builtInEmotions(), ...corrected]);
  return classifier.withTemperature(TEMPERATURE);
}

export function builtInEmotions(): LabelledFeatures[] {
  return [chineseEmotions, englishEmotions].flatMap((examples) =>
    emotions.flatMap((emotion) => examples[emotion].map((text) => labelled(text, emotion))),
  );
}

function labelled(text: string, emotion: Emotion): LabelledFeatures {
  const features = featuresOf(text);
  return { features, label: emotions.indexOf(emotion), fold: foldOf(features) };
}

/**
 * Reads the message as a whole, then clause by clause, and believes the most negative reading: "where is my order,
 * this is outrageous" is angry, however matter-of-fact its first half. Thanks in passing make nobody happy.
 */
export function readEmotion(classifier: Classifier, text: string): EmotionReading {
  let probabilities = classifier.predict(featuresOf(text));
  const clauses = clausesOf(text);
  for (const clause of clauses.length > 1 ? clauses : []) {
    const candidate = classifier.predict(featuresOf(clause));
    if (negativity(candidate) > negativity(probabilities)) probabilities = candidate;
  }
  const best = argmax(probabilities);
  const sentiment = emotions.reduce((sum, emotion, k) => sum + VALENCE[emotion] * probabilities[k]!, 0);
  return { emotion: { name: emotions[best]!, confidence: probabilities[best]! }, sentiment };
}

function negativity(probabilities: Float32Array): number {
  return 1 - probabilities[NEUTRAL]! - probabilities[HAPPY]!;
}

/** The first few clauses with anything in them. */
function clausesOf(text: string): string[] {
  return text
    .slice(0, READ_AT_MOST)
    .split(/[，。！？；,.!?;\n]+/)
    .filter((clause) => clause.trim() !== '')
    .slice(0, MOST_CLAUSES);
}
