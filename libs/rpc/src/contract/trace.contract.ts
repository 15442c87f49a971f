/** One trace over every call, where a propagator is at work; a new one at the edge. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, context, propagation, trace } from '@opentelemetry/api';
import type { Context, ContextManager, TextMapPropagator } from '@opentelemetry/api';
import type { Offering } from './wire.contract.js';

const spanContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
};

export function traceContract({ dialogue }: Offering): void {
  describe('traces', () => {
    beforeAll(() => {
      context.setGlobalContextManager(asyncContexts());
      propagation.setGlobalPropagator(traceparent);
    });
    afterAll(() => {
      context.disable();
      propagation.disable();
    });

    const traced = <T>(work: () => T): T =>
      context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), work);
    const seenBy = () => trace.getActiveSpan()?.spanContext().traceId;

    it('go on at every step of the callee', async () => {
      const seen: unknown[] = [];
      const { getConversation, watch } = await dialogue({
        getConversation: async (_, { metadata }) => {
          seen.push(metadata.get('traceparent'));
          await null;
          seen.push(seenBy());
          return {};
        },
        async *watch() {
          seen.push(seenBy());
          yield {};
          seen.push(seenBy());
        },
      });
      await traced(() => getConversation({}));
      for await (const _ of traced(() => watch({})));
      const { traceId, spanId } = spanContext;
      expect(seen).toEqual([`00-${traceId}-${spanId}-01`, traceId, traceId, traceId]);
    });

    it('start anew at the edge', async () => {
      const seen: unknown[] = [];
      const { getConversation } = await dialogue(
        {
          getConversation: async () => {
            seen.push(seenBy());
            return {};
          },
        },
        { trust: 'edge' },
      );
      await traced(() => getConversation({}));
      expect(seen).toEqual([undefined]);
    });
  });
}

/** W3C trace context, level 1. */
const traceparent: TextMapPropagator = {
  inject(from, carrier, setter) {
    const span = trace.getSpanContext(from);
    if (span) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
  },
  extract(into, carrier, getter) {
    const [, traceId, spanId, flags] = String(getter.get(carrier, 'traceparent') ?? '').split('-');
    if (!traceId || !spanId) return into;
    return trace.setSpanContext(into, { traceId, spanId, traceFlags: Number(flags), isRemote: true });
  },
  fields: () => ['traceparent'],
};

function asyncContexts(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  return {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.apply(self as never, args)),
    bind: (active, target) =>
      typeof target === 'function'
        ? (((...args: unknown[]) => storage.run(active, () => target(...args))) as never)
        : target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  };
}
