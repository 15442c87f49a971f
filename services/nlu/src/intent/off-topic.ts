/**
 * What people say to a bot that no business's bot is for (examples/off-topic.yaml). It teaches every model its class
 * `out_of_scope`, so that even a bot of two intents can say no. What a bot's own examples cover is left out of its
 * training (see intent-training): a weather bot answers about the weather.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const file = new URL('../../examples/off-topic.yaml', import.meta.url);

/** By language. */
export const offTopic = parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>;
