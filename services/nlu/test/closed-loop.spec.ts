/**
 * What becomes of a correction, through the service's contract: it answers, or its version is refused, or it is taken
 * back because live messages disagree. Two processes share one database, as pods do.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { tenantTopic } from '@frontdesk/contracts';
import { TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { JobStatus, NluService, PutMode } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { newId } from '@frontdesk/core';
import type { RpcClient } from '@frontdesk/rpc';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { describeWith, freshDatabase } from '@frontdesk/testing/servers';
import { nlu } from '../src/index.js';

const things = ['parcel', 'invoice', 'password', 'voucher', 'mattress', 'bicycle', 'contract', 'passport'];
const verbs = ['find', 'change', 'cancel', 'print', 'renew'];
const about = (subject: string, intent: string) =>
  verbs.flatMap((verb) =>
    [`I want to ${verb} my ${subject}`, `please ${verb} the ${subject}`, `${verb} ${subject} now`].map(
      (text) => ({ text, intent }),
    ),
  );
/** Fifteen examples of each of eight intents, which bear the names of things. */
const examples = things.flatMap((thing) => about(thing, thing));
const textsOf = (intent: string) =>
  examples.filter((example) => example.intent === intent).map(({ text }) => text);

describeWith(['postgres', 'redis'], 'the closed loop of two processes', ({ REDIS_URL }) => {
  let meshes: readonly TestMesh[] = [];
  let clients: readonly RpcClient<typeof NluService>[];
  let database: Awaited<ReturnType<typeof freshDatabase>>;

  beforeAll(async () => {
    database = await freshDatabase();
    const environment = {
      DATABASE_URL: database.url,
      KEY_VALUE_URL: REDIS_URL,
      NLU_FEEDBACK_DELAY_MS: '200',
      NLU_MODEL_RECHECK_MS: '60000',
    };
    for (let i = 0; i < 2; i++) meshes = [...meshes, await startMesh([nlu], { environment })];
    clients = meshes.map((mesh) => mesh.client(NluService));
  }, 60_000);
  afterAll(async () => {
    for (const mesh of meshes) await mesh.stop();
    await database?.drop();
  });

  /** Of this run: the key-value store outlives it. */
  const run = newId();
  const as = <T>(tenant: string, work: (client: RpcClient<typeof NluService>) => T, process = 0): T =>
    meshes[process]!.as({ tenantId: `${tenant}-${run}` }, () => work(clients[process]!));
  const settled = (tenant: string, jobId: string) =>
    eventually(`training ${jobId}`, async () => {
      const job = await as(tenant, (client) => client.getJob({ jobId }), 1);
      return job.status === JobStatus.SUCCEEDED || job.status === JobStatus.FAILED ? job : undefined;
    });
  const imported = async (tenant: string, given: readonly { text: string; intent: string }[]) => {
    const { jobId } = await as(tenant, (client) => client.importExamples({ examples: [...given] }));
    return settled(tenant, jobId);
  };
  const answer = async (tenant: string, text: string, process = 0) => {
    const { understanding } = await as(tenant, (client) => client.analyze({ text }), process);
    return { model: understanding!.model, intent: understanding!.intent!.name };
  };
  const answersWith = (tenant: string, model: string) =>
    eventually(`${model} answers in both processes`, async () => {
      const models = await Promise.all([0, 1].map((process) => answer(tenant, 'find parcel now', process)));
      return models.every((one) => one.model === model);
    });
  const versions = async (tenant: string) =>
    (await as(tenant, (client) => client.listModels({}))).models.map(({ version, status, active, note }) => ({
      version,
      status,
      active,
      note,
    }));
  /** Every other example of one intent, handed in as another's: no rule tells them from those that stay. */
  const spoiled = textsOf('parcel')
    .filter((_, i) => i % 2 === 0)
    .map((text) => ({ text, intent: 'invoice' }));

  describe('a batch of corrections which spoils an intent', () => {
    beforeAll(async () => void (await imported('gate', examples)));

    it('is refused in words, while the version before goes on answering everywhere', async () => {
      const job = await imported('gate', spoiled);
      expect(job).toMatchObject({ status: JobStatus.FAILED, version: 'lexical-2' });
      expect(job.error).toMatch(/parcel \(\d+ % → \d+ %\)/);
      expect(await versions('gate')).toEqual([
        { version: 'lexical-2', status: 'refused', active: false, note: job.error },
        { version: 'lexical-1', status: 'ready', active: true, note: '' },
      ]);
      await answersWith('gate', 'lexical-1');
      expect(await answer('gate', 'find parcel now')).toMatchObject({ intent: 'parcel' });
    });

    it('can be compared, and activated by hand', async () => {
      const { intents } = await as('gate', (client) => client.compareModels({ candidate: 'lexical-2' }));
      expect(intents[0]).toMatchObject({ intent: 'parcel' });
      expect(intents[0]!.candidateRecall).toBeLessThan(intents[0]!.baseRecall);
      await as('gate', (client) => client.activateModel({ version: 'lexical-2' }));
      await answersWith('gate', 'lexical-2');
    });
  });

  it('an editor’s own taxonomy answers, however it is measured', async () => {
    await imported('editor', examples);
    const intents = [{ name: 'parcel', examples: { en: { texts: [...textsOf('invoice').slice(0, 9)] } } }];
    const { jobId } = await as('editor', (client) => client.putIntents({ intents, mode: PutMode.MERGE }));
    expect(await settled('editor', jobId)).toMatchObject({ status: JobStatus.SUCCEEDED });
    await answersWith('editor', 'lexical-2');
  });

  it('a pinned version is not replaced; unpinned, the newest ready one answers', async () => {
    await imported('pin', examples);
    await as('pin', (client) => client.pinModel({ version: 'lexical-1' }));
    expect(await imported('pin', about('parrot', 'parrot'))).toMatchObject({ version: 'lexical-2' });
    await imported('pin', spoiled);
    await answersWith('pin', 'lexical-1');
    expect((await versions('pin')).map(({ status }) => status)).toEqual(['refused', 'ready', 'ready']);
    await as('pin', (client) => client.pinModel({ version: '' }));
    await answersWith('pin', 'lexical-2');
  });

  describe('a version which live messages disagree with', () => {
    const MESSAGES = 60;
    /** What customers write most, and what an import claims to be something new. */
    const live = textsOf('parcel').map((text) => `${text}, will you`);
    const disagree = (tenant: string) =>
      imported(
        tenant,
        live.map((text) => ({ text, intent: 'parrot' })),
      );
    const write = (tenant: string) =>
      Promise.all(
        Array.from({ length: MESSAGES * 2 }, (_, i) => answer(tenant, live[i % live.length]!, i % 2)),
      );

    it('is taken back by itself in every process, once, with a note', async () => {
      await imported('live', examples);
      expect(await disagree('live')).toMatchObject({ status: JobStatus.SUCCEEDED, version: 'lexical-2' });
      await answersWith('live', 'lexical-2');
      await write('live');
      await answersWith('live', 'lexical-1');
      const [taken, before] = await versions('live');
      expect(taken).toMatchObject({ version: 'lexical-2', status: 'rolled_back', active: false });
      expect(taken!.note).toMatch(/live messages .* does not know/);
      expect(before).toMatchObject({ version: 'lexical-1', status: 'ready', active: true });
    });

    it('stays where somebody pinned it', async () => {
      await imported('kept', examples);
      await disagree('kept');
      await as('kept', (client) => client.pinModel({ version: 'lexical-2' }));
      await answersWith('kept', 'lexical-2');
      await write('kept');
      await answersWith('kept', 'lexical-2');
    });
  });

  describe('an odd taxonomy', () => {
    const put = async (tenant: string, intents: readonly { name: string; texts: string[] }[]) => {
      const given = intents.map(({ name, texts }) => ({ name, examples: { en: { texts } } }));
      const { jobId, warnings } = await as(tenant, (client) => client.putIntents({ intents: given }));
      return { warnings, job: await settled(tenant, jobId) };
    };

    it('of one intent can be learnt', async () => {
      const { job, warnings } = await put('one', [{ name: 'parcel', texts: textsOf('parcel') }]);
      expect(job).toMatchObject({ status: JobStatus.SUCCEEDED, error: '' });
      expect(warnings).toEqual([
        'Only parcel has examples: with a second intent the bot can tell them apart.',
      ]);
      expect(await answer('one', 'find parcel now')).toMatchObject({ intent: 'parcel' });
    });

    it('with an intent of no examples, and one text under two, names both', async () => {
      const { job, warnings } = await put('odd', [
        { name: 'parcel', texts: textsOf('parcel') },
        { name: 'nothing', texts: [] },
        { name: 'twin', texts: ['find parcel now', ...textsOf('invoice')] },
      ]);
      expect(job.status).toBe(JobStatus.SUCCEEDED);
      expect(warnings).toEqual([
        'nothing has 0 examples: give it at least 5.',
        '"find parcel now" stands under parcel and twin: keep it under one.',
      ]);
    });

    it('without a single example trains to a bot that claims nothing', async () => {
      const { job } = await put('empty', [{ name: 'nothing', texts: [] }]);
      expect(job.status).toBe(JobStatus.SUCCEEDED);
      expect(await answer('empty', 'find parcel now')).toMatchObject({ intent: 'out_of_scope' });
    });
  });

  it('corrections in every process and an editor’s put at once: the last version knows all of it', async () => {
    await imported('race', examples);
    const correct = (i: number) =>
      as(
        'race',
        (client) => client.addFeedback({ text: `my parrot number ${i} is ill`, intent: 'parrot' }),
        i % 2,
      );
    const put = as('race', (client) =>
      client.putIntents({
        intents: [
          { name: 'garden', examples: { en: { texts: about('garden', '').map(({ text }) => text) } } },
        ],
        mode: PutMode.MERGE,
      }),
    );
    const jobs = await Promise.all([...Array.from({ length: 12 }, (_, i) => correct(i)), put]);
    for (const { jobId } of jobs) await settled('race', jobId);
    const answers = () =>
      Promise.all([answer('race', 'my parrot number 3 is ill', 1), answer('race', 'renew garden now', 0)]);
    await eventually('both are known', async () => {
      const [parrot, garden] = await answers();
      return parrot.intent === 'parrot' && garden.intent === 'garden';
    });
  });

  it('a tenant erased in the middle of a training leaves nothing behind', async () => {
    const { jobId } = await as('gone', (client) => client.importExamples({ examples }));
    await eventually('the training runs', async () => {
      const { status } = await as('gone', (client) => client.getJob({ jobId }));
      return status !== JobStatus.QUEUED;
    });
    await meshes[0]!.process.bus.publish([erased(`gone-${run}`)]);
    await eventually('the job is gone', () =>
      as('gone', (client) => client.getJob({ jobId })).then(
        () => false,
        ({ code }: { code: string }) => code === 'not_found',
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await versions('gone')).toEqual([]);
    expect(await answer('gone', 'find parcel now', 1)).toMatchObject({ model: 'lexical-none' });
  });
});

function erased(tenantId: string) {
  const event = create(TenantEventSchema, { tenantId, fact: { case: 'erased', value: {} } });
  return {
    id: newId(),
    topic: tenantTopic.name,
    key: tenantId,
    payload: toBinary(TenantEventSchema, event),
    tenantId,
    occurredAt: Date.now(),
    headers: {},
  };
}
