/** A language model behind HTTP in OpenAI's format, as well or as badly as a test wants it. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** `refusing`: connections break. `hanging`: not one byte. `stalling`: nothing after half an answer. */
export type Mood = 'well' | 'refusing' | 'hanging' | 'stalling' | 'limiting' | 'garbling';

const words = 'Here is what our pages say about it, in the words of a model that was asked to be brief.';

export class ModelServer {
  mood: Mood = 'well';
  /** Between two tokens. */
  tokenMs = 0;
  /** What it says when it is well. */
  readonly answer = words;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ModelServer> {
    const server = createServer((request, response) => {
      request.resume();
      if (request.url === '/v1/models') response.end(JSON.stringify({ data: [{ id: 'test-model' }] }));
      else void model.complete(response);
    });
    const model = new ModelServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  private async complete(response: ServerResponse): Promise<void> {
    switch (this.mood) {
      case 'refusing':
        return void response.destroy();
      case 'limiting':
        return void response.writeHead(429).end('{"error":{"message":"slow down"}}');
      case 'garbling':
        return void response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end('data: <html>502</html>\n\n');
      case 'hanging':
        return;
      case 'stalling':
        return this.write(response, words.slice(0, words.length / 2));
      case 'well':
        await this.write(response, words);
        response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    }
  }

  private async write(response: ServerResponse, text: string): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of text.match(/\S+\s*/g)!) {
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
      if (this.tokenMs > 0) await sleep(this.tokenMs);
    }
  }
}
