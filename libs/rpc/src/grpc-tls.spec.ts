import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { Server } from '@grpc/grpc-js';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { GrpcHost } from './grpc-host.js';
import { grpcClient } from './grpc-client.js';
import { TlsServerCredentials } from './grpc-tls.js';
import type { TlsFiles } from './grpc-tls.js';
import { MethodTable } from './method-table.js';

const folder = mkdtempSync(join(tmpdir(), 'frontdesk-tls-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** An authority `<name>-ca`, and a certificate for 127.0.0.1 which it signed. */
function certificates(name: string): TlsFiles {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    `/CN=${name}-ca`,
    '-keyout',
    `${name}-ca.key`,
    '-out',
    `${name}-ca.crt`,
  );
  openssl(
    'req', '-x509', ...newKey, '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1',
    '-CA', `${name}-ca.crt`, '-CAkey', `${name}-ca.key`, '-keyout', `${name}.key`, '-out', `${name}.crt`,
  ); // prettier-ignore
  return { ca: at(`${name}-ca.crt`), cert: at(`${name}.crt`), key: at(`${name}.key`) };
}

/** The version agreed on, or the code of the failure. */
function handshake(
  port: number,
  options: ConnectionOptions,
): Promise<{ version: string | null; peer?: string }> {
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ALPNProtocols: ['h2'], ...options }, () => {
      resolve({ version: socket.getProtocol(), peer: socket.getPeerCertificate().subject.CN as string });
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve({ version: error.code ?? error.message }));
  });
}

const pem = ({ ca, cert, key }: TlsFiles) => ({
  ca: readFileSync(ca!),
  cert: readFileSync(cert),
  key: readFileSync(key),
});

describe('TLS', () => {
  const ours = certificates('ours');
  const theirs = certificates('theirs');
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function start(tls: TlsFiles): Promise<number> {
    const host = new GrpcHost({ tls });
    host.serve(
      new MethodTable(NluService, { analyze: async ({ text }) => ({ understanding: { language: text } }) }),
    );
    stops.push(() => host.drain(0));
    return host.listen('127.0.0.1:0');
  }

  const analyze = (port: number, tls?: TlsFiles) => {
    const client = grpcClient(NluService, { address: `127.0.0.1:${port}`, ...(tls ? { tls } : {}) });
    stops.push(() => client[Symbol.dispose]());
    return client.analyze({ text: 'en' });
  };

  it('lets in who has a certificate of the same authority', async () => {
    expect((await analyze(await start(ours), ours)).understanding?.language).toBe('en');
  });

  it('keeps out everybody else', async () => {
    const port = await start(ours);
    await expect(analyze(port)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(analyze(port, { ...theirs, ca: ours.ca! })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not fooled by a host with a certificate of another authority', async () => {
    await expect(analyze(await start(theirs), ours)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is 1.3, and nothing older', async () => {
    const port = await start(ours);
    expect(await handshake(port, pem(ours))).toMatchObject({ version: 'TLSv1.3' });
    expect(await handshake(port, { ...pem(ours), maxVersion: 'TLSv1.2' })).toEqual({
      version: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('asks no certificate of clients where the host names no authority', async () => {
    const { cert, key } = ours;
    const port = await start({ cert, key });
    expect(await handshake(port, { ca: readFileSync(ours.ca!) })).toMatchObject({
      version: 'TLSv1.3',
      peer: 'ours',
    });
  });

  it('goes on with a renewed certificate, and keeps the old one while the files do not match', async () => {
    const live: TlsFiles = { cert: at('live.crt'), key: at('live.key') };
    copyFileSync(ours.cert, live.cert);
    copyFileSync(ours.key, live.key);
    const credentials = new TlsServerCredentials(live, 20);
    const server = new Server();
    stops.push(() => server.forceShutdown(), credentials.stopWatching);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const peer = async () => (await handshake(port, { rejectUnauthorized: false })).peer;
    expect(await peer()).toBe('ours');

    writeFileSync(live.cert, readFileSync(theirs.cert));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await peer()).toBe('ours');

    writeFileSync(live.key, readFileSync(theirs.key));
    for (let tries = 0; tries < 100 && (await peer()) !== 'theirs'; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await handshake(port, { rejectUnauthorized: false })).toEqual({
      version: 'TLSv1.3',
      peer: 'theirs',
    });
    expect(await handshake(port, { rejectUnauthorized: false, maxVersion: 'TLSv1.2' })).not.toHaveProperty(
      'peer',
    );
  });
});
