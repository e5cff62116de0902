import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** The web frameworks that Nest runs on. */
export const PLATFORMS = ['express', 'fastify'] as const;
/** One of them. */
export type Platform = (typeof PLATFORMS)[number];

/** An application as `nest new` makes it, without a log. */
export async function create(platform: Platform, module: Type): Promise<INestApplication> {
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  return NestFactory.create(module, adapter, { logger: false });
}
