/** Where a mesh under test keeps its data. */
import { startKafka, startPostgres, startRedis } from '../../../../infra/local/servers/servers.js';
import { freshDatabase } from '@frontdesk/testing/servers';
import type { Environment } from './mesh-under-test.js';
import { OwnServer } from './own-server.js';

export interface Stores {
  readonly environment: Environment;
  close(): Promise<void>;
}

/** In the process itself. */
export const embeddedStores: Stores = {
  environment: { DATABASE_URL: 'pglite:memory', KEY_VALUE_URL: 'memory:', EVENTS_URL: 'memory:' },
  close: () => Promise.resolve(),
};

/**
 * A database of its own and a Redis shared with other tests, whose keys all begin with a tenant. Kafka is its own:
 * topics have fixed names, so two meshes on one Kafka would hear each other's events.
 */
export async function realStores({ REDIS_URL }: { readonly REDIS_URL: string }): Promise<Stores> {
  const [database, kafka] = await Promise.all([freshDatabase(), OwnServer.start(startKafka)]);
  return {
    environment: {
      DATABASE_URL: database.url,
      KEY_VALUE_URL: REDIS_URL,
      EVENTS_URL: `kafka://${kafka.url}`,
    },
    close: async () => {
      await Promise.all([database.drop(), kafka.stop()]);
    },
  };
}

/** Three servers that nobody else uses, for a test that breaks them. */
export class OwnStores implements Stores {
  private constructor(
    readonly postgres: OwnServer,
    readonly redis: OwnServer,
    readonly kafka: OwnServer,
  ) {}

  static async start(): Promise<OwnStores> {
    const starting = [startPostgres, startRedis, startKafka].map((starter) => OwnServer.start(starter));
    const [postgres, redis, kafka] = await Promise.all(starting);
    return new OwnStores(postgres!, redis!, kafka!);
  }

  get environment(): Environment {
    return {
      DATABASE_URL: this.postgres.url,
      KEY_VALUE_URL: this.redis.url,
      EVENTS_URL: `kafka://${this.kafka.url}`,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.redis.stop(), this.kafka.stop()]);
  }
}
