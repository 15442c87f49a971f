import { labelingConfig, readTasks, taskOf, taskSchema, type Task } from './label-studio.js';

const choice = (from_name: string, ...choices: string[]) => ({
  from_name,
  to_name: 'text',
  type: 'choices',
  value: { choices },
});
const task = (text: string, more: Partial<Task>): Task => ({ data: { text }, ...more });
const labelled = (text: string, ...result: ReturnType<typeof choice>[]) =>
  task(text, { annotations: [{ result }] });

describe('readTasks', () => {
  it('gives back what taskOf made', () => {
    const examples = [
      { text: '我要退款', language: 'zh', intent: 'refund', emotion: 'angry' },
      { text: 'fine', language: 'en', intent: '', emotion: 'sad' },
      { text: 'a film?', language: 'en', intent: 'out_of_scope', emotion: '' },
    ];
    const tasks = JSON.parse(JSON.stringify(examples.map(taskOf))) as unknown[];
    expect(readTasks(tasks.map((each) => taskSchema.parse(each)))).toEqual({ examples, warnings: [] });
  });

  it('takes a task as Label Studio exports it, and leaves alone what is not ours', () => {
    const exported = {
      id: 7,
      data: { text: 'where is it', source: 'chat' },
      annotations: [
        {
          id: 21,
          completed_by: 1,
          was_cancelled: false,
          lead_time: 3.2,
          result: [
            { id: 'x', origin: 'manual', ...choice('intent', 'order_status') },
            { id: 'y', from_name: 'quality', to_name: 'text', type: 'rating', value: { rating: 4 } },
            { type: 'relation', from_id: 'x', to_id: 'y', direction: 'right' },
          ],
        },
      ],
      predictions: [{ model_version: 'm', score: 0.5, result: [choice('intent', 'refund')] }],
      meta: {},
    };
    expect(readTasks([taskSchema.parse(exported)])).toEqual({
      examples: [{ text: 'where is it', language: '', intent: 'order_status', emotion: '' }],
      warnings: [],
    });
  });

  const intentsOf = (given: Task) => readTasks([given]).examples.map(({ intent }) => intent);
  const said = (intent: string, more: object = {}) => ({ result: [choice('intent', intent)], ...more });

  it.each<[string, Partial<Task>, string[]]>([
    ['every person', { annotations: [said('a'), said('b')] }, ['a', 'b']],
    ['nobody who skipped it', { annotations: [said('a', { was_cancelled: true }), said('b')] }, ['b']],
    ['the ground truth alone', { annotations: [said('a'), said('b', { ground_truth: true })] }, ['b']],
    ['the last prediction', { predictions: [said('a'), said('b')] }, ['b']],
    ['a person before a model', { annotations: [said('a')], predictions: [said('b')] }, ['a']],
    [
      'no model where a person skipped',
      { annotations: [said('a', { was_cancelled: true })], predictions: [said('b')] },
      [],
    ],
  ])('believes %s', (_, given, intents) => {
    expect(intentsOf(task('x', given))).toEqual(intents);
  });

  it('reports tasks without text or label by their number', () => {
    const { examples, warnings } = readTasks([
      labelled(' ', choice('intent', 'a')),
      labelled('x', choice('intent', 'a')),
      labelled('y'),
    ]);
    expect(examples).toHaveLength(1);
    expect(warnings).toEqual([
      'Task 1 is left out: it has no text.',
      'Task 3 is left out: it has neither an intent nor an emotion.',
    ]);
  });
});

describe('labelingConfig', () => {
  it('offers every intent, out_of_scope once, and escapes what XML would read', () => {
    const config = labelingConfig(['a & "b" <c>', 'out_of_scope']);
    expect(config).toContain('<Choice value="a &amp; &quot;b&quot; &lt;c&gt;"/>');
    expect(config.match(/out_of_scope/g)).toHaveLength(1);
    for (const { from_name, to_name } of taskOf({ text: 'x', language: 'en', intent: 'a', emotion: 'sad' })
      .annotations![0]!.result as unknown as ReturnType<typeof choice>[])
      expect(config).toContain(`<Choices name="${from_name}" toName="${to_name}"`);
  });
});
