import { NOTHING_DONE } from '../../src/domain/sync/run-facts.js';
import type { JobRun } from '../../src/sync/job-run.js';

/** A run of a job as the worker would hand it out. */
export function jobRun(facts: Partial<JobRun> = {}): JobRun {
  return {
    job: 'job',
    kind: 'incremental',
    runId: '00000000-0000-4000-8000-000000000000',
    startedAtMs: 1_768_662_000_000,
    watermark: null,
    lastCompleteAtMs: null,
    page: 1,
    newest: null,
    isDiff: false,
    acceptsDeletions: false,
    signal: new AbortController().signal,
    counts: { ...NOTHING_DONE },
    ...facts,
  };
}
