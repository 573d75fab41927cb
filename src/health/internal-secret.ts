import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, Optional } from '@nestjs/common';
import { HostKey } from '../contracts/host-key.js';
import { ResolvedHealthOptions } from './health.options.js';

/**
 * The internal secret opens the routes that tell more than whether the process runs: the value of the option
 * `health.internalSecret`, or the key that this process keeps in `livescore_host`. Compared in the same time whatever was
 * shown. Without either nothing opens them.
 */
@Injectable()
export class InternalSecret {
  private readonly digests: readonly Buffer[];

  constructor({ internalSecret }: ResolvedHealthOptions, @Optional() key?: HostKey) {
    this.digests = [internalSecret, key?.value].flatMap((secret) => (secret ? [digestOf(secret)] : []));
  }

  /** @param shown value of the header `X-Internal-Secret` */
  opensFor(shown: unknown): boolean {
    if (typeof shown !== 'string') return false;
    const digest = digestOf(shown);
    return this.digests.filter((one) => timingSafeEqual(one, digest)).length > 0;
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
