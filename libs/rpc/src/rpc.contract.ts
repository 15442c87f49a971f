/** What every transport does. Run by the spec of each. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { AppError, ErrorCode, codeOf, currentContext, requireTenant, runInContext } from '@frontdesk/core';
import type { RequestContext } from '@frontdesk/core';
import type { DescService } from '@bufbuild/protobuf';
import { jest } from '@jest/globals';
import { MethodTable } from './method-table.js';
import type { ServeOptions, ServiceImplementation } from './method-table.js';
import type { ClientOptions, RpcClient } from './client.js';
import type { FinishedCall } from './observer.js';
import type { CallContext } from './server-call.js';

/** A transport with tables behind it. */
export interface Wire {
  client<S extends DescService>(service: S, options?: ClientOptions): RpcClient<S>;
  drain(graceMs: number): Promise<void>;
}

type Dialogue = ServiceImplementation<typeof DialogueService>;
type Watching = ReturnType<RpcClient<typeof DialogueService>['watch']>;

/** `serve` puts tables behind the transport under test; each wire is drained after its test. */
export function rpcContract(serve: (tables: readonly MethodTable[]) => Promise<Wire>): void {
  const wires: Wire[] = [];
  afterEach(async () => {
    await Promise.all(wires.splice(0).map((wire) => wire.drain(0)));
  });

  const offer = async <S extends DescService>(
    service: S,
    implementation: ServiceImplementation<S>,
    options: ServeOptions & { client?: ClientOptions } = {},
  ): Promise<RpcClient<S>> => {
    const wire = await serve([new MethodTable(service, implementation, options) as MethodTable]);
    wires.push(wire);
    return wire.client(service, options.client);
  };
  const dialogue = (implementation: Dialogue, options?: ServeOptions & { client?: ClientOptions }) =>
    offer(DialogueService, implementation, options);

  describe('messages', () => {
    it('arrive as they were sent, with defaults filled in', async () => {
      const { analyze } = await offer(NluService, {
        analyze: async ({ text, bot }) => ({
          understanding: { language: text, model: `of ${bot || 'nobody'}` },
        }),
      });
      const { understanding } = await analyze({ text: 'Grüße 你好 👋' });
      expect(understanding).toMatchObject({ language: 'Grüße 你好 👋', model: 'of nobody', entities: [] });
    });

    it('of a stream arrive in order, then it ends', async () => {
      const { converse } = await dialogue({
        async *converse({ text }) {
          for (const word of text.split(' ')) yield { event: { case: 'token', value: { text: word } } };
        },
      });
      const words = [];
      for await (const { event } of converse({ text: 'how are you' }))
        words.push(event.case === 'token' && event.value.text);
      expect(words).toEqual(['how', 'are', 'you']);
    });

    it('are never shared between the two sides', async () => {
      const kept: { values: number[] }[] = [];
      const { search } = await offer(KnowledgeService, {
        search: async (request) => {
          kept.push({ values: request.embedding });
          request.embedding.push(3);
          return { passages: [{ title: 'Returns' }] };
        },
      });
      const embedding = [1, 2];
      const first = await search({ query: 'return', embedding });
      first.passages.length = 0;
      expect(embedding).toEqual([1, 2]);
      expect((await search({ query: 'return', embedding })).passages).toHaveLength(1);
      expect(kept.map(({ values }) => values)).toEqual([[1, 2, 3], [1, 2, 3]]); // prettier-ignore
    });

    it.each(['request', 'response'])('above 4 MB are refused where they are made: a %s', async (side) => {
      const large = 'x'.repeat(4 * 1024 * 1024);
      const { analyze } = await offer(NluService, {
        analyze: async () => ({ understanding: { language: side === 'response' ? large : '' } }),
      });
      const error: unknown = await analyze({ text: side === 'request' ? large : '' }).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({
        code: 'resource_exhausted',
        message: expect.stringMatching(/4\.0 MB.*at most 4 MB/),
      });
    });

    it('just below 4 MB pass', async () => {
      const { analyze } = await offer(NluService, {
        analyze: async ({ text }) => ({ understanding: { language: text } }),
      });
      const text = 'x'.repeat(4 * 1024 * 1024 - 100);
      expect((await analyze({ text })).understanding?.language).toHaveLength(text.length);
    });
  });

  describe('slow readers', () => {
    it('are not run over: the producer waits', async () => {
      let produced = 0;
      const { watch } = await dialogue({
        async *watch() {
          for (;;)
            yield { event: { case: 'message', value: { seq: BigInt(++produced), text: 'x'.repeat(500) } } };
        },
      });
      let read = 0;
      for await (const { event } of watch({})) {
        expect(event.case === 'message' && event.value.seq).toBe(BigInt(++read));
        if (read === 100) {
          await settled(() => produced);
          break;
        }
      }
      expect(produced - read).toBeLessThan(300);
    });

    it('lose nothing', async () => {
      const { watch } = await dialogue({
        async *watch() {
          for (let seq = 1; seq <= 2_000; seq++)
            yield { event: { case: 'message', value: { seq: BigInt(seq) } } };
        },
      });
      let read = 0n;
      for await (const { event } of watch({})) {
        expect(event.case === 'message' && event.value.seq).toBe(++read);
        if (read % 500n === 0n) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(read).toBe(2_000n);
    });
  });

  describe('deadlines', () => {
    it('are always set, by default 5 s for a unary call and 60 s for a stream', async () => {
      const left: number[] = [];
      const { getConversation, watch } = await dialogue({
        getConversation: async (_, call) => (left.push(call.deadline - Date.now()), {}),
        async *watch(_, call) {
          left.push(call.deadline - Date.now());
          yield {};
        },
      });
      await getConversation({});
      for await (const _ of watch({}));
      expect(left[0]).toBeGreaterThan(0);
      expect(left[0]).toBeLessThanOrEqual(5_000);
      expect(left[1]).toBeGreaterThan(5_000);
      expect(left[1]).toBeLessThanOrEqual(60_000);
    });

    it('never exceed what is left to the caller, and reach the context of the callee', async () => {
      const seen: (number | undefined)[] = [];
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => (seen.push(call.deadline, currentContext()?.deadline), {}),
      });
      const deadline = Date.now() + 3_000;
      await runInContext({ requestId: 'r', deadline }, () => getConversation({}, { timeoutMs: 3_600_000 }));
      // A deadline travels as the time left, so it moves by the time in transit.
      expect(seen[0]).toBeLessThanOrEqual(deadline + 1_000);
      expect(seen[1]).toBe(seen[0]);
    });

    it('end a unary call on both sides, even where the handler ignores its signal', async () => {
      const aborted = deferred<unknown>();
      const { getConversation } = await dialogue({
        getConversation: (_, call) => {
          call.signal.addEventListener('abort', () => aborted.resolve(codeOf(call.signal.reason)));
          return new Promise(() => {});
        },
      });
      await expect(getConversation({}, { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'deadline_exceeded',
      });
      expect(await aborted.promise).toBe('deadline_exceeded');
    });

    it('end a stream on both sides after what was sent in time', async () => {
      const closed = deferred<unknown>();
      const { watch } = await dialogue({
        async *watch(_, call) {
          try {
            yield { event: { case: 'closed', value: {} } };
            await aborted(call);
          } finally {
            closed.resolve(codeOf(call.signal.reason));
          }
        },
      });
      const { read, error } = await readAll(watch({}, { timeoutMs: 100 }));
      expect(read).toBe(1);
      expect(error).toMatchObject({ code: 'deadline_exceeded' });
      expect(await closed.promise).toBe('deadline_exceeded');
    });

    it('that have passed leave no call to make', async () => {
      const getConversation = jest.fn(async () => ({}));
      const client = await dialogue({ getConversation });
      const late = runInContext({ requestId: 'r', deadline: Date.now() - 1 }, () =>
        client.getConversation({}),
      );
      await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
      expect(getConversation).not.toHaveBeenCalled();
    });
  });

  describe('cancellation', () => {
    it('by signal ends a unary call on both sides', async () => {
      const [started, ended] = [deferred<void>(), deferred<unknown>()];
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => {
          started.resolve();
          await aborted(call);
          ended.resolve(codeOf(call.signal.reason));
          return {};
        },
      });
      const stop = new AbortController();
      const call = getConversation({}, { signal: stop.signal });
      await started.promise;
      stop.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      expect(await ended.promise).toBe('cancelled');
    });

    it('by signal ends a stream on both sides', async () => {
      const ended = deferred<unknown>();
      const { watch } = await dialogue({
        async *watch(_, call) {
          try {
            yield {};
            await aborted(call);
          } finally {
            ended.resolve(codeOf(call.signal.reason));
          }
        },
      });
      const stop = new AbortController();
      const reading = watch({}, { signal: stop.signal })[Symbol.asyncIterator]();
      await reading.next();
      const next = reading.next();
      stop.abort(new AppError('aborted', 'A newer message took over.'));
      await expect(next).rejects.toMatchObject({ code: 'aborted', message: 'A newer message took over.' });
      expect(await ended.promise).toBe('cancelled');
    });

    it('by leaving the loop closes the generator, between messages and within one', async () => {
      for (const waits of [false, true]) {
        const closed = deferred<string | undefined>();
        const { watch } = await dialogue({
          async *watch(_, call) {
            try {
              yield {};
              for (;;) (await (waits ? aborted(call) : new Promise(setImmediate)), yield {});
            } finally {
              closed.resolve(currentContext()?.tenantId);
            }
          },
        });
        await runInContext({ requestId: 'r', tenantId: 't1' }, async () => {
          for await (const _ of watch({})) break;
        });
        expect(await closed.promise).toBe('t1');
      }
    });

    it('follows the caller: its own cancelled call cancels the calls it makes', async () => {
      const ended = deferred<unknown>();
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => {
          await aborted(call);
          ended.resolve(codeOf(call.signal.reason));
          return {};
        },
      });
      const stop = new AbortController();
      const call = runInContext({ requestId: 'r', signal: stop.signal }, () => getConversation({}));
      setTimeout(() => stop.abort(), 20);
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      expect(await ended.promise).toBe('cancelled');
    });

    it('before the call leaves no call to make', async () => {
      const getConversation = jest.fn(async () => ({}));
      const client = await dialogue({ getConversation });
      await expect(client.getConversation({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'cancelled',
      });
      expect(getConversation).not.toHaveBeenCalled();
    });
  });

  describe('errors', () => {
    it.each(Object.keys(ErrorCode) as ErrorCode[])('keep their code: %s', async (code) => {
      const failing = new AppError(code, `Because of 100 % “${code}”.`, { cause: new Error('secret') });
      const { openConversation, converse } = await dialogue({
        openConversation: async () => {
          throw failing;
        },
        async *converse() {
          yield {};
          throw failing;
        },
      });
      const expected = { name: 'AppError', code, message: `Because of 100 % “${code}”.`, cause: undefined };
      const error = await failureOf(openConversation({}));
      expect(error).not.toBe(failing);
      expect(shown(error)).toEqual(expected);
      const stream = await readAll(converse({}));
      expect({ ...stream, error: shown(stream.error) }).toEqual({ read: 1, error: expected });
    });

    it('keep their fields and when to try again', async () => {
      const { analyze } = await offer(NluService, {
        analyze: async () => {
          throw new AppError('invalid_argument', 'Check the fields.', {
            fields: [{ field: 'text', message: 'ist zu lang – höchstens 8000' }, { field: 'bot', message: '' }],
            retryAfterMs: 1_500.5,
          }); // prettier-ignore
        },
      });
      await expect(analyze({})).rejects.toMatchObject({
        fields: [{ field: 'text', message: 'ist zu lang – höchstens 8000' }, { field: 'bot', message: '' }],
        retryAfterMs: 1_500.5,
      }); // prettier-ignore
    });

    it('that are too long for the wire are clipped', async () => {
      const fields = Array.from({ length: 200 }, (_, i) => ({
        field: `rows.${i}`,
        message: 'é\ud83d'.repeat(1_000),
      }));
      const { analyze } = await offer(NluService, {
        analyze: async () => {
          throw new AppError('invalid_argument', '\ud83d'.repeat(100_000), { fields });
        },
      });
      const error = await failureOf(analyze({}));
      expect(error.code).toBe('invalid_argument');
      expect(error.message).toMatch(/^�+…$/);
      expect(error.fields).toHaveLength(32);
    });

    it.each([
      ['an Error', new TypeError('password=hunter2')],
      ['a string', 'password=hunter2'],
      ['nothing', undefined],
      ['what Nest throws', { status: 'error', message: 'password=hunter2' }],
    ])('that are none of ours tell nothing: %s', async (_, thrown) => {
      const finished: FinishedCall[] = [];
      const { openConversation } = await dialogue(
        { openConversation: () => Promise.reject(thrown) },
        { observer: { finished: (call) => finished.push(call) } },
      );
      const error = await failureOf(openConversation({}));
      const message = 'Something went wrong on our side.';
      expect(shown(error)).toEqual({ name: 'AppError', code: 'internal', message, cause: undefined });
      expect(JSON.stringify({ ...error, stack: error.stack })).not.toContain('hunter2');
      expect(finished[0]?.error?.cause).toBe(thrown);
    });

    it('say unimplemented where a service leaves a method out', async () => {
      const client = await dialogue({});
      await expect(client.openConversation({})).rejects.toMatchObject({ code: 'unimplemented' });
      expect((await readAll(client.watch({}))).error).toMatchObject({ code: 'unimplemented' });
    });
  });

  describe('context', () => {
    const caller: RequestContext = {
      requestId: 'req-1',
      tenantId: 'ten ant/ä',
      principal: { kind: 'agent', id: 'a:7 ü' },
      conversationId: 'c-1',
    };
    const told = ({ requestId, tenantId, principal, conversationId }: Partial<RequestContext> = {}) =>
      ({ requestId, tenantId, principal, conversationId }); // prettier-ignore

    it('is what the caller’s was, at every step', async () => {
      const seen: unknown[] = [];
      const { getConversation, watch } = await dialogue({
        getConversation: async () => {
          await null;
          return (seen.push(told(currentContext())), {});
        },
        async *watch() {
          for (let i = 0; i < 3; i++) {
            seen.push(told(currentContext()));
            yield {};
          }
        },
      });
      await runInContext(caller, async () => {
        await getConversation({});
        for await (const _ of watch({}));
      });
      expect(seen).toEqual(Array(4).fill(caller));
    });

    it('is the one in which the method was called, wherever its stream is read', async () => {
      const { watch } = await dialogue({
        async *watch() {
          yield { event: { case: 'message', value: { text: requireTenant() } } };
        },
      });
      const stream = runInContext(caller, () => watch({}));
      const [first] = await runInContext({ requestId: 'other', tenantId: 'other' }, () => collect(stream));
      expect(first?.event).toMatchObject({ value: { text: caller.tenantId } });
    });

    it('is never another caller’s, with many at once', async () => {
      const { watch, getConversation } = await dialogue({
        getConversation: async ({ conversationId }) => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          return { conversation: { id: `${conversationId}:${requireTenant()}` } };
        },
        async *watch({ conversationId }) {
          for (let i = 0; i < 5; i++) {
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
            yield { event: { case: 'message', value: { text: `${conversationId}:${requireTenant()}` } } };
          }
        },
      });
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          runInContext({ requestId: `r${i}`, tenantId: `t${i}` }, async () => {
            const { conversation } = await getConversation({ conversationId: `${i}` });
            expect(conversation?.id).toBe(`${i}:t${i}`);
            for await (const { event } of watch({ conversationId: `${i}` }))
              expect(event.case === 'message' && event.value.text).toBe(`${i}:t${i}`);
            expect(requireTenant()).toBe(`t${i}`);
          }),
        ),
      );
    });

    it('is all that crosses: nothing else of the caller’s async context', async () => {
      const other = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const { getConversation, watch } = await dialogue({
        getConversation: async () => (seen.push(other.getStore()), {}),
        async *watch() {
          seen.push(other.getStore());
          yield {};
          seen.push(other.getStore());
        },
      });
      await other.run('transaction of the caller', async () => {
        await getConversation({});
        for await (const _ of watch({}));
      });
      expect(seen).toEqual([undefined, undefined, undefined]);
    });

    it('without a tenant stays without, and has a request id all the same', async () => {
      const seen: unknown[] = [];
      const { getConversation } = await dialogue({
        getConversation: async () => (seen.push(told(currentContext())), requireTenant(), {}),
      });
      await expect(getConversation({})).rejects.toMatchObject({ code: 'unauthenticated' });
      expect(seen).toEqual([{ ...told(), requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    });

    it('is not believed at the edge until the caller is identified there', async () => {
      const seen: unknown[] = [];
      const { getConversation } = await dialogue(
        {
          getConversation: async (_, call) => {
            seen.push({ ...told(currentContext()), raw: call.metadata.get('fd-tenant') });
            call.identify({ tenantId: 't9', principal: { kind: 'channel', id: 'k' } });
            seen.push(told(currentContext()));
            return {};
          },
        },
        { trust: 'edge' },
      );
      await runInContext({ requestId: 'forged', tenantId: 'forged' }, () => getConversation({}));
      expect(seen).toEqual([
        { ...told(), requestId: expect.not.stringMatching('forged'), raw: 'forged' },
        expect.objectContaining({ tenantId: 't9', principal: { kind: 'channel', id: 'k' } }),
      ]);
    });

    it('cannot be changed by identifying callers inside the mesh', async () => {
      const { getConversation } = await dialogue({
        getConversation: async (_, call) => {
          call.identify({ tenantId: 't9', principal: { kind: 'channel', id: 'k' } });
          return {};
        },
      });
      await expect(getConversation({})).rejects.toMatchObject({ code: 'internal' });
    });

    it('comes with metadata of the caller’s choice, if gRPC can carry it', async () => {
      const { getConversation } = await dialogue({
        getConversation: async (_, { metadata }) => ({
          conversation: { id: metadata.get('authorization') ?? '' },
        }),
      });
      const response = await getConversation({}, { metadata: { authorization: 'Bearer x' } });
      expect(response.conversation?.id).toBe('Bearer x');
      for (const metadata of [{ 'Upper-Case': 'x' }, { name: 'ü' }, { 'some-bin': 'x' }] as Record<
        string,
        string
      >[])
        await expect(getConversation({}, { metadata })).rejects.toMatchObject({ code: 'invalid_argument' });
    });
  });

  describe('retries', () => {
    const unavailable = (attempts: { count: number }, failures: number) => async () => {
      if (++attempts.count <= failures) throw new AppError('unavailable', 'Not yet.');
      return {};
    };

    it('are made where the contract says idempotent', async () => {
      const attempts = { count: 0 };
      const { getConversation } = await dialogue({ getConversation: unavailable(attempts, 2) });
      await getConversation({});
      expect(attempts.count).toBe(3);
    });

    it('are not made where it does not', async () => {
      const attempts = { count: 0 };
      const { openConversation } = await dialogue({ openConversation: unavailable(attempts, 2) });
      await expect(openConversation({})).rejects.toMatchObject({ code: 'unavailable', message: 'Not yet.' });
      expect(attempts.count).toBe(1);
    });

    it('are not made of other failures, nor more than twice', async () => {
      let count = 0;
      const { getConversation, closeConversation } = await dialogue({
        getConversation: async () => {
          count++;
          throw new AppError('internal', 'No.');
        },
        closeConversation: async () => {
          count++;
          throw new AppError('unavailable', 'No.');
        },
      });
      await expect(getConversation({})).rejects.toMatchObject({ code: 'internal' });
      expect(count).toBe(1);
      await expect(closeConversation({})).rejects.toMatchObject({ code: 'unavailable' });
      expect(count).toBe(4);
    });

    it('of a stream are made before its first message only', async () => {
      let count = 0;
      const { watch } = await dialogue({
        async *watch({ afterSeq }) {
          if (++count === 1 || afterSeq === 1n) {
            if (afterSeq === 1n) yield {};
            throw new AppError('unavailable', 'Not yet.');
          }
          yield {};
        },
      });
      expect(await readAll(watch({}))).toEqual({ read: 1, error: undefined });
      expect(count).toBe(2);
      expect(await readAll(watch({ afterSeq: 1n }))).toMatchObject({
        read: 1,
        error: { code: 'unavailable' },
      });
      expect(count).toBe(3);
    });

    it('stop when most calls fail', async () => {
      const attempts = { count: 0 };
      const { getConversation } = await dialogue({ getConversation: unavailable(attempts, Infinity) });
      for (let i = 0; i < 10; i++)
        await expect(getConversation({})).rejects.toMatchObject({ code: 'unavailable' });
      expect(attempts.count).toBeLessThan(16);
    });

    it('wait no longer than the caller does', async () => {
      const { getConversation } = await dialogue({
        getConversation: async () => {
          throw new AppError('unavailable', 'Later.', { retryAfterMs: 60_000 });
        },
      });
      await expect(getConversation({})).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 60_000 });
    });
  });

  describe('reports', () => {
    it('tell each side of each call once, with its code', async () => {
      const reports: string[] = [];
      const observer = {
        started: ({ side, method }: { side: string; method: string }) =>
          void reports.push(`${side} ${method}`),
        finished: ({ side, method, code }: FinishedCall) => void reports.push(`${side} ${method} ${code}`),
      };
      const { getConversation, converse, watch } = await dialogue(
        {
          getConversation: async () => ({}),
          async *converse() {
            yield {};
            throw new AppError('aborted', 'Stopped.');
          },
          async *watch() {
            for (;;) yield {};
          },
        },
        { observer, client: { observer } },
      );
      await getConversation({});
      await readAll(converse({}));
      for await (const _ of watch({})) break;
      await settled(() => reports.length);
      expect(reports.toSorted()).toEqual([
        'client Converse', 'client Converse aborted', 'client GetConversation', 'client GetConversation ok',
        'client Watch', 'client Watch cancelled',
        'server Converse', 'server Converse aborted', 'server GetConversation', 'server GetConversation ok',
        'server Watch', 'server Watch cancelled',
      ]); // prettier-ignore
    });
  });

  describe('draining', () => {
    const slowStream = () => {
      const [started, goOn] = [deferred<void>(), deferred<void>()];
      const implementation: Dialogue = {
        async *watch() {
          yield { event: { case: 'message', value: { seq: 1n } } };
          started.resolve();
          await goOn.promise;
          for (let seq = 2n; seq <= 500n; seq++) yield { event: { case: 'message', value: { seq } } };
        },
        getConversation: async () => ({}),
      };
      return { started, goOn, implementation };
    };
    const open = async (implementation: Dialogue) => {
      const wire = await serve([new MethodTable(DialogueService, implementation) as MethodTable]);
      return { wire, client: wire.client(DialogueService) };
    };

    it('loses no message of a live stream, and takes no new call', async () => {
      const { started, goOn, implementation } = slowStream();
      const { wire, client } = await open(implementation);
      const reading = readAll(client.watch({}));
      await started.promise;
      const drained = wire.drain(10_000);
      await expect(client.getConversation({}, { timeoutMs: 500 })).rejects.toMatchObject({
        code: 'unavailable',
      });
      goOn.resolve();
      expect(await reading).toEqual({ read: 500, error: undefined });
      await drained;
    });

    it('breaks off what is left after its grace', async () => {
      const { started, implementation } = slowStream();
      const { wire, client } = await open(implementation);
      const reading = readAll(client.watch({}));
      await started.promise;
      await wire.drain(50);
      expect(await reading).toMatchObject({ read: 1, error: { code: 'unavailable' } });
    });

    it('of a resting service is over at once', async () => {
      const { wire, client } = await open({ getConversation: async () => ({}) });
      await client.getConversation({});
      await wire.drain(60_000);
    });
  });
}

async function failureOf(call: Promise<unknown>): Promise<AppError> {
  return call.then(
    () => Promise.reject(new Error('The call should have failed.')),
    (error: AppError) => error,
  );
}

function shown(thrown: unknown) {
  const { name, code, message, cause } = thrown as AppError;
  return { name, code, message, cause };
}

function deferred<T>() {
  return Promise.withResolvers<T>();
}

function aborted({ signal }: CallContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of stream) all.push(message);
  return all;
}

async function readAll(stream: Watching | AsyncIterable<unknown>): Promise<{ read: number; error: unknown }> {
  let read = 0;
  try {
    for await (const _ of stream) read++;
    return { read, error: undefined };
  } catch (error) {
    return { read, error };
  }
}

/** Resolves when the value has stopped changing. */
async function settled(value: () => number): Promise<void> {
  for (let last = -1; last !== value();) {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
