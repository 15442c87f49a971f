/**
 * The gateway's public interface as far as the pages use it, in memory and under the test's hand: answers stream
 * for real, the log is shared by turn, watch and listing, and one customer message id is one turn.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const project = join(import.meta.dirname, '..');
const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

interface Message {
  seq: number;
  role: 'customer' | 'bot' | 'agent' | 'system';
  text: string;
  createdAt: string;
  [more: string]: unknown;
}

interface Handoff {
  id: string;
  conversationId: string;
  status: 'waiting' | 'active' | 'closed';
  position: number;
  reason: string;
  skill: string;
  priority: number;
  customer: { id: string; name?: string };
  summary?: string;
  createdAt: string;
}

interface Conversation {
  id: string;
  customer: { id: string; name?: string };
  log: Message[];
  turns: Map<string, { answered: boolean; asked: number }>;
  watchers: Set<ServerResponse>;
  handoff?: Handoff;
}

export interface Answer {
  tokens: readonly string[];
  text?: string;
  kind?: string;
  sources?: readonly { id: string; title: string; score: number }[];
  degraded?: boolean;
  /** What the turn's stream says of the question. */
  understanding?: object;
  /** Awaited after the first token. */
  hold?: Promise<void>;
  /** Cuts the connection after the first token: before the answer is logged, or after. */
  cut?: 'unanswered' | 'answered';
}

