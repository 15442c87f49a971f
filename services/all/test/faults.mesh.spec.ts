/**
 * What customers notice when parts of the mesh die, freeze, leave or lose what they stand on: at most a wait. Real
 * processes on servers of their own, one after the other on the same mesh, each leaving it whole for the next.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@frontdesk/testing/servers';
import type { Bench } from './faults/bench.js';
import { failingModels } from './faults/failing-models.js';
import { frozenService } from './faults/frozen-service.js';
import { killedServices } from './faults/killed-services.js';
import { leavingServices } from './faults/leaving-services.js';
import { lostServers } from './faults/lost-servers.js';
import { ApartMesh } from './harness/apart.js';
import { ModelServer } from './harness/model-server.js';
import { OwnStores } from './harness/stores.js';

describeWith(['postgres', 'redis', 'kafka'], 'a mesh in trouble', () => {
  let bench: Bench;
  const bots = mkdtempSync(join(tmpdir(), 'frontdesk-bots-'));

  beforeAll(async () => {
    copyOfTheShop(join(bots, 'shop'));
    const [stores, model] = await Promise.all([OwnStores.start(), ModelServer.start()]);
    const mesh = await ApartMesh.start(stores, {
      replicas: { dialogue: 2 },
      environment: { BOTS_DIR: bots, LLM_URL: model.url },
    });
    bench = { mesh, stores, model };
  }, 180_000);
  afterAll(async () => {
    await bench?.mesh.stop();
    await bench?.model.stop();
    rmSync(bots, { recursive: true });
  }, 60_000);

  describe('with a language model that fails', () => failingModels(() => bench));
  describe('with a service that leaves', () => leavingServices(() => bench));
  describe('with a service that is frozen', () => frozenService(() => bench));
  describe('with a server that is lost', () => lostServers(() => bench));
  describe('with services that are killed', () => killedServices(() => bench));
});

/** The shop's bot, but for never giving an article as it stands while there is a model to write. */
function copyOfTheShop(folder: string): void {
  cpSync(join(import.meta.dirname, '../../../infra/demo/bots/shop'), folder, { recursive: true });
  const file = join(folder, 'bot.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/faq: [\d.]+/, 'faq: 1'));
}
