import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ANONYMOUS, type ClientIdentity, type UpgradeFacts } from '../../ports/client-authenticator.js';
import type { AuthRefusal, ClientAuthentication } from './client-authentication.js';
import { tokenOf } from './upgrade-token.js';

/** A client that asks for an upgrade and has a place. */
export interface Visitor {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly facts: UpgradeFacts;
}

export interface Admission {
  admitted(identity: ClientIdentity): void;
  refused(refusal: Exclude<AuthRefusal, 'gone'>): void;
}

/**
 * Decides who is upgraded. While the authenticator is asked nobody reads from the socket: what comes early waits in its buffer,
 * at most its high-water mark, until the WebSocket library reads on. One that ends meanwhile is let go of at once.
 */
export class ClientAdmission {
  /** @param authentication null: the host has no authenticator, everybody is anonymous */
  constructor(
    private readonly authentication: ClientAuthentication | null,
    private readonly anonymous: boolean,
  ) {}

  /** Answers at once where nobody is asked. */
  decide(visitor: Visitor, admission: Admission): void {
    const token = this.authentication && tokenOf(visitor.request);
    if (this.authentication && token) void this.ask(this.authentication, token, visitor, admission);
    else if (this.authentication && !this.anonymous) admission.refused('unauthorized');
    else admission.admitted(ANONYMOUS);
  }

  private async ask(
    authentication: ClientAuthentication,
    token: string,
    { socket, facts }: Visitor,
    admission: Admission,
  ): Promise<void> {
    const gone = new AbortController();
    const leave = () => socket.destroy();
    const left = () => gone.abort();
    socket.on('error', leave).once('end', leave).once('close', left);
    const result = await authentication.identify(token, facts, gone.signal);
    socket.off('error', leave).off('end', leave).off('close', left);
    if (socket.destroyed) return;
    if (result.refusal === undefined) admission.admitted(result.identity);
    else if (result.refusal === 'gone') socket.destroy();
    else admission.refused(result.refusal);
  }
}
