/**
 * Labelled examples as tasks of Label Studio, and back. The format is Label Studio's own JSON for tasks: `data` holds
 * what is labelled, `annotations` what people say of it and `predictions` what a model said, both as results by the
 * name of the control they were given in (https://labelstud.io/guide/task_format). The labeling config that goes with
 * it has the controls `intent` and `emotion`. Whatever else a task holds is left alone. Pure.
 */
import type { LabelledExample } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { z } from 'zod';
import { emotions } from './nlu.json.js';

const controls = ['intent', 'emotion'] as const;
type Control = (typeof controls)[number];

const results = z.array(
  z.looseObject({
    from_name: z.string().optional(),
    value: z.looseObject({ choices: z.array(z.string()).optional() }).optional(),
  }),
);

export const taskSchema = z
  .looseObject({
    data: z.looseObject({ text: z.string(), language: z.string().optional() }),
    annotations: z
      .array(
        z.looseObject({
          result: results,
          was_cancelled: z.boolean().optional().describe('Skipped: nothing is taken from it.'),
          ground_truth: z.boolean().optional().describe('Only such annotations count where a task has any.'),
        }),
      )
      .optional(),
    predictions: z
      .array(z.looseObject({ result: results }))
      .optional()
      .describe('The last one counts for a task that nobody has annotated.'),
  })
  .meta({ id: 'LabelStudioTask' });

export type Task = z.output<typeof taskSchema>;
type Labelling = { readonly result: z.output<typeof results> };
export type Example = Pick<LabelledExample, 'text' | 'language' | 'intent' | 'emotion'>;

export interface ReadTasks {
  /** One for each person who labelled a task, or more where they chose several intents: nlu tells contradictions. */
  readonly examples: readonly Example[];
  /** Tasks from which nothing could be taken, by their number from 1. */
  readonly warnings: readonly string[];
}

export function readTasks(tasks: readonly Task[]): ReadTasks {
  const warnings: string[] = [];
  const examples = tasks.flatMap((task, i) => {
    const { text, language = '' } = task.data;
    const leaveOut = (reason: string): Example[] => {
      warnings.push(`Task ${i + 1} is left out: ${reason}.`);
      return [];
    };
    if (text.trim() === '') return leaveOut('it has no text');
    const found = labellingsOf(task).flatMap((labelling) => examplesIn(labelling, text, language));
    return found.length > 0 ? found : leaveOut('it has neither an intent nor an emotion');
  });
  return { examples, warnings };
}

/** Whom to believe: ground truths, else every annotation; a prediction only where nobody has looked at the task. */
function labellingsOf({ annotations = [], predictions = [] }: Task): readonly Labelling[] {
  if (annotations.length === 0) return predictions.slice(-1);
  const given = annotations.filter((annotation) => !annotation.was_cancelled);
  const truths = given.filter((annotation) => annotation.ground_truth);
  return truths.length > 0 ? truths : given;
}

function examplesIn({ result }: Labelling, text: string, language: string): Example[] {
  const chosen = (control: Control) =>
    result.flatMap(({ from_name, value }) => (from_name === control ? (value?.choices ?? []) : []));
  const [intents, feelings] = [chosen('intent'), chosen('emotion')];
  return Array.from({ length: Math.max(intents.length, feelings.length) }, (_, i) => ({
    text,
    language,
    intent: intents[i] ?? '',
    emotion: feelings[i] ?? '',
  }));
}

/** A task with one annotation, as Label Studio imports it. */
export function taskOf({ text, language, intent, emotion }: Example): Task {
  const labels = { intent, emotion };
  const result = controls
    .filter((control) => labels[control] !== '')
    .map((control) => ({
      id: control,
      from_name: control,
      to_name: 'text',
      type: 'choices',
      value: { choices: [labels[control]] },
    }));
  return { data: { text, language }, annotations: [{ result }] };
}

/** The labeling interface for these intents (https://labelstud.io/tags): one intent and one emotion per text. */
export function labelingConfig(intents: readonly string[]): string {
  const names = [...new Set([...intents, 'out_of_scope'])];
  const choices = (values: readonly string[]) =>
    values.map((value) => `    <Choice value="${escaped(value)}"/>`).join('\n');
  return `<View>
  <Text name="text" value="$text"/>
  <Filter name="find" toName="intent" minlength="0"/>
  <Choices name="intent" toName="text" choice="single" showInline="true">
${choices(names)}
  </Choices>
  <Choices name="emotion" toName="text" choice="single" showInline="true">
${choices(emotions)}
  </Choices>
</View>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For an attribute in double quotes. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
