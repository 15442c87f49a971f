import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { Client, Metadata, credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import type { ServiceClientConstructor, ServiceError } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { AppError, currentContext } from '@frontdesk/core';
import { GrpcHost } from './grpc-host.js';
import { MethodTable } from './method-table.js';
import type { ServeOptions, ServiceImplementation } from './method-table.js';

const ANALYZE = '/frontdesk.nlu.v1.NluService/Analyze';
const bytes = (buffer: Buffer) => buffer;

describe('a gRPC host, seen by a stock client', () => {
  const running: { host: GrpcHost; client: Client }[] = [];
  afterEach(async () => {
    for (const { host, client } of running.splice(0)) {
      client.close();
      await host.drain(0);
    }
  });

  async function start(nlu: ServiceImplementation<typeof NluService>, options?: ServeOptions) {
    const host = new GrpcHost();
    host.serve(new MethodTable(NluService, nlu, options));
    const port = await host.listen('127.0.0.1:0');
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    running.push({ host, client });
    const call = (path: string, request: Buffer) =>
      new Promise<{ error: ServiceError | null; response: Buffer | undefined }>((resolve) =>
        client.makeUnaryRequest(path, bytes, bytes, request, (error, response) =>
          resolve({ error, response }),
        ),
      );
    return { host, client, call, address: `127.0.0.1:${port}` };
  }

  it('says which port is in use', async () => {
    const { address } = await start({});
    const port = Number(address.split(':')[1]);
    await expect(new GrpcHost().listen(address)).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  });

  it('sets a deadline where the client set none', async () => {
    const { call } = await start({ analyze: () => new Promise(() => {}) }, { unaryTimeoutMs: 50 });
    expect((await call(ANALYZE, Buffer.of())).error?.code).toBe(4);
  });

  it('gives status, message and details of an error', async () => {
    const { call } = await start({
      analyze: async () => {
        throw new AppError('not_found', 'Kein solcher Bot: „x“.');
      },
    });
    const { error } = await call(ANALYZE, Buffer.of());
    expect(error).toMatchObject({ code: 5, details: 'Kein solcher Bot: „x“.' });
    expect(error?.metadata.get('grpc-status-details-bin')[0]).toBeInstanceOf(Buffer);
  });

  it('refuses bytes that are no request', async () => {
    const { call } = await start({ analyze: async () => ({}) });
    expect((await call(ANALYZE, Buffer.of(0xff, 0xff))).error?.code).toBe(3);
  });

  it('answers unimplemented for what it does not know', async () => {
    const { call } = await start({});
    for (const path of [ANALYZE, '/frontdesk.nlu.v1.NluService/Nothing', '/nothing/Nothing']) {
      expect((await call(path, Buffer.of())).error?.code).toBe(12);
    }
  });

  it('survives metadata that no client of ours would send', async () => {
    const seen: unknown[] = [];
    const { client } = await start({
      analyze: async () => {
        seen.push(currentContext());
        return {};
      },
    });
    const metadata = new Metadata();
    metadata.set('x-request-id', '50%');
    metadata.set('fd-tenant', '%zz');
    metadata.set('fd-principal', 'nobody');
    await new Promise((resolve) =>
      client.makeUnaryRequest(ANALYZE, bytes, bytes, Buffer.of(), metadata, resolve),
    );
    expect(seen).toMatchObject([
      { requestId: '50%', tenantId: '%zz', principal: { kind: 'nobody', id: '' } },
    ]);
  });

  it('takes no request above 4 MB', async () => {
    const { call } = await start({ analyze: async () => ({}) });
    expect((await call(ANALYZE, Buffer.alloc(4 * 1024 * 1024 + 1))).error?.code).toBe(8);
  });

  it('tells its health, as a whole and by service', async () => {
    const { host, address } = await start({});
    const Health = makeGenericClientConstructor(healthService as never, 'Health') as ServiceClientConstructor;
    const health = new Health(address, credentials.createInsecure());
    const check = (service: string) =>
      new Promise((resolve) =>
        health['check']!({ service }, (error: ServiceError | null, reply?: { status: string }) =>
          resolve(error?.code ?? reply?.status),
        ),
      );
    const all = async () => [
      await check(''),
      await check('frontdesk.nlu.v1.NluService'),
      await check('nothing'),
    ];
    expect(await all()).toEqual(['NOT_SERVING', 'NOT_SERVING', 5]);
    host.setServing(true);
    expect(await all()).toEqual(['SERVING', 'SERVING', 5]);
    host.setServing(false);
    expect(await all()).toEqual(['NOT_SERVING', 'NOT_SERVING', 5]);
    health.close();
  });

  it.each(['v1', 'v1alpha'])(
    'describes its services by reflection %s, down to the last type',
    async (version) => {
      const { client } = await start({});
      // ServerReflectionRequest { 7: list_services, 4: file_containing_symbol } and the responses to them.
      const reflect = (field: number, value: string) =>
        new Promise<Buffer>((resolve, reject) => {
          const stream = client.makeBidiStreamRequest(
            `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
            bytes,
            bytes,
          );
          stream.on('data', resolve).on('error', reject);
          stream.write(
            Buffer.from(
              new BinaryWriter()
                .uint32((field << 3) | 2)
                .string(value)
                .finish(),
            ),
          );
          stream.end();
        });
      const listed = fieldsOf(fieldsOf(await reflect(7, '')).get(6)![0]!).get(1)!;
      const names = listed.map((entry) => Buffer.from(fieldsOf(entry).get(1)![0]!).toString());
      expect(names).toEqual(expect.arrayContaining(['frontdesk.nlu.v1.NluService', 'grpc.health.v1.Health']));

      const files = fieldsOf(fieldsOf(await reflect(4, 'frontdesk.nlu.v1.NluService')).get(4)![0]!).get(1)!;
      const protos = new Map(
        files.map((file) => fromBinary(FileDescriptorProtoSchema, file)).map((proto) => [proto.name, proto]),
      );
      const registry = createFileRegistry(protos.get('frontdesk/nlu/v1/nlu_service.proto')!, (name) =>
        protos.get(name),
      );
      expect(
        registry.getService('frontdesk.nlu.v1.NluService')?.methods.map((method) => method.name),
      ).toEqual(NluService.methods.map((method) => method.name));
      expect(registry.getMessage('frontdesk.common.v1.Understanding')?.fields).not.toHaveLength(0);
    },
  );
});

/** The length-delimited fields of a message by number. */
function fieldsOf(message: Uint8Array): Map<number, Uint8Array[]> {
  const fields = new Map<number, Uint8Array[]>();
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType === 2) fields.set(number, [...(fields.get(number) ?? []), reader.bytes()]);
    else reader.skip(wireType, number);
  }
  return fields;
}
