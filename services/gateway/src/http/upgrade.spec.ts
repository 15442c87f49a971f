import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { acceptUpgrades } from './upgrade.js';

it('a caller who is gone before the handshake is over takes nobody along', async () => {
  const server = createServer();
  const routed = new Promise<void>((resolve) =>
    acceptUpgrades({ server, routing: () => resolve() } as never),
  );
  const gone = new Promise((resolve) => server.on('connection', (socket) => socket.once('close', resolve)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const caller = connect((server.address() as AddressInfo).port, '127.0.0.1', () =>
    caller.write('GET /v1/ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  );
  await routed;
  caller.resetAndDestroy();
  await gone;
  server.close();
});
