import { type Link, TcpProxy } from './tcp-proxy.js';

/** Names of the writer's prepared statements, as they travel. */
const WRITE = Buffer.from('livescore_write');

/** When a connection breaks in the middle of a write. */
export type CutMoment =
  /** half of the statement has left the host: the server never runs it */
  | 'before-arrival'
  /** the server runs and commits it, the answer never comes */
  | 'before-answer';

/** Between the host and PostgreSQL: slow, gone, or cut in the middle of a write. */
export class PostgresProxy extends TcpProxy {
  /** every statement takes this much longer, ms */
  delayMs = 0;
  private cutAt: CutMoment | null = null;
  private readonly arrivals = new WeakMap<Link, Promise<void>>();
  private cuts = 0;

  /** writes cut so far */
  get cutWrites(): number {
    return this.cuts;
  }

  /** Breaks the connection of the next write, once. */
  cutNextWrite(moment: CutMoment): void {
    this.cutAt = moment;
  }

  protected override fromClient(link: Link, chunk: Buffer): void {
    if (this.cutAt && chunk.includes(WRITE)) this.cutInMidStatement(link, chunk, this.cutAt);
    else if (this.delayMs === 0 && !this.arrivals.has(link)) super.fromClient(link, chunk);
    else this.forwardLate(link, chunk);
  }

  private cutInMidStatement(link: Link, chunk: Buffer, moment: CutMoment): void {
    this.cutAt = null;
    this.cuts += 1;
    link.client.destroy();
    // frozen: the server is not told at once, so that a whole statement is run and committed
    link.frozen = true;
    if (moment === 'before-arrival') link.server.destroy();
    else link.server.end(chunk);
  }

  /** Chunks of one connection keep their order, also after the delay was taken away. */
  private forwardLate(link: Link, chunk: Buffer): void {
    const { delayMs } = this;
    const before = this.arrivals.get(link) ?? Promise.resolve();
    const elapsed = new Promise<void>((resolve) => setTimeout(resolve, delayMs).unref());
    const arrival = Promise.all([before, elapsed]).then(() => {
      if (!link.server.destroyed) link.server.write(chunk);
      if (this.arrivals.get(link) === arrival) this.arrivals.delete(link);
    });
    this.arrivals.set(link, arrival);
  }
}
