/**
 * Watches that outlive their connections. Pods come and go, and gRPC ends every connection after a while; a watch is
 * then taken up after the last message seen, so that whoever reads here sees each message once and in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { codeOf, systemClock } from '@frontdesk/core';
import { DialogueService, type WatchResponse } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { HandoffService, type WatchAgentResponse } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';

export type WatchEvent = Exclude<WatchResponse['event'], { case: undefined }>;

const watchMs = 60 * 60_000;
/** Between two attempts; doubled with each that fails. */
const firstPauseMs = 100;
const attempts = 7;
/** A stream that stood so long was well: connections end of age, however little is said on them. */
const soundMs = 10_000;
const passing = new Set(['unavailable', 'deadline_exceeded', 'cancelled', 'aborted', 'unknown']);

@Injectable()
export class Follow {
  constructor(
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
    @InjectRpc(HandoffService) private readonly handoff: RpcClient<typeof HandoffService>,
  ) {}

  /**
   * Everything in a conversation after `afterSeq`, until it is closed or `signal` aborts. Throws `not_found`, or
   * `unavailable` when the dialogue service stays away.
   */
  async *conversation(
    conversationId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent, void> {
    let seq = BigInt(afterSeq);
    let ticket = '';
    const open = () => this.dialogue.watch({ conversationId, afterSeq: seq }, { timeoutMs: watchMs, signal });
    for await (const { event } of again(open, signal)) {
      if (event.case === undefined) continue;
      if (event.case === 'message') seq = event.value.seq;
      if (event.case === 'handoff') {
        const { id, state, position, agentName } = event.value;
        const now = [id, state, position, agentName].join('/');
        if (now === ticket) continue;
        ticket = now;
      }
      yield event;
      if (event.case === 'closed') return;
    }
  }

  /** What the calling agent's desk must show, until `signal` aborts. */
  desk(signal: AbortSignal): AsyncGenerator<WatchAgentResponse, void> {
    return again(() => this.handoff.watchAgent({}, { timeoutMs: watchMs, signal }), signal);
  }
}

/** Opens a stream again whenever it ends or breaks off for a reason that passes. */
async function* again<T>(open: () => AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const openedAt = systemClock.now();
    const stood = () => systemClock.now() - openedAt > soundMs;
    try {
      for await (const item of open()) {
        failures = 0;
        yield item;
      }
      if (stood()) failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (stood()) failures = 0;
      if (!passing.has(codeOf(error)) || failures >= attempts) throw error;
    }
    await sleep(firstPauseMs * 2 ** failures, undefined, { signal }).catch(() => undefined);
  }
}
