/** The document of this interface, and a page to read and try it. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Controller, Get, Param, Req, Res, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Files } from '../files.js';
import type { WebServer } from '../web-server.js';
import { openApiDocument } from './document.js';

const version = '0.1.0';
const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Frontdesk API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <main id="docs"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;

@Controller()
export class OpenApiController implements OnModuleInit {
  private files!: Files;
  private document: string | undefined;

  constructor(private readonly host: HttpAdapterHost<WebServer>) {}

  async onModuleInit(): Promise<void> {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    this.files = await Files.read([folder], (name) => assets.includes(name));
  }

  @Get('/openapi.json')
  openApi(@Res() reply: FastifyReply): void {
    this.document ??= JSON.stringify(openApiDocument(this.host.httpAdapter.routes, version));
    reply.header('content-type', 'application/json').send(this.document);
  }

  @Get('/docs')
  docs(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'text/html; charset=utf-8').send(page);
  }

  @Get('/docs/start.js')
  start(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'text/javascript; charset=utf-8').send(start);
  }

  @Get('/docs/:name')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.files.send(name, request, reply);
  }
}
