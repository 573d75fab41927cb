import { Injectable } from '@nestjs/common';
import { BroadcastBus } from '../../ports/broadcast-bus.js';
import type { ClientFrame } from '../../ports/client-frame.js';
import { BroadcastGateway } from './broadcast.gateway.js';

/** One instance: frames go straight to the clients of this process. */
@Injectable()
export class InProcessBroadcastBus extends BroadcastBus {
  constructor(private readonly gateway: BroadcastGateway) {
    super();
  }

  override get hasListeners(): boolean {
    return this.gateway.hasClients;
  }

  override publish(frames: readonly ClientFrame[]): void {
    this.gateway.broadcast(frames);
  }
}
