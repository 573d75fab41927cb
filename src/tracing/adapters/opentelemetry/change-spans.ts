import { Injectable, Logger } from '@nestjs/common';
import { type Attributes, ROOT_CONTEXT, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { ChangeFollower } from '../../../contracts/change-follower.js';
import type { Committed, IncidentsCommitted, ScoreCommitted } from '../../../contracts/committed-changes.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { ResolvedTracingOptions } from '../../tracing.options.js';

const NAME = '@goalgpt/livescore';

type Traced = ScoreCommitted | IncidentsCommitted;

/**
 * A trace of each change, made when its frames are sent, from the times that were taken on its way: `livescore.change` from the
 * receipt of the frame to the broadcast, in it `livescore.commit` up to the commit and `livescore.broadcast` after it. Nothing
 * happens on the way itself. The tracer is that of the host's OpenTelemetry SDK, asked for whenever there is a change: without an SDK
 * the spans are nothing.
 */
@Injectable()
export class ChangeSpans extends ChangeFollower {
  private readonly failures = new SampledWarning(new Logger(ChangeSpans.name), 'A change could not be traced');

  constructor(private readonly options: ResolvedTracingOptions) {
    super();
  }

  override told(changes: readonly Committed[], sentAtMs: number): void {
    try {
      const tracer = trace.getTracer(NAME);
      for (const change of changes) if (this.isTraced(change)) spansOf(tracer, change, sentAtMs);
    } catch (error) {
      this.failures.warn({ error: String(error) });
    }
  }

  private isTraced(change: Committed): change is Traced {
    if (change.kind === 'minute') return false;
    if (this.options.changes === 'all') return true;
    return change.kind === 'score' && change.events.some(({ type }) => type === 'goal' || type === 'goal-cancelled');
  }
}

function spansOf(tracer: Tracer, change: Traced, sentAtMs: number): void {
  // clocks of computers go back now and then, time in a trace does not
  const committedAtMs = Math.max(change.receivedAtMs, change.committedAtMs);
  const endMs = Math.max(committedAtMs, sentAtMs);
  const root = tracer.startSpan(
    'livescore.change',
    { kind: SpanKind.CONSUMER, startTime: change.receivedAtMs, root: true, attributes: attributesOf(change) },
    ROOT_CONTEXT,
  );
  const context = trace.setSpan(ROOT_CONTEXT, root);
  tracer.startSpan('livescore.commit', { startTime: change.receivedAtMs }, context).end(committedAtMs);
  const broadcast = { startTime: committedAtMs, kind: SpanKind.PRODUCER };
  tracer.startSpan('livescore.broadcast', broadcast, context).end(endMs);
  root.end(endMs);
}

function attributesOf(change: Traced): Attributes {
  const { kind, matchId } = change;
  const common = { 'livescore.kind': kind, 'livescore.match_id': matchId };
  if (change.kind === 'incidents') return { ...common, 'livescore.incidents': change.fresh.length };
  return {
    ...common,
    'livescore.epoch': change.epoch,
    'livescore.version': change.version,
    'livescore.source': change.source,
    'livescore.catch_up': change.catchUp,
    'livescore.events': change.events.map(({ type }) => type),
  };
}
