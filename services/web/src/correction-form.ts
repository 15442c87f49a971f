/** The form under a customer's message by which an agent says what was meant: a known intent, a new one, a mood. */
import { element } from './dom.js';
import { emotions, type Emotion, type Texts } from './texts.js';

/** What is absent stays as it was understood. */
export interface Correction {
  readonly intent?: string;
  readonly emotion?: Emotion;
}

/** `intents` is the id of the page's list of known intents; `correct` resolves with whether it was taken. */
export function correctionForm(
  t: Texts,
  intents: string,
  correct: (correction: Correction) => Promise<boolean>,
): HTMLElement {
  const intent = element('input', {
    list: intents,
    maxlength: '100',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: t.intentPlaceholder,
    required: '',
  });
  const emotion = element(
    'select',
    {},
    element('option', { value: '' }, t.emotionAsRead),
    ...emotions.map((each) => element('option', { value: each }, t.emotions[each])),
  );
  // One of the two is enough.
  emotion.addEventListener('change', () => (intent.required = emotion.value === ''));
  const save = element('button', { class: 'quiet', type: 'submit' }, t.saveCorrection);
  const form = element(
    'form',
    {},
    element('label', {}, t.intentLabel, intent),
    element('label', {}, t.emotionLabel, emotion),
    save,
  );
  const details = element('details', {}, element('summary', {}, t.correct), form);
  const said = element('span', { role: 'status' });

  const submit = async (): Promise<void> => {
    const known = [...(intent.list?.options ?? [])].map(({ value }) => value);
    const name = intentName(intent.value, known);
    save.disabled = true;
    const taken = await correct({
      ...(name && { intent: name }),
      ...(emotion.value && { emotion: emotion.value as Emotion }),
    });
    save.disabled = false;
    if (!taken) return;
    said.textContent = t.corrected;
    details.open = false;
    details.querySelector('summary')?.focus();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  return element('div', { class: 'correction' }, details, said);
}

/** One of `known` as it stands; a new one as intents are usually named: "Gift card" becomes gift_card. */
export function intentName(typed: string, known: readonly string[]): string {
  const name = typed.trim();
  return known.includes(name) ? name : name.toLowerCase().replace(/\s+/g, '_');
}
