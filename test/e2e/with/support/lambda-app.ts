// Answers one request as AWS Lambda would, and prints the answer as JSON: lambda-app.ts <express|fastify> <trust|distrust>
import awsLambdaFastify from '@fastify/aws-lambda';
import serverlessExpress from '@codegenie/serverless-express';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Session, SessionModule } from 'nestjs-sessions';
import { exportOf } from '../../../support/documents.js';
import { SECRET } from '../../../support/secrets.js';

type Handler = (event: object, context: object) => Promise<object>;

const [platform, trust] = process.argv.slice(2);

@Controller()
class LoginController {
  @Get('login')
  login(
    @Session() session: Session<{ user: string }>,
    @Res({ passthrough: true }) response: { header(name: string, value: string): unknown },
  ): string {
    session.set('user', 'ada');
    response.header('Set-Cookie', 'theirs=1');
    return 'in';
  }
}

@Module({ imports: [SessionModule.forRoot(SECRET)], controllers: [LoginController] })
class AppModule {}

async function createHandler(): Promise<Handler> {
  if (platform === 'express') {
    const app = await NestFactory.create(AppModule, { logger: false });
    await app.init();
    // Its types are those of its default export, which is the module itself.
    const create = serverlessExpress as unknown as (options: object) => Handler;
    return create({ app: app.getHttpAdapter().getInstance() });
  }
  const trusting = await exportOf<() => FastifyAdapter>('docs/around.md', 'lambdaAdapter');
  const adapter = trust === 'trust' ? trusting() : new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: false });
  await app.init();
  return awsLambdaFastify(app.getHttpAdapter().getInstance() as never);
}

/** An event of an HTTP API, payload version 2.0. */
const event = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/login',
  rawQueryString: '',
  cookies: [],
  headers: { host: 'example.org', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' },
  requestContext: { http: { method: 'GET', path: '/login', sourceIp: '203.0.113.7', protocol: 'HTTP/1.1' } },
  isBase64Encoded: false,
};

const handler = await createHandler();
process.stdout.write(`${JSON.stringify(await handler(event, {}))}\n`);
process.exit();
