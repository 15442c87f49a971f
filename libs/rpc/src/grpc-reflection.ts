/** Describes services, health among them, to stock tools (`grpcurl … list`) by grpc.reflection, v1 and v1alpha. */
import { toBinary } from '@bufbuild/protobuf';
import type { DescFile, DescService } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { service as healthService } from 'grpc-health-check';

export function addReflection(server: Server, services: readonly DescService[]): void {
  const files = new Map<string, DescFile>();
  for (const service of services) collect(service.file, files);
  const fileDescriptorProtos: Buffer[] = [
    ...[...files.values()].map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto))),
    ...healthService['Check']!.requestType.fileDescriptorProtos,
  ];
  // The package wants the shape proto-loader makes, of which it reads nothing but the descriptors.
  const described = { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos } as const;
  new ReflectionService({ described }).addToServer(server);
}

function collect(file: DescFile, files: Map<string, DescFile>): void {
  if (files.has(file.name)) return;
  files.set(file.name, file);
  for (const dependency of file.dependencies) collect(dependency, files);
}
