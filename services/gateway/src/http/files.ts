/**
 * Files that are served: read once at the start into memory, found by their whole name. There is no path to walk, so
 * nothing outside of what was read can be asked for.
 */
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '@frontdesk/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

interface File {
  readonly type: string;
  readonly tag: string;
  readonly content: Buffer;
}

export class Files {
  private constructor(private readonly files: ReadonlyMap<string, File>) {}

  /** The files of some folders that a browser can use; a folder that is not there holds none. */
  static async read(
    folders: readonly string[],
    only: (name: string) => boolean = () => true,
  ): Promise<Files> {
    const files = new Map<string, File>();
    for (const folder of folders) {
      for (const name of await readdir(folder).catch(() => [])) {
        const type = types[extname(name)];
        if (!type || !only(name)) continue;
        const content = await readFile(join(folder, name));
        files.set(name, { type, tag: `"${hash('sha256', content, 'base64url').slice(0, 22)}"`, content });
      }
    }
    return new Files(files);
  }

  /** Answers with the file, or that the reader has it already. Throws `not_found`. */
  send(name: string, request: FastifyRequest, reply: FastifyReply): void {
    const file = this.files.get(name);
    if (!file) throw new AppError('not_found', 'There is no such page.');
    reply.header('etag', file.tag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === file.tag) reply.code(304).send();
    else reply.header('content-type', file.type).send(file.content);
  }
}
