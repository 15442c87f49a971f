/** A gRPC client that has never seen our contracts: it learns them from the server, as `grpcurl` does. */
import {
  createFileRegistry,
  create,
  fromBinary,
  toBinary,
  toJson,
  fromJson,
  type DescMethod,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Client, credentials, Metadata } from '@grpc/grpc-js';

const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
/** Fields of ServerReflectionRequest and, by chance, of the responses to them. */
const fileContainingSymbol = 4;
const listServices = { request: 7, response: 6 };

export class ReflectionClient implements Disposable {
  private readonly client: Client;
  constructor(
    address: string,
    private readonly authorization: string,
  ) {
    this.client = new Client(address, credentials.createInsecure());
  }

  async services(): Promise<string[]> {
    const answer = await this.reflect(listServices.request, '');
    return fieldsOf(fieldsOf(answer, listServices.response)[0]!, 1).map((service) =>
      Buffer.from(fieldsOf(service, 1)[0]!).toString(),
    );
  }

  /** All answers to one call, as JSON. */
  async call(service: string, method: string, request: JsonObject): Promise<JsonValue[]> {
    const described = await this.describe(service, method);
    const metadata = new Metadata();
    metadata.set('authorization', this.authorization);
    const stream = this.client.makeServerStreamRequest(
      `/${service}/${method}`,
      (bytes: Buffer) => bytes,
      (bytes) => bytes,
      Buffer.from(toBinary(described.input, fromJson(described.input, request))),
      metadata,
    );
    const answers: JsonValue[] = [];
    for await (const bytes of stream as AsyncIterable<Buffer>)
      answers.push(toJson(described.output, fromBinary(described.output, bytes)));
    return answers;
  }

  [Symbol.dispose](): void {
    this.client.close();
  }

  private async describe(service: string, method: string): Promise<DescMethod> {
    const answer = await this.reflect(fileContainingSymbol, service);
    const file = fieldsOf(fieldsOf(answer, fileContainingSymbol)[0]!, 1).map((bytes) =>
      fromBinary(FileDescriptorProtoSchema, bytes),
    );
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: file.reverse() }));
    return registry.getService(service)!.methods.find(({ name }) => name === method)!;
  }

  private reflect(field: number, value: string): Promise<Uint8Array> {
    const stream = this.client.makeBidiStreamRequest(
      reflection,
      (bytes: Buffer) => bytes,
      (bytes) => bytes,
    );
    const answer = new Promise<Uint8Array>((resolve, reject) =>
      stream.once('data', resolve).once('error', reject),
    );
    stream.write(Buffer.from(new BinaryWriter().tag(field, WireType.LengthDelimited).string(value).finish()));
    stream.end();
    return answer;
  }
}

function fieldsOf(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted) found.push(reader.bytes());
    else reader.skip(type, field);
  }
  return found;
}
