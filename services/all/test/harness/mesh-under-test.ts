/** A whole mesh with the demo shop in it; a test cannot tell how its services are spread over processes. */
import type { Keys } from '../../../../infra/demo/keys.js';

export type AllKeys = Required<Keys>;

export interface MeshUnderTest {
  /** The gateway's HTTP, without a trailing slash. */
  readonly baseUrl: string;
  /** The gateway's gRPC, `host:port`. */
  readonly grpcAddress: string;
  /** Of the platform and of the tenant `demo`. */
  readonly keys: AllKeys;
  stop(): Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

/** Of every mesh under test. A slow machine is no fault of the mesh's: understanding gets longer than a customer would wait. */
export const calm: Environment = {
  NODE_ENV: 'test',
  BIND_HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  TURN_UNDERSTAND_MS: '5000',
};
