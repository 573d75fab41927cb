import type { LoggerService } from '@nestjs/common';

/** Every line that a host writes, as text. */
export class LogLines implements LoggerService {
  private lines: string[] = [];
  log = this.keep.bind(this);
  warn = this.keep.bind(this);
  error = this.keep.bind(this);
  debug = this.keep.bind(this);
  verbose = this.keep.bind(this);

  has(part: string | RegExp): boolean {
    return this.lines.some((line) => (typeof part === 'string' ? line.includes(part) : part.test(line)));
  }

  /** All of it, which is forgotten then. */
  take(): string {
    const all = this.lines.join('\n');
    this.lines = [];
    return all;
  }

  private keep(...parts: unknown[]): void {
    this.lines.push(parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join(' '));
  }
}

/** With what an error holds. */
function textOf(part: unknown): string {
  return JSON.stringify(part, (_, value: unknown) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
  );
}
