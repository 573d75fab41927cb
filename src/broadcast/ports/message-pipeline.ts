import type { LiveClient } from './live-client.js';
import type { ClientMessage, ErrorCode } from './match-frames.js';

/** A message was refused on its way, with what its sender is told. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The way of a message of protocol 2 through the host's guards, pipes, interceptors and filters. Port and injection token in one. */
export abstract class MessagePipeline {
  /** Nothing of the host is to run: messages go straight to their handler. */
  abstract readonly isPassedBy: boolean;

  /**
   * @param handle what is done with the message when nobody refuses it
   * @throws MessageRefused
   */
  abstract run(client: LiveClient, message: ClientMessage, handle: (message: ClientMessage) => unknown): Promise<void>;
}
