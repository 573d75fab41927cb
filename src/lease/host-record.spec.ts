import { describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { HostRecord } from './host-record.js';
import { resolveLeaseOptions } from './lease.options.js';
import { HostRows, type KnownHost } from './ports/host-rows.js';

class FakeRows extends HostRows {
  readonly keys = new Map<string, string>();
  writes = 0;
  fault: Error | null = null;

  override async write(host: string, key: string): Promise<void> {
    this.writes += 1;
    if (this.fault) throw this.fault;
    this.keys.set(host, key);
  }

  override async remove(host: string, key: string): Promise<void> {
    if (this.keys.get(host) === key) this.keys.delete(host);
  }

  override async list(): Promise<readonly KnownHost[]> {
    return [];
  }
}

function started() {
  const time = new VirtualTime();
  const rows = new FakeRows();
  const record = new HostRecord(resolveLeaseOptions({ holder: 'one' }), rows, new VirtualScheduler(time));
  return { time, rows, record };
}

describe('the row of a host', () => {
  it('is written at the start, every 2 s after it, and gone at the end', async () => {
    const { time, rows, record } = started();
    record.onApplicationBootstrap();
    await time.advance(0);
    expect(rows.keys.get('one')).toBe(record.value);
    await time.advance(10_000);
    expect(rows.writes).toBe(6);
    await record.onApplicationShutdown();
    expect([rows.keys.size, time.waiting]).toEqual([0, 0]);
  });

  it('waits for a database that is away, and comes when it is back', async () => {
    const { time, rows, record } = started();
    rows.fault = new Error('away');
    record.onApplicationBootstrap();
    await time.advance(4_000);
    expect(rows.keys.size).toBe(0);
    rows.fault = null;
    await time.advance(2_000);
    expect(rows.keys.get('one')).toBe(record.value);
    await record.onApplicationShutdown();
  });

  it('of another process of the same name stays when this one ends; one that never started leaves nothing', async () => {
    const { time, rows, record } = started();
    record.onApplicationBootstrap();
    await time.advance(0);
    rows.keys.set('one', 'another');
    await record.onApplicationShutdown();
    await record.onApplicationShutdown();
    expect(rows.keys.get('one')).toBe('another');
    const never = started();
    await never.record.onApplicationShutdown();
    expect(never.time.waiting).toBe(0);
  });
});
