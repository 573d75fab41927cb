import { within } from '../../kernel/deadline.js';
import { printable } from '../../kernel/printable.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { sqlState } from '../../postgres/sql-state.js';
import { type Check, type CheckReport, type Finding, fault, SkippedCheck } from './finding.js';

const LONGEST_CHECK_MS = 15_000;

/** Runs all checks side by side: one that fails or hangs hides no other. */
export function runChecks(checks: readonly Check[], longestMs = LONGEST_CHECK_MS): Promise<readonly CheckReport[]> {
  return Promise.all(checks.map((check) => runCheck(check, longestMs)));
}

async function runCheck({ name, look }: Check, longestMs: number): Promise<CheckReport> {
  try {
    const looked = await within(look(), longestMs, REAL_TIME);
    if (!looked) return { name, findings: [late(longestMs)], skipped: null, seen: null };
    const { findings, seen } = looked;
    return { name, findings, skipped: null, seen: findings.length === 0 ? seen : null };
  } catch (error) {
    if (error instanceof SkippedCheck) return { name, findings: [], skipped: error.message, seen: null };
    const code = sqlState(error);
    const what = `it failed: ${code === null ? '' : `${code}, `}${printable(reasonOf(error))}`;
    const failed = fault('LIVESCORE_CHECK_FAILED', what, 'correct what it says, and run doctor again');
    return { name, findings: [failed], skipped: null, seen: null };
  }
}

function late(longestMs: number): Finding {
  return fault('LIVESCORE_CHECK_LATE', `no answer within ${longestMs / 1000} s`, 'see whether its service hangs');
}
