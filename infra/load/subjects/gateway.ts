// The real gateway, with a dialogue that answers at once: in the same process, or over gRPC where DIALOGUE_ADDRESS says.
import { randomBytes } from 'node:crypto';
import { ConversationStatus } from '@frontdesk/contracts/common/v1/conversation';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { gateway } from '@frontdesk/gateway';
import { InProcessNetwork, MethodTable } from '@frontdesk/rpc';
import { MeshProcess } from '@frontdesk/runtime';
import { announce, freePort, post } from '../measure.ts';
import { reply } from './reply.ts';

export const instantDialogue = new MethodTable(DialogueService, {
  openConversation: () => ({ conversation }),
  getConversation: () => ({ conversation }),
  ask: () => ({ outcome: reply }),
});

const conversation = { id: 'c1', bot: 'shop', customer: { id: 'customer' }, status: ConversationStatus.OPEN };

if (import.meta.main) {
  const network = new InProcessNetwork();
  if (!process.env['DIALOGUE_ADDRESS']) network.serve(instantDialogue);
  const platform = `fd_platform_${randomBytes(64)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 43)}`;
  const port = await freePort();
  const mesh = await MeshProcess.start([gateway], {
    network,
    environment: {
      ...process.env,
      BIND_HOST: '127.0.0.1',
      PORT: String(port),
      GRPC_PORT: '0',
      ADMIN_PORT: '0',
      DATABASE_URL: 'pglite:memory',
      KEY_VALUE_URL: 'memory:',
      EVENTS_URL: 'memory:',
      LOG_LEVEL: 'error',
      PLATFORM_API_KEY: platform,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${platform}` };
  const tenant = JSON.parse(await post(`${url}/v1/tenants`, headers, '{"name":"load"}')) as {
    id: string;
    keys: { channel: string };
  };
  await fetch(`${url}/v1/tenants/${tenant.id}/limits`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"requestsPerMinute":1000000,"perCustomerPerMinute":1000000,"llmTokensPerDay":1000000}',
  });
  announce({ url, key: tenant.keys.channel }, () => mesh.stop());
}
