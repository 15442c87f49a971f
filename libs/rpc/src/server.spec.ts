import { Controller, Module, UseFilters, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import type {
  CallHandler,
  CanActivate,
  ExceptionFilter,
  ExecutionContext,
  INestMicroservice,
  NestInterceptor,
  PipeTransform,
  Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RpcException } from '@nestjs/microservices';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import type { GetConversationRequest, WatchRequest } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { AppError, currentContext, requireTenant, runInContext } from '@frontdesk/core';
import type { DescService } from '@bufbuild/protobuf';
import { from, map, throwError } from 'rxjs';
import { InProcessNetwork, inProcessClient } from './in-process.js';
import { Rpc } from './rpc.decorator.js';
import type { ServeOptions } from './method-table.js';
import { RpcServer } from './server.js';
import type { CallContext } from './server-call.js';

const apps: INestMicroservice[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function start(controller: Type, services: DescService[] = [DialogueService], options?: ServeOptions) {
  @Module({ controllers: [controller] })
  class Root {}
  const server = new RpcServer(services, options);
  const app = await NestFactory.createMicroservice(Root, { strategy: server, logger: false });
  apps.push(app);
  await app.listen();
  const network = new InProcessNetwork();
  for (const table of server.tables) network.serve(table);
  return inProcessClient(DialogueService, network);
}

describe('a Nest controller', () => {
  it('offers methods with the request, the call and the context', async () => {
    @Controller()
    class DialogueRpc {
      @Rpc(DialogueService.method.getConversation)
      async getConversation({ conversationId }: GetConversationRequest, call: CallContext) {
        return { conversation: { id: `${conversationId} ${requireTenant()} ${call.deadline > Date.now()}` } };
      }

      @Rpc(DialogueService.method.watch)
      async *watch({ afterSeq }: WatchRequest) {
        for (let seq = afterSeq; seq < afterSeq + 3n; seq++) {
          yield { event: { case: 'message' as const, value: { seq, text: requireTenant() } } };
        }
      }
    }
    const client = await start(DialogueRpc);
    await runInContext({ requestId: 'r', tenantId: 't1' }, async () => {
      expect((await client.getConversation({ conversationId: 'c' })).conversation?.id).toBe('c t1 true');
      const seqs = [];
      for await (const { event } of client.watch({ afterSeq: 7n }))
        seqs.push(event.case === 'message' && event.value.seq);
      expect(seqs).toEqual([7n, 8n, 9n]);
    });
    await expect(client.openConversation({})).rejects.toMatchObject({ code: 'unimplemented' });
  });

  it('may throw AppErrors, and anything else becomes internal', async () => {
    const thrown: unknown[] = [
      new AppError('not_found', 'There is no such conversation.'),
      new Error('secret'),
      'secret',
      new RpcException('secret'),
    ];
    @Controller()
    class DialogueRpc {
      @Rpc(DialogueService.method.openConversation)
      async openConversation(): Promise<object> {
        throw thrown.shift();
      }
    }
    const client = await start(DialogueRpc);
    await expect(client.openConversation({})).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no such conversation.',
    });
    for (let i = 0; i < 3; i++) {
      const message = 'Something went wrong on our side.';
      await expect(client.openConversation({})).rejects.toMatchObject({ code: 'internal', message });
    }
  });

  it('tells the observer what caused an internal error', async () => {
    const cause = new TypeError('secret');
    const causes: unknown[] = [];
    @Controller()
    class DialogueRpc {
      @Rpc(DialogueService.method.openConversation)
      async openConversation(): Promise<object> {
        throw cause;
      }
    }
    const client = await start(DialogueRpc, [DialogueService], {
      observer: { finished: ({ error }) => causes.push(error?.cause) },
    });
    await expect(client.openConversation({})).rejects.toMatchObject({ code: 'internal' });
    expect(causes).toEqual([cause]);
  });

  it('is guarded: a guard refuses, or identifies the caller at the edge', async () => {
    class KeyGuard implements CanActivate {
      canActivate(context: ExecutionContext) {
        const call = context.switchToRpc().getContext<CallContext>();
        const key = call.metadata.get('authorization');
        if (!key) throw new AppError('unauthenticated', 'Send a key.');
        call.identify({ tenantId: `tenant of ${key}`, principal: { kind: 'channel', id: key } });
        return key !== 'revoked';
      }
    }
    const seen: unknown[] = [];
    @Controller()
    @UseGuards(KeyGuard)
    class DialogueRpc {
      @Rpc(DialogueService.method.getConversation)
      async getConversation() {
        seen.push(requireTenant());
        return {};
      }

      @Rpc(DialogueService.method.watch)
      async *watch() {
        yield {};
        seen.push(currentContext()?.principal);
      }
    }
    const client = await start(DialogueRpc, [DialogueService], { trust: 'edge' });
    await expect(client.getConversation({})).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'Send a key.',
    });
    await expect(
      client.getConversation({}, { metadata: { authorization: 'revoked' } }),
    ).rejects.toMatchObject({ code: 'permission_denied' });
    await client.getConversation({}, { metadata: { authorization: 'k1' } });
    for await (const _ of client.watch({}, { metadata: { authorization: 'k2' } }));
    expect(seen).toEqual(['tenant of k1', { kind: 'channel', id: 'k2' }]);
  });

  it('has pipes, interceptors and filters of its own', async () => {
    class Trim implements PipeTransform {
      transform(value: unknown) {
        return isRequest(value) ? { ...value, conversationId: value.conversationId.trim() } : value;
      }
    }
    class Shout implements NestInterceptor {
      intercept(_: ExecutionContext, next: CallHandler<{ conversation?: { id: string } }>) {
        return next
          .handle()
          .pipe(
            map((reply) =>
              reply.conversation ? { conversation: { id: `${reply.conversation.id}!` } } : reply,
            ),
          );
      }
    }
    class OutOfOrder implements ExceptionFilter {
      catch() {
        return throwError(() => new AppError('unavailable', 'Out of order.'));
      }
    }
    @Controller()
    @UsePipes(Trim)
    @UseInterceptors(Shout)
    @UseFilters(OutOfOrder)
    class DialogueRpc {
      @Rpc(DialogueService.method.getConversation)
      async getConversation({ conversationId }: GetConversationRequest) {
        return { conversation: { id: conversationId } };
      }

      @Rpc(DialogueService.method.openConversation)
      async openConversation(): Promise<object> {
        throw new Error('secret');
      }

      @Rpc(DialogueService.method.watch)
      async *watch() {
        yield {};
        yield {};
      }
    }
    const client = await start(DialogueRpc);
    expect((await client.getConversation({ conversationId: ' c1 ' })).conversation?.id).toBe('c1!');
    await expect(client.openConversation({})).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Out of order.',
    });
    let read = 0;
    for await (const _ of client.watch({})) read++;
    expect(read).toBe(2);
  });

  it('may answer with Observables', async () => {
    @Controller()
    class DialogueRpc {
      getConversation() {
        return from([{ conversation: { id: 'c1' } }]);
      }

      watch() {
        return from([1n, 2n, 3n].map((seq) => ({ event: { case: 'message', value: { seq } } })));
      }
    }
    // The types ask for promises and async iterables; Observables come from interceptors or older code.
    for (const key of ['getConversation', 'watch'] as const) {
      const decorate = Rpc(DialogueService.method[key]);
      decorate(
        DialogueRpc.prototype,
        key,
        Object.getOwnPropertyDescriptor(DialogueRpc.prototype, key) as never,
      );
    }
    const client = await start(DialogueRpc);
    expect((await client.getConversation({})).conversation?.id).toBe('c1');
    let read = 0;
    for await (const _ of client.watch({})) read++;
    expect(read).toBe(3);
  });

  it('must not handle a method of a service which is not served', async () => {
    @Controller()
    class NluRpc {
      @Rpc(NluService.method.analyze)
      async analyze() {
        return {};
      }
    }
    await expect(start(NluRpc)).rejects.toThrow(
      'Handled but not served: frontdesk.nlu.v1.NluService/Analyze',
    );
  });
});

function isRequest(value: unknown): value is GetConversationRequest {
  return typeof value === 'object' && value !== null && 'conversationId' in value;
}
