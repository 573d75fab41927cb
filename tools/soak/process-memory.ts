import { readdirSync, readFileSync } from 'node:fs';

/** What the system says a process holds. */
export interface ProcessSize {
  readonly rssMb: number;
  /** open files and sockets */
  readonly fds: number;
}

/**
 * Resident set as it is, without asking for a collection first. Linux only.
 * @throws when the process is gone
 */
export function sizeOf(pid: number): ProcessSize {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { rssMb: Number(kilobytes) / 1024, fds: readdirSync(`/proc/${pid}/fd`).length };
}
