/** What writes text. Adapters: an OpenAI-compatible server, and a script for tests and demonstrations. */

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

export interface Prompt {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** 0 (always the same) to 2. */
  readonly temperature: number;
}

export type Piece =
  | { readonly type: 'token'; readonly text: string }
  /** The last piece. Token counts are 0 when the engine does not tell. */
  | {
      readonly type: 'finished';
      readonly reason: 'stop' | 'length';
      readonly promptTokens: number;
      readonly completionTokens: number;
    };

export interface Engine {
  /** Where it is, without secrets; for logs and metrics. */
  readonly name: string;
  /** The model that answers; may have to be asked for. */
  model(): string;
  /** Throws an `AppError`: `unavailable`, `resource_exhausted` (429) or `data_loss` (not understandable). */
  generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<Piece>;
}
