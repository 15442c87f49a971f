/** What every transport does. Run by the spec of each. */
import { contextContract } from './contract/context.contract.js';
import { errorsContract } from './contract/errors.contract.js';
import { lifecycleContract } from './contract/lifecycle.contract.js';
import { messagesContract } from './contract/messages.contract.js';
import { timeContract } from './contract/time.contract.js';
import { traceContract } from './contract/trace.contract.js';
import { offering } from './contract/wire.contract.js';
import type { Serve } from './contract/wire.contract.js';

export function rpcContract(serve: Serve): void {
  const wire = offering(serve);
  messagesContract(wire);
  timeContract(wire);
  errorsContract(wire);
  contextContract(wire);
  traceContract(wire);
  lifecycleContract(wire);
}
