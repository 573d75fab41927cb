import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Headers, NotFoundException, Param, Req } from '@nestjs/common';
import type { Explanation, MatchFacts } from '../contracts/health-facts.js';
import { CollectedProbes } from './collected-probes.js';
import { ResolvedHealthOptions } from './health.options.js';

const NOTHING_KNOWN: Required<MatchFacts> = { disputed: false, feed: null, decisions: [] };

/** What Express and Fastify requests have in common here. */
interface SocketRequest {
  readonly socket: { readonly remoteAddress?: string | undefined };
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** Set by every proxy: behind one on the same machine, the whole world comes from loopback. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Why each of the last 50 frames of a match was applied or not. Answers callers on this machine, and callers with the
 * internal secret; everybody else gets 404, as if it were not there.
 */
@Controller('livescore/explain')
export class ExplainController {
  constructor(
    private readonly probes: CollectedProbes,
    private readonly options: ResolvedHealthOptions,
  ) {}

  @Get(':matchId')
  @Header('cache-control', 'no-store')
  explain(
    @Param('matchId') matchId: string,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Req() request: SocketRequest,
  ): Explanation {
    if (!isLocal(request, headers) && !this.knowsSecret(headers['x-internal-secret'])) throw new NotFoundException();
    return { matchId, ...NOTHING_KNOWN, ...this.probes.match(matchId) };
  }

  private knowsSecret(given: string | undefined): boolean {
    const secret = this.options.internalSecret;
    if (!secret || given === undefined) return false;
    const [a, b] = [Buffer.from(secret), Buffer.from(given)];
    return a.length === b.length && timingSafeEqual(a, b);
  }
}

function isLocal({ socket }: SocketRequest, headers: Readonly<Record<string, string | undefined>>): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined);
}
