import { type Check, fault, type Looked, warning } from './finding.js';
import type { LentConnections } from './lent-connections.js';

const WARN_MS = 1_000;
const FAULT_MS = 60_000;
/** The quickest answer tells most. */
const LOOKS = 5;

const CLOCK = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now';

/** By how much the clocks of this machine and of the database differ. */
export function clockCheck(connections: LentConnections): Check {
  return {
    name: 'clocks',
    look: async () => {
      await connections.rows(CLOCK);
      let best = { roundTripMs: Number.POSITIVE_INFINITY, aheadMs: 0 };
      for (let n = 0; n < LOOKS; n++) {
        const [sentMs, startMs] = [Date.now(), performance.now()];
        const rows = await connections.rows<{ now: number }>(CLOCK);
        const roundTripMs = performance.now() - startMs;
        const aheadMs = Number(rows[0]?.now) - (sentMs + roundTripMs / 2);
        if (roundTripMs < best.roundTripMs) best = { roundTripMs, aheadMs };
      }
      return judge(best.aheadMs);
    },
  };
}

function judge(aheadMs: number): Looked {
  const offMs = Math.abs(aheadMs);
  const what = `the database's clock is ${text(offMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const todo = 'let both follow a time server (chrony, systemd-timesyncd)';
  if (offMs > FAULT_MS) return { findings: [fault('LIVESCORE_CLOCK_SKEW', what, todo)], seen: what };
  if (offMs > WARN_MS) return { findings: [warning('LIVESCORE_CLOCK_SKEW', what, todo)], seen: what };
  return { findings: [], seen: what };
}

function text(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
