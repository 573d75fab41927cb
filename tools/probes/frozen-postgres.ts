import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';

/** A PostgreSQL server that can be stopped in mid-air, as a machine is that hangs: nothing is refused, and nothing is answered. */
export class FrozenPostgres {
  private stopped: readonly number[] = [];

  private constructor(private readonly postmaster: number) {}

  /** @param url of a server of our own, as its superuser */
  static async of(url: string): Promise<FrozenPostgres> {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    await client.connect();
    try {
      const { rows } = await client.query<{ text: string }>(`SELECT pg_read_file('postmaster.pid') AS text`);
      return new FrozenPostgres(Number(rows[0]?.text.split('\n')[0]));
    } finally {
      await client.end();
    }
  }

  /** The postmaster first: what it would start meanwhile is none. */
  freeze(): void {
    process.kill(this.postmaster, 'SIGSTOP');
    const backends = childrenOf(this.postmaster);
    for (const pid of backends) process.kill(pid, 'SIGSTOP');
    this.stopped = [...backends, this.postmaster];
  }

  thaw(): void {
    for (const pid of this.stopped) process.kill(pid, 'SIGCONT');
    this.stopped = [];
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** null: the process has ended meanwhile. */
function parentOf(pid: number): number | null {
  try {
    const [, behindName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    return Number(behindName.split(' ')[1]);
  } catch {
    return null;
  }
}
