import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebServer } from './web-server.js';

/** What a controller throws goes the way of every other error. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly web: WebServer) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.web.answerProblem(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
