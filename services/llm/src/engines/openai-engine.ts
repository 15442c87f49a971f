/**
 * Any server that speaks OpenAI's chat completions (vLLM, SGLang, Ollama, llama.cpp, hosted ones), streamed.
 * https://platform.openai.com/docs/api-reference/chat/streaming
 */
import { AppError } from '@frontdesk/core';
import { z } from 'zod';
import type { Engine, Piece, Prompt } from './engine.js';
import { serverSentData } from './server-sent-data.js';

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).optional(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

export class OpenAiEngine implements Engine {
  readonly name: string;
  private chosen: string | undefined;

  constructor(
    /** Up to and with the version, e.g. `http://127.0.0.1:8000/v1`. */
    private readonly baseUrl: string,
    model: string | undefined,
    private readonly apiKey: string | undefined,
  ) {
    const { protocol, host } = new URL(baseUrl);
    this.name = `${protocol}//${host}`;
    this.chosen = model;
  }

  model(): string {
    return this.chosen ?? 'unknown';
  }

  async *generate(prompt: Prompt, signal: AbortSignal): AsyncGenerator<Piece> {
    this.chosen ??= await this.firstModel(signal);
    const response = await this.request('/chat/completions', signal, {
      model: this.chosen,
      messages: prompt.messages.map(({ role, text }) => ({ role, content: text })),
      max_tokens: prompt.maxTokens,
      temperature: prompt.temperature,
      stream: true,
      stream_options: { include_usage: true },
    });
    let reason: 'stop' | 'length' | undefined;
    let usage = { prompt_tokens: 0, completion_tokens: 0 };
    for await (const data of serverSentData(response.body!)) {
      if (data === '[DONE]') break;
      const chunk = understood(chunkSchema, data);
      const choice = chunk.choices[0];
      if (choice?.delta?.content) yield { type: 'token', text: choice.delta.content };
      if (choice?.finish_reason) reason = choice.finish_reason === 'length' ? 'length' : 'stop';
      usage = chunk.usage ?? usage;
    }
    // A connection that ends early looks like the end of the answer, but for the missing reason.
    if (!reason) throw new AppError('unavailable', 'The engine broke off in the middle of an answer.');
    yield {
      type: 'finished',
      reason,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    };
  }

  private async firstModel(signal: AbortSignal): Promise<string> {
    const response = await this.request('/models', signal);
    return understood(modelsSchema, await response.text()).data[0]!.id;
  }

  private async request(path: string, signal: AbortSignal, body?: object): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.baseUrl}${path}`, {
        method: body ? 'POST' : 'GET',
        signal,
        redirect: 'error',
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(this.apiKey && { authorization: `Bearer ${this.apiKey}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new AppError('unavailable', 'The engine cannot be reached.', { cause: error });
    }
    if (response.ok) return response;
    await response.body?.cancel();
    const code = response.status === 429 ? 'resource_exhausted' : 'unavailable';
    throw new AppError(code, `The engine answered ${response.status}.`);
  }
}

function understood<Schema extends z.ZodType>(schema: Schema, json: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(json));
  } catch (error) {
    throw new AppError('data_loss', 'The engine sent something that is no answer.', { cause: error });
  }
}
