import { setMaxListeners } from 'node:events';
import type { Logger } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock.js';
import { unlessAborted, withDeadline } from '../../../kernel/deadline.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { ClientAuthenticator, ClientIdentity, UpgradeFacts } from '../../ports/client-authenticator.js';

const LONGEST_TOKEN_BYTES = 4_096;
/** So many are asked for at once, and so many more wait for their turn. */
const MOST_IN_FLIGHT = 100;
const MOST_WAITING = 1_000;
const LONGEST_CODE = 64;

/** Why there is no identity: it is none of ours, or the authenticator has too much to do, or does not answer, or the client is gone. */
export type AuthRefusal = 'unauthorized' | 'busy' | 'late' | 'gone';
export type AuthResult =
  | { readonly identity: ClientIdentity; readonly refusal?: undefined }
  | { readonly refusal: AuthRefusal };

/** A reason to stop, told from what an authenticator throws. */
class Stopped {
  constructor(readonly refusal: 'late' | 'gone') {}
}

/** Asks the authenticator of the host, with a bound on everything: tokens, time, and how many at once. */
export class ClientAuthentication {
  private readonly failures: SampledWarning;
  private readonly delays: SampledWarning;
  private readonly closing = new AbortController();
  private readonly waiting = new Set<() => void>();
  private inFlight = 0;

  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    logger: Logger,
  ) {
    setMaxListeners(0, this.closing.signal);
    this.failures = new SampledWarning(logger, 'The authenticator of WebSocket clients failed');
    this.delays = new SampledWarning(logger, 'The authenticator of WebSocket clients is too slow');
  }

  /** @param gone aborted when nobody waits for the answer any longer */
  async identify(token: string, facts: UpgradeFacts, gone: AbortSignal): Promise<AuthResult> {
    if (Buffer.byteLength(token) > LONGEST_TOKEN_BYTES) return { refusal: 'unauthorized' };
    if (this.waiting.size >= MOST_WAITING) return this.tooSlow('busy');
    const signals = [gone, this.closing.signal];
    const late = () => new Stopped('late');
    try {
      return await withDeadline({ waitMs: this.timeoutMs, scheduler: this.scheduler, late, signals }, (signal) =>
        this.inTurn(signal, () => this.authenticator.authenticate(token, facts)),
      );
    } catch (error) {
      if (error instanceof Stopped) return error.refusal === 'late' ? this.tooSlow('late') : { refusal: 'gone' };
      return gone.aborted || this.closing.signal.aborted ? { refusal: 'gone' } : this.failed(error);
    }
  }

  /** Nobody is waited for any longer. */
  close(): void {
    this.closing.abort(new Stopped('gone'));
  }

  private async inTurn(signal: AbortSignal, ask: () => Promise<unknown>): Promise<AuthResult> {
    if (this.inFlight >= MOST_IN_FLIGHT) await this.turn(signal);
    else this.inFlight += 1;
    try {
      signal.throwIfAborted();
      return this.read(await unlessAborted(Promise.resolve(ask()), signal));
    } finally {
      this.passOn();
    }
  }

  /** Waits until somebody else's turn is over, and takes it over. */
  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.waiting.delete(begin);
        reject(signal.reason);
      };
      this.waiting.add(begin);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  private passOn(): void {
    const [next] = this.waiting;
    if (!next) {
      this.inFlight -= 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }

  private read(answer: unknown): AuthResult {
    if (answer === null || answer === undefined) return { refusal: 'unauthorized' };
    if (!isIdentity(answer)) return this.failed(new TypeError('not an identity'));
    const isOver = answer.expiresAtMs !== null && answer.expiresAtMs <= this.clock.nowMs();
    return isOver ? { refusal: 'unauthorized' } : { identity: answer };
  }

  private tooSlow(refusal: 'busy' | 'late'): AuthResult {
    this.delays.warn({
      reason: refusal,
      timeoutMs: this.timeoutMs,
      inFlight: this.inFlight,
      waiting: this.waiting.size,
    });
    return { refusal };
  }

  /** The text of the error may hold the token. */
  private failed(error: unknown): AuthResult {
    const { code } = (error ?? {}) as { readonly code?: unknown };
    this.failures.warn({
      error: error instanceof Error ? error.constructor.name : typeof error,
      ...(typeof code === 'string' && { code: code.slice(0, LONGEST_CODE) }),
    });
    return { refusal: 'unauthorized' };
  }
}

/** An expiry that is no number would never come. */
function isIdentity(answer: unknown): answer is ClientIdentity {
  if (typeof answer !== 'object' || answer === null) return false;
  const { subject, claims, expiresAtMs } = answer as Partial<Record<keyof ClientIdentity, unknown>>;
  return (
    (subject === null || typeof subject === 'string') &&
    typeof claims === 'object' &&
    claims !== null &&
    (expiresAtMs === null || Number.isFinite(expiresAtMs))
  );
}
