// Every service in one process, filled with the demo shop, over a database of its own: of the PostgreSQL server that is
// there, else embedded. LLM_URL as given.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mesh } from '@frontdesk/all';
import { MeshProcess } from '@frontdesk/runtime';
import { freshDatabase, servers } from '@frontdesk/testing/servers';
import { readKeys } from '../../demo/keys.ts';
import { seed } from '../../demo/seed.ts';
import { startShop } from '../../local/shop/server.ts';
import { announce, freePort } from '../measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'frontdesk-load-'));
const keysFile = join(folder, 'keys.json');
const keys = readKeys(keysFile);
const database = servers().POSTGRES_SUPERUSER_URL ? await freshDatabase() : undefined;
const shop = await startShop({ port: 0 });
const port = await freePort();
const running = await MeshProcess.start(mesh, {
  environment: {
    ...process.env,
    DATABASE_URL: database?.url ?? 'pglite:memory',
    BIND_HOST: '127.0.0.1',
    PORT: String(port),
    GRPC_PORT: '0',
    ADMIN_PORT: '0',
    KEY_VALUE_URL: 'memory:',
    EVENTS_URL: 'memory:',
    LOG_LEVEL: 'error',
    PLATFORM_API_KEY: keys.platform,
    BOTS_DIR: fileURLToPath(new URL('../../demo/bots', import.meta.url)),
    DEFAULT_BOT: 'shop',
    ORDERS_URL: shop.url,
  },
});
const url = `http://127.0.0.1:${port}`;
const { channel } = await seed(url, keys, keysFile, () => undefined);
announce({ url, key: channel }, async () => {
  await running.stop();
  await shop.close();
  await database?.drop();
});
