/** The pages: chat and agent desk, of services/web. What they call is the public interface, like anybody. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Param, Req, Res, type OnModuleInit } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayConfig } from '../../config.js';
import { Files } from '../files.js';

const webFolder = fileURLToPath(new URL('../../../../web/', import.meta.url));
const demoKeys = z.object({ channel: z.string(), agent: z.string() });

@Controller()
export class PageController implements OnModuleInit {
  private files!: Files;

  constructor(private readonly config: GatewayConfig) {}

  async onModuleInit(): Promise<void> {
    const folder = this.config.WEB_DIR ?? webFolder;
    this.files = await Files.read([`${folder}/public`, `${folder}/dist`], (name) => !name.endsWith('.d.ts'));
  }

  @Get('/')
  chat(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.files.send('index.html', request, reply);
  }

  @Get('/agent')
  desk(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.files.send('agent.html', request, reply);
  }

  /** Read anew each time: the demo writes the file once its tenant is there. */
  @Get('/web/config.json')
  async demo(): Promise<object> {
    const { DEMO_KEYS_FILE: file, DEMO_BOT: bot } = this.config;
    const text = file && (await readFile(file, 'utf8').catch(() => undefined));
    if (!text) throw new AppError('not_found', 'This is no demo: the pages ask for a key.');
    const { channel, agent } = demoKeys.parse(JSON.parse(text));
    return { channelKey: channel, agentKey: agent, bot, showUnderstanding: true };
  }

  @Get('/web/:name')
  file(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.files.send(name, request, reply);
  }
}
