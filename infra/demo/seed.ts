// Fills the demo through the public interface, as a platform team would: a tenant, its knowledge, its intents.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { writeKeys, type Keys } from './keys.ts';

interface LocalArticle {
  readonly title: string;
  readonly questions: readonly string[];
  readonly answer: string;
}

interface Article extends Readonly<Record<'zh' | 'en', LocalArticle>> {
  readonly id: string;
  readonly tags: readonly string[];
}

const bot = 'shop';
const files = new URL(`bots/${bot}/`, import.meta.url);

/** Seeds a fresh demo; a demo that has its keys is left as it is. */
export async function seed(
  base: string,
  keys: Keys,
  keysFile: string,
  say: (text: string) => void,
): Promise<Required<Keys>> {
  if (keys.channel && keys.agent && keys.admin) return keys as Required<Keys>;

  const tenant = await call<{ id: string; keys: Required<Omit<Keys, 'platform'>> }>(
    base,
    keys.platform,
    'POST',
    '/v1/tenants',
    { name: 'demo' },
  );
  const { channel, agent, admin } = tenant.keys;
  // High enough for a load test from one machine.
  const limits = {
    requestsPerMinute: 1_000_000,
    perCustomerPerMinute: 100_000,
    llmTokensPerDay: 100_000_000,
  };
  await call(base, keys.platform, 'PUT', `/v1/tenants/${tenant.id}/limits`, limits);

  const articles = readArticles();
  say(`Storing ${articles.length} articles …`);
  const lines = articles.map((article) => JSON.stringify(article)).join('\n');
  await call(base, admin, 'POST', '/v1/knowledge/import', lines, 'application/x-ndjson');

  const intents = readIntents();
  say(`Training ${intents.length} intents …`);
  await call(base, admin, 'PUT', `/v1/nlu/intents?bot=${bot}`, { intents });
  const { jobId } = await call<{ jobId: string }>(base, admin, 'POST', '/v1/nlu/train', { bot });
  await trained(base, admin, jobId);

  // Last, so that a start which was interrupted seeds again.
  const all = { platform: keys.platform, channel, agent, admin };
  writeKeys(keysFile, all);
  return all;
}

function readArticles(): object[] {
  return yamlFiles('articles/')
    .flatMap((file) => (file as { articles: Article[] }).articles)
    .flatMap((article) =>
      (['zh', 'en'] as const).map((locale) => ({
        externalId: `${article.id}.${locale}`,
        locale,
        tags: article.tags,
        ...article[locale],
      })),
    );
}

function readIntents(): object[] {
  return yamlFiles('intents/').flatMap((file) => (file as { intents?: object[] }).intents ?? []);
}

function yamlFiles(folder: string): unknown[] {
  const root = new URL(folder, files);
  return readdirSync(root).map((name) => parse(readFileSync(new URL(name, root), 'utf8')) as unknown);
}

async function trained(base: string, key: string, jobId: string): Promise<void> {
  for (
    const until = Date.now() + 60_000;
    Date.now() < until;
    await new Promise((wake) => setTimeout(wake, 100))
  ) {
    const job = await call<{ status: string; error?: string }>(base, key, 'GET', `/v1/nlu/jobs/${jobId}`);
    if (job.status === 'succeeded') return;
    if (job.status === 'failed') throw new Error(`The training failed: ${job.error ?? 'no reason given'}`);
  }
  throw new Error('The training did not end within a minute.');
}

async function call<T>(
  base: string,
  key: string,
  method: string,
  path: string,
  body?: object | string,
  type = 'application/json',
): Promise<T> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `The demo could not be filled: ${method} ${path} answered ${response.status} ${text.slice(0, 500)}`,
    );
  return (text ? JSON.parse(text) : undefined) as T;
}
