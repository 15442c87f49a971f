/** Which encoder reads which example of a bot, and the vectors it gives. */
import { Injectable } from '@nestjs/common';
import { Database } from '@frontdesk/store';
import { Encoders } from '../neural/encoders.js';
import { deleteVectorsOfOthers, exampleVectors } from '../neural/example-vectors.js';
import type { EncoderChoice } from '../settings/bot-settings.js';
import type { Reader } from './bot-training.js';
import { holdRunning } from './training-job.store.js';

@Injectable()
export class Readers {
  constructor(
    private readonly database: Database,
    private readonly encoders: Encoders,
  ) {}

  /** None where the bot chose n-grams only, or no model file is there. */
  async of(bot: string, texts: readonly string[], choice: EncoderChoice | undefined): Promise<Reader[]> {
    const readers: Reader[] = [];
    for (const [encoder, own] of await this.encoders.shared(texts, choice)) {
      const encode = async (missing: readonly string[]) =>
        (await encoder.encodeAll(missing, { purpose: 'query' })).map(({ vector }) => vector);
      const read = own.map((index) => texts[index]!);
      const found = await exampleVectors(this.database, bot, encoder.id, read, encode, (tx) =>
        holdRunning(tx, bot),
      );
      const vectors: (Float32Array | undefined)[] = texts.map(() => undefined);
      own.forEach((index, i) => (vectors[index] = found[i]));
      readers.push({ encoder: encoder.id, vectors });
    }
    const ids = readers.map(({ encoder }) => encoder);
    await this.database.transaction((tx) => deleteVectorsOfOthers(tx, bot, ids));
    return readers;
  }
}
