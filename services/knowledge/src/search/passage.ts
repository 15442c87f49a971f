/**
 * What search finds: pieces of an article, each short enough to be shown or quoted. Pure; the same version of an
 * article always gives the same passages with the same ids.
 */
import type { Article } from '../articles/article.js';

export interface Passage {
  readonly id: string;
  readonly articleId: string;
  readonly articleVersion: number;
  readonly title: string;
  /** The first passage stands for the article's questions; later ones are found by title and text alone. */
  readonly questions: readonly string[];
  readonly text: string;
  /** BCP 47. */
  readonly locale: string;
  /** Milliseconds since the epoch, exclusive at the end. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** Answers up to this length stay whole; in UTF-16 units. */
const LONGEST_WHOLE = 1_500;
/** Longer ones are cut at paragraphs, else at sentences, into pieces of about this length. */
const PIECE = 800;
/** Counts characters, of which some take two units. */
const SLICE = /[^]{1,400}/gu;

export function passagesOf(article: Omit<Article, 'updatedAt'>): Passage[] {
  return piecesOf(article.answer).map((text, i) => ({
    id: `${article.id}.${article.version}.${i + 1}`,
    articleId: article.id,
    articleVersion: article.version,
    title: article.title,
    questions: i === 0 ? article.questions : [],
    text,
    locale: article.locale,
    validFrom: article.validFrom?.getTime() ?? -Infinity,
    validTo: article.validTo?.getTime() ?? Infinity,
  }));
}

function piecesOf(answer: string): string[] {
  if (answer.length <= LONGEST_WHOLE) return [answer];
  const pieces: string[] = [];
  let piece = '';
  for (const part of answer.split(/(?<=\n\s*\n)/).flatMap(sentencesOf)) {
    if (piece !== '' && piece.length + part.length > PIECE) {
      pieces.push(piece.trim());
      piece = '';
    }
    piece += part;
  }
  pieces.push(piece.trim());
  return pieces.filter((text) => text !== '');
}

/** A paragraph that is too long for one piece as sentences, or as slices where it has none. */
function sentencesOf(paragraph: string): string[] {
  if (paragraph.length <= PIECE) return [paragraph];
  return paragraph.split(/(?<=[。！？；\n]|[.!?;]\s)/).flatMap((sentence) => sentence.match(SLICE) ?? []);
}
