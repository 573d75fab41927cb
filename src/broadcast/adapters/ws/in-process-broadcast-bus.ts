import { Injectable } from '@nestjs/common';
import { BroadcastBus } from '../../ports/broadcast-bus.js';
import type { LegacyFrame } from '../../ports/legacy-frame.js';
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

  override publish(frames: readonly LegacyFrame[]): void {
    this.gateway.broadcast(frames);
  }
}
