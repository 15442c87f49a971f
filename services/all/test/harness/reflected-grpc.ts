/**
 * A stock gRPC client that knows nothing of this mesh: it asks the server by reflection
 * (grpc.reflection.v1) what a service looks like, and calls it. None of our generated code takes part.
 */
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import type { Client } from '@grpc/grpc-js';
import {
  credentials,
  loadPackageDefinition,
  type GrpcObject,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync, type Options } from '@grpc/proto-loader';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const asJson: Options = { longs: Number, enums: String, defaults: true, oneofs: true };
const reflectionProto = join(
  dirname(createRequire(import.meta.url).resolve('@grpc/reflection/package.json')),
  'build/proto/grpc/reflection/v1/reflection.proto',
);

/** A client of `service` (full name) whose methods stand on it under their names; fields are named as in the proto. */
export async function reflectedClient(address: string, service: string): Promise<Client> {
  const descriptors = await askFor(address, service);
  const writer = new BinaryWriter();
  for (const descriptor of descriptors) writer.tag(1, WireType.LengthDelimited).bytes(descriptor);
  const definition = loadFileDescriptorSetFromBuffer(Buffer.from(writer.finish()), asJson);
  return connect(loadPackageDefinition(definition), service, address);
}

/** The files that define a symbol, as serialised FileDescriptorProtos. */
function askFor(address: string, symbol: string): Promise<Uint8Array[]> {
  const definition = loadPackageDefinition(loadSync(reflectionProto, asJson));
  const client = connect(definition, 'grpc.reflection.v1.ServerReflection', address);
  return new Promise((resolve, reject) => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a reflected client has no types
    const call = (client as any).ServerReflectionInfo();
    call.on('error', reject);
    call.on(
      'data',
      (answer: {
        fileDescriptorResponse?: { fileDescriptorProto: Uint8Array[] };
        errorResponse?: object;
      }) => {
        if (answer.fileDescriptorResponse) resolve(answer.fileDescriptorResponse.fileDescriptorProto);
        else reject(new Error(`Reflection refused ${symbol}: ${JSON.stringify(answer.errorResponse)}`));
        call.end();
        client.close();
      },
    );
    call.write({ fileContainingSymbol: symbol });
  });
}

function connect(root: GrpcObject, service: string, address: string): Client {
  const found = service.split('.').reduce<unknown>((scope, name) => (scope as GrpcObject)[name], root);
  return new (found as ServiceClientConstructor)(address, credentials.createInsecure());
}
