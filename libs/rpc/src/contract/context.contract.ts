/** A handler knows its caller’s context, and nothing else of its caller. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { currentContext, requireTenant, runInContext } from '@frontdesk/core';
import type { RequestContext } from '@frontdesk/core';
import type { Offering } from './wire.contract.js';

export function contextContract({ dialogue }: Offering): void {
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
      await runInContext({ requestId: 'other', tenantId: 'other' }, async () => {
        for await (const { event } of stream)
          expect(event).toMatchObject({ value: { text: caller.tenantId } });
      });
      expect.assertions(1);
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
}
