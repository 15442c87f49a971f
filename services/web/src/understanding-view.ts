/** What was understood as elements: quiet labels under a message, which unfold, and one line for the mood. */
import { element, icon } from './dom.js';
import type { Emotion, Language, Texts } from './texts.js';
import {
  intentInWords,
  intentsOf,
  inWords,
  type Label,
  type Mood,
  type Understanding,
} from './understanding.js';

const face = 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M9 10h.01M15 10h.01';
const frown = 'M8.500 16.500a4.500 4.500 0 0 1 7 0';
/** The face says it by its mouth and brows, so that no reader depends on a colour. */
const faces: Readonly<Record<Emotion, string>> = {
  angry: `${face}M7.500 7l3 1.500M16.500 7l-3 1.500${frown}`,
  anxious: `${face}M8 16l1.600-1.400 1.600 1.400 1.600-1.400 1.600 1.400 1.200-1.100`,
  sad: `${face}${frown}`,
  happy: `${face}M8 14a4.600 4.600 0 0 0 8 0`,
  neutral: `${face}M8.500 15.500h7`,
};

/** The intents and the emotion in words; unfolded, how sure the desk is, and which tier read them. */
export function understandingElement(understanding: Understanding, t: Texts): HTMLElement {
  const { emotion, language, tier } = understanding;
  const spoken = languageOf(t);
  const intents = intentsOf(understanding);
  const named = (label: Label): string => intentInWords(label.name, spoken);
  const feeling = t.emotions[emotion.name] ?? emotion.name;
  return element(
    'details',
    { class: 'understood' },
    element(
      'summary',
      {},
      element('span', { class: 'unseen' }, `${t.understood} `),
      ...intents.map((label) => element('span', { class: 'intent' }, named(label))),
      element('span', { class: 'emotion' }, icon(faces[emotion.name] ?? face), feeling),
    ),
    element(
      'dl',
      {},
      ...intents.flatMap((label) => fact(t.intentLabel, named(label), label.confidence)),
      ...fact(t.emotionLabel, feeling, emotion.confidence),
      ...fact(t.languageLabel, t.languages[language] ?? language),
      ...(tier ? fact(t.tierLabel, t.tiers[tier] ?? tier) : []),
    ),
  );
}

/** E.g. "Mood: uneasy, getting worse". */
export function moodInWords(mood: Mood, t: Texts): string {
  const { level, trend } = inWords(mood);
  return t.mood(t.levels[level], t.trends[trend]);
}

/** The figures behind the words. */
export function moodInFigures({ level, slope }: Mood, t: Texts): string {
  return t.moodFigures(signed(level), signed(slope));
}

function fact(term: string, said: string, confidence?: number): HTMLElement[] {
  const sure = confidence === undefined ? '' : ` ${Math.round(confidence * 100)}%`;
  return [element('dt', {}, term), element('dd', {}, `${said}${sure}`)];
}

function signed(value: number): string {
  const figure = Math.abs(value).toFixed(2);
  if (figure === '0.00') return figure;
  return value < 0 ? `−${figure}` : `+${figure}`;
}

const languageOf = ({ documentLanguage }: Texts): Language => (documentLanguage === 'en' ? 'en' : 'zh');
