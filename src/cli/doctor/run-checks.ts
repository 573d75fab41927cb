import { printable } from '../../kernel/printable.js';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { sqlState } from '../../postgres/sql-state.js';
import { type Check, type CheckReport, fault, type Looked, SkippedCheck } from './finding.js';

const LONGEST_CHECK_MS = 15_000;

/** Runs all checks side by side: one that fails or hangs hides no other. */
export function runChecks(checks: readonly Check[], longestMs = LONGEST_CHECK_MS): Promise<readonly CheckReport[]> {
  return Promise.all(checks.map((check) => runCheck(check, longestMs)));
}

async function runCheck({ name, look }: Check, longestMs: number): Promise<CheckReport> {
  try {
    const { findings, seen } = await within(look(), longestMs);
    return { name, findings, skipped: null, seen: findings.length === 0 ? seen : null };
  } catch (error) {
    if (error instanceof SkippedCheck) return { name, findings: [], skipped: error.message, seen: null };
    if (error instanceof LateCheck) {
      const late = fault(
        'LIVESCORE_CHECK_LATE',
        `no answer within ${longestMs / 1000} s`,
        'see whether its service hangs',
      );
      return { name, findings: [late], skipped: null, seen: null };
    }
    const code = sqlState(error);
    const what = `it failed: ${code === null ? '' : `${code}, `}${printable(reasonOf(error))}`;
    const failed = fault('LIVESCORE_CHECK_FAILED', what, 'correct what it says, and run doctor again');
    return { name, findings: [failed], skipped: null, seen: null };
  }
}

class LateCheck extends Error {}

async function within(looking: Promise<Looked>, longestMs: number): Promise<Looked> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateCheck()), longestMs);
  });
  try {
    return await Promise.race([looking, late]);
  } finally {
    clearTimeout(timer);
  }
}