export class FakeGateway {
  readonly conversations = new Map<string, Conversation>();
  readonly feedback: unknown[] = [];
  readonly presences: unknown[] = [];
  readonly corrections: unknown[] = [];
  intents: readonly string[] = ['refund', 'order_status'];
  /** Refuses the next correction with this reason. */
  refuseCorrection?: string;
  readonly requests: string[] = [];
  config: object | undefined = { channelKey: 'fd_channel_test', agentKey: 'fd_agent_test', bot: 'shop' };
  answer: (text: string) => Answer = (text) => ({ tokens: [`You said: ${text}`], kind: 'generated' });
  /** Refuses the next customer message with 429 and this Retry-After. */
  limitNextS?: number;
  private readonly agents = new Set<ServerResponse>();
  private readonly server: Server = createServer((request, response) => {
    this.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The only conversation there is. */
  get conversation(): Conversation {
    const [only, another] = [...this.conversations.values()];
    if (!only || another) throw new Error(`Expected one conversation, there are ${this.conversations.size}.`);
    return only;
  }

  log({ log }: Conversation = this.conversation): string[] {
    return log.map(({ role, text }) => `${role}: ${text}`);
  }

  append(conversation: Conversation, role: Message['role'], text: string, more: object = {}): Message {
    const message = {
      seq: conversation.log.length + 1,
      role,
      text,
      createdAt: new Date().toISOString(),
      ...more,
    };
    conversation.log.push(message);
    this.tell(conversation, 'message', message, message.seq);
    return message;
  }

  tell({ watchers }: Conversation, type: string, data: unknown, id?: number): void {
    for (const watcher of watchers) sendEvent(watcher, type, data, id);
    for (const agent of this.agents) sendEvent(agent, type, data);
  }

  dropWatches(): void {
    for (const { watchers } of this.conversations.values()) for (const watcher of watchers) watcher.destroy();
  }

  requestHandoff(conversation: Conversation, position = 2): Handoff {
    conversation.handoff ??= {
      id: `h-${conversation.id}`,
      conversationId: conversation.id,
      status: 'waiting',
      position,
      reason: 'The customer asked for a person.',
      skill: 'orders',
      priority: 1,
      customer: conversation.customer,
      createdAt: new Date(Date.now() - 180_000).toISOString(),
    };
    this.tell(conversation, 'handoff', conversation.handoff);
    return conversation.handoff;
  }

  moveHandoff(conversation: Conversation, change: Partial<Handoff>): void {
    if (!conversation.handoff) throw new Error('This conversation has no handoff.');
    Object.assign(conversation.handoff, change);
    this.tell(conversation, 'handoff', conversation.handoff);
    if (change.status === 'closed') delete conversation.handoff;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    this.requests.push(`${request.method} ${url.pathname}`);
    if (!url.pathname.startsWith('/v1/')) return this.serveAsset(url.pathname, response);
    const role = /^Bearer fd_(channel|agent)_test$/.exec(request.headers.authorization ?? '')?.[1];
    if (!role) return problem(response, 401, 'unauthenticated', 'Send a valid key.');
    const body = request.method === 'GET' ? {} : await readJson(request);
    const [, , collection, id = '', action = ''] = url.pathname.split('/');
    const call = `${request.method} ${collection} ${action}`.trim();

    if (call === 'POST conversations') return this.create(body, response);
    if (collection === 'agents') return this.serveAgent(call, body, response);
    if (call === 'GET handoffs') return this.listHandoffs(url.searchParams.get('status'), response);
    if (collection === 'handoffs') return this.stepHandoff(id, action, response);

    if (collection === 'nlu') return this.serveNlu(request.method!, url, body, response);

    const conversation = this.conversations.get(id);
    if (!conversation) return problem(response, 404, 'not_found', 'No such conversation.');
    if (call === 'GET conversations') return json(response, 200, { id, bot: 'shop' });
    if (call === 'GET conversations events') {
      return this.watch(conversation, Number(request.headers['last-event-id'] ?? 0), response);
    }
    if (call === 'GET conversations messages') {
      const after = Number(url.searchParams.get('after') ?? 0);
      const page = conversation.log.filter(({ seq }) => seq > after).slice(0, 3);
      const more = (page.at(-1)?.seq ?? 0) < conversation.log.length && page.length > 0;
      return json(response, 200, { messages: page, nextCursor: more ? String(page.at(-1)?.seq) : null });
    }
    if (call === 'POST conversations feedback') return this.takeFeedback(body, response);
    if (call === 'POST conversations handoff') return json(response, 201, this.requestHandoff(conversation));
    if (call === 'POST conversations messages' && role === 'agent') {
      return json(response, 201, { message: this.append(conversation, 'agent', String(body['text'])) });
    }
    if (call === 'POST conversations messages') return this.takeTurn(conversation, body, response);
    return problem(response, 404, 'not_found', 'No such call.');
  }

  private serveAsset(path: string, response: ServerResponse): void {
    if (path === '/web/config.json') {
      return this.config
        ? json(response, 200, this.config)
        : problem(response, 404, 'not_found', 'Not a demo.');
    }
    const pages: Record<string, string> = { '/': 'index.html', '/agent': 'agent.html' };
    const name = pages[path] ?? path.replace(/^\/web\//, '');
    const file = [join(project, 'public', name), join(project, 'dist', name)].find((each) =>
      existsSync(each),
    );
    if (!file) return problem(response, 404, 'not_found', 'No such file.');
    response.writeHead(200, {
      'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(readFileSync(file));
  }

  private create(body: Record<string, unknown>, response: ServerResponse): void {
    const customer = body['customer'] as Conversation['customer'];
    const id = `c${this.conversations.size + 1}`;
    this.conversations.set(id, { id, customer, log: [], turns: new Map(), watchers: new Set() });
    json(response, 201, { id, bot: 'shop', status: 'open', createdAt: new Date().toISOString() });
  }

  private async takeTurn(
    conversation: Conversation,
    { text, clientMessageId }: Record<string, unknown>,
    response: ServerResponse,
  ): Promise<void> {
    if (this.limitNextS !== undefined) {
      response.setHeader('Retry-After', String(this.limitNextS));
      delete this.limitNextS;
      return problem(response, 429, 'resource_exhausted', 'Too many messages. Please wait a moment.');
    }
    const turnId = String(clientMessageId);
    const turn = conversation.turns.get(turnId) ?? { answered: false, asked: 0 };
    if (turn.asked === 0) this.append(conversation, 'customer', String(text), { clientMessageId });
    turn.asked += 1;
    conversation.turns.set(turnId, turn);
    const answer = this.answer(String(text));
    openEvents(response);
    sendEvent(response, 'turn', { turnId, conversationId: conversation.id });
    if (conversation.handoff?.status === 'active') return void response.end('event: done\ndata: {}\n\n');
    if (answer.understanding) sendEvent(response, 'understanding', answer.understanding);

    for (const [n, token] of answer.tokens.entries()) {
      sendEvent(response, 'token', { text: token });
      if (n > 0) continue;
      await answer.hold;
      if (answer.cut === 'unanswered') return void response.destroy();
    }
    const message = turn.answered ? conversation.log.at(-1)! : this.logAnswer(conversation, answer);
    turn.answered = true;
    if (answer.cut === 'answered') return void response.destroy();
    const degraded = answer.degraded ?? false;
    sendEvent(response, 'message', {
      conversationId: conversation.id,
      turnId,
      message,
      degraded,
      handoff: null,
    });
    sendEvent(response, 'done', {});
    response.end();
  }

  private logAnswer(conversation: Conversation, answer: Answer): Message {
    const { tokens, text = tokens.join(''), kind = 'generated', sources = [] } = answer;
    return this.append(conversation, 'bot', text, { kind, sources });
  }

  private watch(conversation: Conversation, after: number, response: ServerResponse): void {
    openEvents(response);
    for (const message of conversation.log)
      if (message.seq > after) sendEvent(response, 'message', message, message.seq);
    if (conversation.handoff) sendEvent(response, 'handoff', conversation.handoff);
    conversation.watchers.add(response);
    response.on('close', () => conversation.watchers.delete(response));
  }

  private takeFeedback(body: Record<string, unknown>, response: ServerResponse): void {
    this.feedback.push(body);
    json(response, 201, {});
  }

  private serveNlu(method: string, url: URL, body: unknown, response: ServerResponse): void {
    if (method === 'GET') {
      const ofShop = url.search === '?examples=false&bot=shop' ? this.intents : [];
      return json(response, 200, { intents: ofShop.map((name) => ({ name, examples: {} })) });
    }
    const refusal = this.refuseCorrection;
    delete this.refuseCorrection;
    if (refusal !== undefined) return problem(response, 422, 'invalid_argument', refusal);
    this.corrections.push(body);
    json(response, 202, { jobId: 'j1' });
  }

  private serveAgent(call: string, body: unknown, response: ServerResponse): void {
    if (call === 'PUT agents status') {
      this.presences.push(body);
      return json(response, 200, body);
    }
    openEvents(response);
    this.agents.add(response);
    response.on('close', () => this.agents.delete(response));
  }

  private listHandoffs(status: string | null, response: ServerResponse): void {
    const all = [...this.conversations.values()].flatMap(({ handoff }) => (handoff ? [handoff] : []));
    json(response, 200, { handoffs: all.filter((handoff) => handoff.status === status) });
  }

  private stepHandoff(id: string, step: string, response: ServerResponse): void {
    const conversation = [...this.conversations.values()].find(({ handoff }) => handoff?.id === id);
    if (!conversation) return problem(response, 404, 'not_found', 'No such handoff.');
    this.moveHandoff(conversation, { status: step === 'accept' ? 'active' : 'closed' });
    json(response, 200, {});
  }
}

function openEvents(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': open\r\n\r\n');
}

function sendEvent(response: ServerResponse, type: string, data: unknown, id?: number): void {
  response.write(`event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}
