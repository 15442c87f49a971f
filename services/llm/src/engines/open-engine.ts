import { AppError } from '@frontdesk/core';
import type { Engine } from './engine.js';
import { OpenAiEngine } from './openai-engine.js';
import { ScriptedEngine } from './scripted-engine.js';

/** The engines of `LLM_URL`, in order. Throws a sentence that names the part which is not understood. */
export function openEngines(
  urls: string | undefined,
  model: string | undefined,
  apiKey: string | undefined,
): Engine[] {
  return (urls ?? '')
    .split(',')
    .map((url) => url.trim())
    .filter(Boolean)
    .map((url) => {
      const http = /^(?:openai\+)?(https?:\/\/.+)$/.exec(url)?.[1];
      if (http) return new OpenAiEngine(http.replace(/\/+$/, ''), model, apiKey);
      if (url.startsWith('scripted:')) return new ScriptedEngine(url.slice('scripted:'.length));
      const scheme = url.split(':')[0];
      throw new AppError(
        'invalid_argument',
        `LLM_URL: "${scheme}:" is no kind of engine here. Use openai+http://, openai+https://, http://, https:// or scripted:.`,
      );
    });
}
