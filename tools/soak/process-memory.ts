import { readdirSync, readFileSync } from 'node:fs';

/** In `/proc/PID/stat`, behind the name; the time in the kernel stands next to it. */
const USER_TIME = 11;
const TICKS_PER_S = 100;

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

/** Seconds of computing that a process took since its start. Linux only. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1])) / TICKS_PER_S;
}
