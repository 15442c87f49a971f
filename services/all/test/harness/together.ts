/** All services in the process of the test, joined by the in-process network. */
import { MeshProcess } from '@frontdesk/runtime';
import { mesh } from '../../src/index.js';
import { DemoShop } from './demo-shop.js';
import { freePort } from './free-port.js';
import { calm, type Environment, type MeshUnderTest } from './mesh-under-test.js';
import { embeddedStores, type Stores } from './stores.js';

/** Closes `stores` with the mesh. */
export async function together(
  stores: Stores = embeddedStores,
  environment: Environment = {},
): Promise<MeshUnderTest> {
  const shop = await DemoShop.open();
  const port = await freePort();
  const process = await MeshProcess.start(mesh, {
    environment: {
      ...calm,
      LOG_LEVEL: 'silent',
      PORT: String(port),
      GRPC_PORT: '0',
      ADMIN_PORT: '0',
      ...stores.environment,
      ...shop.environment,
      ...environment,
    },
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  const keys = await shop.fill(baseUrl);
  return {
    baseUrl,
    grpcAddress: `127.0.0.1:${process.grpcPort}`,
    keys,
    stop: async () => {
      await process.stop();
      await shop.close();
      await stores.close();
    },
  };
}
