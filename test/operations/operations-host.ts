import type { AddressInfo } from 'node:net';
import type { CanActivate, DynamicModule, ExecutionContext, INestApplication, Type } from '@nestjs/common';
import { Global, Injectable, Module, UnauthorizedException, VersioningType } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LiveScoreModule } from '../../src/live-score.module.js';
import type { LiveScoreExtras, LiveScoreOptions } from '../../src/live-score.options.js';
import type { OperationsFacts } from '../../src/operations/facts.js';
import { LegacyFeedHandler } from '../../src/rollout/index.js';

export const SECRET = 'offside since 1863';
export const SESSION = { 'x-internal-secret': SECRET };

/** Lets in who says a name, and nobody else. */
@Injectable()
export class NameGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    const name = request.headers['x-name'];
    if (name === undefined) throw new UnauthorizedException();
    request.user = { email: name };
    return name !== 'nobody';
  }
}

@Global()
@Module({
  providers: [{ provide: LegacyFeedHandler, useValue: { handle: async () => undefined } }],
  exports: [LegacyFeedHandler],
})
class LegacyModule {}

export interface HostOptions {
  readonly databaseUrl: string;
  readonly platform?: 'express' | 'fastify';
  readonly prefix?: string;
  readonly guard?: Type<CanActivate>;
  readonly secret?: string;
  /** URI versions, 1 by default */
  readonly versions?: boolean;
  /** modules of the host */
  readonly imports?: readonly DynamicModule[];
  readonly more?: LiveScoreOptions & LiveScoreExtras;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A host with the whole package and no broker, and a client that keeps its cookies. */
export class OperationsHost {
  private cookies = new Map<string, string>();

  private constructor(
    readonly app: INestApplication,
    readonly url: string,
    readonly page: string,
  ) {}

  static async start(options: HostOptions): Promise<OperationsHost> {
    const { databaseUrl, platform = 'express', prefix, guard, secret, imports = [], more = {} } = options;
    const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
    const live = LiveScoreModule.forRoot({
      postgres: { connection: databaseUrl },
      operations: { guard, secret },
      ...more,
    });
    const building = Test.createTestingModule({
      imports: [...imports, ...(more.withRollout ? [LegacyModule] : []), live],
    });
    const app = (await building.compile()).createNestApplication(adapter as ExpressAdapter, {
      logger: false,
      forceCloseConnections: true,
    });
    if (prefix) app.setGlobalPrefix(prefix);
    if (options.versions) app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return new OperationsHost(app, url, `${url}${prefix ? `/${prefix}` : ''}/livescore`);
  }

  /** A client of the same host that has no cookies. */
  get stranger(): OperationsHost {
    return new OperationsHost(this.app, this.url, this.page);
  }

  async ask(
    path: string,
    { headers = {}, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const address = path.startsWith('http') ? path : `${this.page}${path}`;
    const response = await fetch(address, {
      redirect: 'manual',
      ...init,
      headers: { connection: 'close', ...(cookie && { cookie }), ...headers },
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      this.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const reply: Reply = { status: response.status, headers: response.headers, text: await response.text() };
    return reply;
  }

  async facts(headers: Record<string, string> = SESSION, since = ''): Promise<OperationsFacts> {
    const { status, text } = await this.ask(`/facts${since}`, { headers });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return JSON.parse(text) as OperationsFacts;
  }

  /** A POST as the page makes it; `headers` in addition, null leaves one out. */
  async post(name: string, body: unknown, headers: Record<string, string | null> = {}) {
    const session = 'x-name' in headers ? {} : SESSION;
    const { token } = await this.facts('x-name' in headers ? { 'x-name': String(headers['x-name']) } : SESSION);
    const all = {
      'content-type': 'application/json',
      origin: this.url,
      'x-livescore-token': token,
      ...session,
      ...headers,
    };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Record<
      string,
      string
    >;
    const { status, text } = await this.ask(`/actions/${name}`, {
      method: 'POST',
      headers: given,
      body: JSON.stringify(body),
    });
    return { status, body: JSON.parse(text) };
  }

  /** What the preview comes to, agreed to. */
  async act(name: string, body: Record<string, unknown>) {
    const preview = await this.post(`${name}?preview`, body);
    if (preview.status !== 200) return { preview, done: preview };
    return { preview, done: await this.post(name, { ...body, expected: preview.body.expected }) };
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
