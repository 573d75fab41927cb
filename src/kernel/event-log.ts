import { Injectable, type Logger, Optional } from '@nestjs/common';
import { Clock } from './clock.js';
import { ResolvedLogsOptions, resolveLogsOptions } from './logs.options.js';
import { type EventFields, jsonLine, StructuredEvent, textLine } from './structured-event.js';

const METHOD_OF = { debug: 'debug', info: 'log', warn: 'warn', error: 'error' } as const;

/** Gives the structured events of the package to their loggers, each in one line, as the option `logs` says. */
@Injectable()
export class EventLog {
  constructor(
    private readonly clock: Clock,
    @Optional() private readonly options: ResolvedLogsOptions = resolveLogsOptions(),
  ) {}

  /** Logs the event at its level. */
  write(logger: Logger, event: string, fields: EventFields = {}): void {
    const built = new StructuredEvent(this.options.service, event, fields, this.clock.nowMs());
    logger[METHOD_OF[built.level]](this.formed(built));
  }

  private formed(event: StructuredEvent): StructuredEvent | string {
    if (this.options.format === 'object') return event;
    return this.options.format === 'json' ? jsonLine(event) : textLine(event);
  }
}
