/** What `make demo` puts around a mesh (order service, bots, platform key) and into it (articles, intents). */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readKeys } from '../../../../infra/demo/keys.js';
import { seed } from '../../../../infra/demo/seed.js';
import { startShop, type RunningShop } from '../../../../infra/local/shop/server.js';
import type { AllKeys, Environment } from './mesh-under-test.js';

export class DemoShop {
  readonly environment: Environment;

  private constructor(
    private readonly folder: string,
    private readonly orders: RunningShop,
  ) {
    this.environment = {
      PLATFORM_API_KEY: readKeys(this.keysFile).platform,
      DEMO_KEYS_FILE: this.keysFile,
      BOTS_DIR: fileURLToPath(new URL('../../../../infra/demo/bots', import.meta.url)),
      DEFAULT_BOT: 'shop',
      ORDERS_URL: orders.url,
      // As in startMesh: what is about encoders says so.
      NLU_ENCODER: 'lexical',
    };
  }

  static async open(): Promise<DemoShop> {
    return new DemoShop(mkdtempSync(join(tmpdir(), 'frontdesk-demo-')), await startShop({ port: 0 }));
  }

  /** Makes the tenant and gives it its knowledge, by the public interface. */
  fill(baseUrl: string): Promise<AllKeys> {
    return seed(baseUrl, readKeys(this.keysFile), this.keysFile, () => undefined);
  }

  async close(): Promise<void> {
    await this.orders.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get keysFile(): string {
    return join(this.folder, 'keys.json');
  }
}

/** Those of the shop's retrieval questions that have these words, each with the title of the article that answers it. */
export function questionsOfTheShop(texts: readonly string[]): { text: string; title: string }[] {
  const read = (name: string): unknown =>
    parse(readFileSync(new URL(`../../../../infra/demo/bots/shop/${name}`, import.meta.url), 'utf8'));
  const { questions } = read('questions.yaml') as {
    questions: { text: string; locale: 'zh' | 'en'; article: string }[];
  };
  const folder = new URL('../../../../infra/demo/bots/shop/articles', import.meta.url);
  const articles = readdirSync(folder).flatMap(
    (name) =>
      (read(`articles/${name}`) as { articles: ({ id: string } & Record<'zh' | 'en', { title: string }>)[] })
        .articles,
  );
  return texts.map((text) => {
    const { locale, article } = questions.find((question) => question.text === text)!;
    return { text, title: articles.find(({ id }) => id === article)![locale].title };
  });
}
