/**
 * TLS 1.3 from PEM files, mutual inside the mesh. The files are looked at every 30 s, so a renewed certificate is
 * used without a restart; a half-written pair is ignored until it is whole.
 */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { ServerCredentials, credentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';

/** Paths of PEM files. */
export interface TlsFiles {
  /** Who may have signed the other side's certificate. Without it a host asks for none, a client trusts the system. */
  readonly ca?: string;
  readonly cert: string;
  readonly key: string;
}

const CHECK_EVERY_MS = 30_000;

/** grpc-js lets a client bring its own context, but a server's minimum version only through its credentials. */
export class TlsServerCredentials extends ServerCredentials {
  readonly stopWatching: () => void;

  constructor(files: TlsFiles, checkEveryMs = CHECK_EVERY_MS) {
    const mutual = files.ca !== undefined;
    super({ requestCert: mutual, rejectUnauthorized: mutual }, readContext(files));
    this.stopWatching = watchTls(files, (context) => this.updateSecureContextOptions(context), checkEveryMs);
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

export function tlsChannelCredentials(files: TlsFiles): ChannelCredentials {
  return credentials.createFromSecureContext(createSecureContext(readContext(files)));
}

/** Calls back with each new, complete set of files. Returns how to stop. */
export function watchTls(
  files: TlsFiles,
  renewed: (context: SecureContextOptions) => void,
  checkEveryMs = CHECK_EVERY_MS,
): () => void {
  const paths = [files.ca, files.cert, files.key].filter((path) => path !== undefined);
  const check = () => {
    const context = readWhole(files);
    if (context) renewed(context);
  };
  for (const path of paths) watchFile(path, { persistent: false, interval: checkEveryMs }, check);
  return () => paths.forEach((path) => unwatchFile(path, check));
}

function readContext({ ca, cert, key }: TlsFiles): SecureContextOptions {
  return {
    minVersion: 'TLSv1.3',
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(ca ? { ca: readFileSync(ca) } : {}),
  };
}

function readWhole(files: TlsFiles): SecureContextOptions | undefined {
  try {
    const context = readContext(files);
    createSecureContext(context);
    return context;
  } catch {
    return undefined;
  }
}
