/**
 * How a Nest controller offers a contract's method, and how a provider asks for a client of one.
 *
 *     @Controller()
 *     export class NluRpc {
 *       @Rpc(NluService.method.analyze)
 *       async analyze(request: AnalyzeRequest, call: CallContext) { … }
 *     }
 */
import { Catch, Inject, UseFilters } from '@nestjs/common';
import type { ExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { AppError, toAppError } from '@frontdesk/core';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Handler } from './method-table.js';

/**
 * Offers the decorated method. Its types are checked against the contract: `(request, call)`, a promise of the
 * response for a unary method, an async iterable (write an async generator) for a server stream.
 */
export function Rpc<M extends DescMethod>(method: M) {
  return <H extends Handler<M>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    MessagePattern(routeOf(method))(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    translateErrorsOf(target.constructor);
  };
}

/** Asks for the client of a service: `@InjectRpc(NluService) private readonly nlu: RpcClient<typeof NluService>`. */
export function InjectRpc(service: DescService): ParameterDecorator & PropertyDecorator {
  return Inject(rpcClientToken(service));
}

/** The injection token under which the client of a service is provided. */
export function rpcClientToken(service: DescService): symbol {
  return Symbol.for(`rpc-client:${service.typeName}`);
}

/** The pattern under which Nest keeps the handler of a method. */
export function routeOf(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/** What a guard that returns false makes Nest throw. */
const REFUSED_BY_GUARD = 'Forbidden resource';

/** Lets AppErrors pass, which Nest's own filter would turn into an internal error. */
@Catch()
class RpcErrorFilter implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    const refused = thrown instanceof RpcException && thrown.message === REFUSED_BY_GUARD;
    const error = refused
      ? new AppError('permission_denied', 'This caller may not call this method.')
      : toAppError(thrown);
    return throwError(() => error);
  }
}

const translated = new WeakSet<object>();

/** On the class, as the first of its filters: Nest asks it last, after any the controller brings itself. */
function translateErrorsOf(controller: Parameters<ClassDecorator>[0]): void {
  if (translated.has(controller)) return;
  translated.add(controller);
  UseFilters(new RpcErrorFilter())(controller);
}
