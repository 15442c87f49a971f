/** What customers, agents and stock clients are promised, the same together and apart. */
import { describeWith } from '@frontdesk/testing/servers';
import { conversationContract } from './conversation.contract.js';
import { ApartMesh } from './harness/apart.js';
import { realStores } from './harness/stores.js';
import { together } from './harness/together.js';

describe('all services in one process', () => conversationContract(() => together()));

describeWith(['postgres', 'redis', 'kafka'], 'every service in a process of its own', (servers) =>
  conversationContract(async () => ApartMesh.start(await realStores(servers))),
);
