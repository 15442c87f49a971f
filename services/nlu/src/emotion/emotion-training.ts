/**
 * From the built-in examples and a bot's corrections to what an emotion model is made of: the n-grams of each task,
 * trained in tenths of a second, and the heads of an encoder, in seconds.
 */
import { trainClassifier, type LabelledFeatures } from '../lexical/classifier-training.js';
import { featuresOf, foldOf } from '../lexical/features.js';
import type { Sliced } from '../lexical/slices.js';
import {
  builtInEmotions,
  builtInSentiments,
  emotions,
  sentiments,
  sentimentsOf,
  type LabelledEmotion,
  type LabelledSentiment,
} from './emotion-examples.js';
import { trainEmotionHead, trainLexicalEmotions, type LexicalEmotions } from './emotion-head-training.js';
import type { EmotionHeads } from './emotion-model.js';

export interface EmotionExample extends LabelledFeatures {
  readonly text: string;
}

/** A correction stands in `examples` as often as it counts. */
export interface EmotionTask {
  readonly labels: readonly string[];
  readonly examples: readonly EmotionExample[];
}

export interface PerTask<T> {
  readonly emotion: T;
  readonly sentiment: T;
}

/** A person's correction outweighs several examples that sound alike. */
const CORRECTION_WEIGHT = 3;

const builtIn: PerTask<readonly EmotionExample[]> = {
  emotion: emotionExamples(builtInEmotions),
  sentiment: sentimentExamples(builtInSentiments),
};

export function tasksOf(corrections: readonly LabelledEmotion[]): PerTask<EmotionTask> {
  const counted = corrections.flatMap((correction) =>
    Array<LabelledEmotion>(CORRECTION_WEIGHT).fill(correction),
  );
  return {
    emotion: { labels: emotions, examples: [...builtIn.emotion, ...emotionExamples(counted)] },
    sentiment: {
      labels: sentiments,
      examples: [...builtIn.sentiment, ...sentimentExamples(sentimentsOf(counted))],
    },
  };
}

function emotionExamples(labelled: readonly LabelledEmotion[]): EmotionExample[] {
  return labelled.map(({ text, emotion }) => exampleOf(text, emotions.indexOf(emotion)));
}

function sentimentExamples(labelled: readonly LabelledSentiment[]): EmotionExample[] {
  return labelled.map(({ text, sentiment }) => exampleOf(text, sentiments.indexOf(sentiment)));
}

function exampleOf(text: string, label: number): EmotionExample {
  const features = featuresOf(text);
  return { text, label, features, fold: foldOf(features) };
}

export function* trainBuiltInWords(): Sliced<PerTask<LexicalEmotions>> {
  const { emotion, sentiment } = tasksOf([]);
  return {
    emotion: yield* trainLexicalEmotions(emotion.labels, emotion.examples),
    sentiment: yield* trainLexicalEmotions(sentiment.labels, sentiment.examples),
  };
}

/** The n-grams of a bot whose emotions somebody corrected; they sound as sure as the built-in ones. */
export function* trainWords(
  tasks: PerTask<EmotionTask>,
  before: PerTask<LexicalEmotions>,
): Sliced<PerTask<LexicalEmotions>> {
  const train = function* (task: EmotionTask, { classifier }: LexicalEmotions) {
    const trained = yield* trainClassifier(task.labels, task.examples);
    return { classifier: trained.withTemperature(classifier.temperature), heldOut: [] };
  };
  return {
    emotion: yield* train(tasks.emotion, before.emotion),
    sentiment: yield* train(tasks.sentiment, before.sentiment),
  };
}

/**
 * `featuresBy` holds the features of the texts which the encoder reads, by text. With `before` the voices count as they
 * do there, and nothing is held out. Undefined for an encoder that reads too little.
 */
export async function trainHeads(
  tasks: PerTask<EmotionTask>,
  words: PerTask<LexicalEmotions>,
  featuresBy: ReadonlyMap<string, Float32Array>,
  before?: EmotionHeads,
): Promise<EmotionHeads | undefined> {
  const train = (
    { examples }: EmotionTask,
    lexical: LexicalEmotions,
    head: EmotionHeads['emotion'] | undefined,
  ) =>
    trainEmotionHead(
      examples,
      examples.map(({ text }) => featuresBy.get(text)),
      lexical,
      head?.weights,
    );
  const emotion = await train(tasks.emotion, words.emotion, before?.emotion);
  const sentiment = await train(tasks.sentiment, words.sentiment, before?.sentiment);
  return emotion && sentiment && { emotion: emotion.head, sentiment: sentiment.head };
}
