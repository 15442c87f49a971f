import { createFileRegistry, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  anyUnpack,
  DurationSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import type { Any } from '@bufbuild/protobuf/wkt';
import { AppError } from '@frontdesk/core';
import { readDetails, writeDetails } from './status-details.js';

/** google/rpc/status.proto and error_details.proto, as far as used, for an independent reader. */
const field = (name: string, number: number, type: Type, typeName = '', label = Label.OPTIONAL) => ({
  name,
  number,
  type,
  typeName,
  label,
});
const rpcFile = create(FileDescriptorProtoSchema, {
  name: 'google/rpc/all.proto',
  package: 'google.rpc',
  syntax: 'proto3',
  dependency: ['google/protobuf/any.proto', 'google/protobuf/duration.proto'],
  messageType: [
    {
      name: 'Status',
      field: [
        field('code', 1, Type.INT32),
        field('message', 2, Type.STRING),
        field('details', 3, Type.MESSAGE, '.google.protobuf.Any', Label.REPEATED),
      ],
    },
    {
      name: 'BadRequest',
      field: [
        field('field_violations', 1, Type.MESSAGE, '.google.rpc.BadRequest.FieldViolation', Label.REPEATED),
      ],
      nestedType: [
        {
          name: 'FieldViolation',
          field: [field('field', 1, Type.STRING), field('description', 2, Type.STRING)],
        },
      ],
    },
    { name: 'RetryInfo', field: [field('retry_delay', 1, Type.MESSAGE, '.google.protobuf.Duration')] },
  ],
});
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [file_google_protobuf_any.proto, file_google_protobuf_duration.proto, rpcFile],
  }),
);

interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: Any[];
}

describe('status details', () => {
  const error = new AppError('invalid_argument', 'Prüfe das.', {
    fields: [{ field: 'text', message: 'is required' }, { field: '', message: '' }],
    retryAfterMs: 61_250,
  }); // prettier-ignore

  it('are what any reader of google.rpc.Status expects', () => {
    const status = fromBinary(
      registry.getMessage('google.rpc.Status')!,
      writeDetails(error),
    ) as unknown as Status;
    expect(status).toMatchObject({ code: 3, message: 'Prüfe das.' });
    const [badRequest, retryInfo] = status.details.map((any) => anyUnpack(any, registry));
    expect(badRequest).toMatchObject({
      fieldViolations: [{ field: 'text', description: 'is required' }, { field: '', description: '' }],
    }); // prettier-ignore
    expect(retryInfo).toMatchObject({ retryDelay: { seconds: 61n, nanos: 250_000_000 } });
  });

  it('come back as they went', () => {
    const { code, message, fields, retryAfterMs } = readDetails(writeDetails(error));
    expect({ code, message, fields, retryAfterMs }).toEqual({
      ...error,
      message: error.message,
      name: undefined,
    });
  });

  it('of others are read past what is unknown', () => {
    const statusSchema = registry.getMessage('google.rpc.Status')!;
    const foreign = create(statusSchema, {
      code: 9,
      message: 'Not now.',
      details: [
        {
          typeUrl: 'type.googleapis.com/other.Thing',
          value: toBinary(DurationSchema, create(DurationSchema, { seconds: 1n })),
        },
      ],
    });
    expect(readDetails(toBinary(statusSchema, foreign))).toMatchObject({
      code: 'failed_precondition',
      fields: [],
    });
  });
});
