/**
 * One correction on its way into every replica: three nlu processes on a real PostgreSQL and Redis, a real encoder, a
 * bot of 150 intents with 100 examples each, and customers who write all the while.
 */
import { JobStatus } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { eventually } from '@frontdesk/testing';
import { describeWithModels } from '@frontdesk/testing/models';
import { describeWith } from '@frontdesk/testing/servers';
import { inventedExamples } from './harness/invented-bot.js';
import { asTenant, NluReplicas, type Replica } from './harness/nlu-replicas.js';
import { SteadyCalls } from './harness/steady-calls.js';

const TENANT = 'closed-loop';
const CALLS_PER_SECOND = 50;
const LIVE_WITHIN_MS = 10_000;
const NEW_INTENT = 'escaped_parrot';

describeWithModels(['bge-small-en-v1.5'], 'the closed loop', (models) => {
  describeWith(['postgres', 'redis'], 'over three replicas', ({ REDIS_URL }) => {
    let nlu: NluReplicas;
    const examples = inventedExamples(100);

    beforeAll(async () => {
      nlu = await NluReplicas.start(3, {
        KEY_VALUE_URL: REDIS_URL,
        MODELS_DIR: models.dir,
        NLU_ENCODER: 'per_language',
      });
      const { jobId } = await asTenant(TENANT, () => nlu.at(0).client.importExamples({ examples }));
      await trained(nlu.at(1), jobId);
    }, 300_000);
    afterAll(() => nlu?.stop(), 60_000);

    it('answers from one correction in every replica within ten seconds, and drops no call', async () => {
      using calls = new SteadyCalls(CALLS_PER_SECOND, (i) =>
        understood(nlu.at(i % 3), examples[(i * 37) % examples.length]!.text),
      );
      await sleepMs(2_000);
      const text = 'my parrot has escaped, what now';
      const startedAt = performance.now();
      const { jobId } = await asTenant(TENANT, () =>
        nlu.at(0).client.addFeedback({ text, intent: NEW_INTENT }),
      );
      const liveAfter = await Promise.all(
        nlu.replicas.map((replica) =>
          eventually('the correction is live', async () => {
            const { intent } = await understood(replica, text);
            return intent?.name === NEW_INTENT ? performance.now() - startedAt : undefined;
          }),
        ),
      );
      const { failures, answered, p99Ms, slowestMs } = await calls.stop();
      console.log(
        `A correction was live in every replica after ${seconds(Math.max(...liveAfter))} s; meanwhile ` +
          `${answered} calls were answered, 99 % within ${Math.round(p99Ms)} ms, all within ${Math.round(slowestMs)} ms.`,
      );
      expect(failures).toEqual([]);
      expect(Math.max(...liveAfter)).toBeLessThan(LIVE_WITHIN_MS);
      expect((await jobOf(nlu.at(2), jobId)).status).toBe(JobStatus.SUCCEEDED);
    }, 120_000);
  });
});

async function understood({ client }: Replica, text: string) {
  return (await asTenant(TENANT, () => client.analyze({ text }))).understanding!;
}

function jobOf({ client }: Replica, jobId: string) {
  return asTenant(TENANT, () => client.getJob({ jobId }));
}

function trained(replica: Replica, jobId: string) {
  return eventually(
    'the bot is trained',
    async () => (await jobOf(replica, jobId)).status === JobStatus.SUCCEEDED,
    240_000,
  );
}

function sleepMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
