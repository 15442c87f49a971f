/** What the built-in emotion examples look like. */

/** In the order the model uses; `neutral` is the absence of the others. */
export const emotions = ['angry', 'anxious', 'sad', 'happy', 'neutral'] as const;
export type Emotion = (typeof emotions)[number];

export type EmotionExamples = Readonly<Record<Emotion, readonly string[]>>;

/** One utterance per line. */
export function lines(block: string): readonly string[] {
  return block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
