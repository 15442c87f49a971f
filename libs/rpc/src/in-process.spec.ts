import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InProcessNetwork, inProcessClient } from './in-process.js';
import { rpcContract } from './rpc.contract.js';

describe('the in-process network', () => {
  rpcContract(async (tables) => {
    const network = new InProcessNetwork();
    for (const table of tables) network.serve(table);
    return {
      client: (service, options) => inProcessClient(service, network, options),
      drain: async (graceMs) => {
        await Promise.all(tables.map((table) => network.drain(table.service, graceMs)));
      },
    };
  });

  it('is unavailable for a service which is not there', async () => {
    const { addFeedback } = inProcessClient(NluService, new InProcessNetwork());
    await expect(addFeedback({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});
