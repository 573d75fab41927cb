import { Injectable } from '@nestjs/common';
import { ResolvedForeignWritersOptions } from './foreign-writers.options.js';
import { type ForeignWriterMode, ForeignWriters } from './ports/foreign-writers.js';

/** The watch's end of {@link ForeignWriters}: only the watch sets the mode. */
@Injectable()
export class TriggerMode extends ForeignWriters {
  override mode: ForeignWriterMode = 'off';
  override protectMs: number | null = null;
  override readonly authorities: readonly string[];

  constructor({ authorities }: ResolvedForeignWritersOptions) {
    super();
    this.authorities = authorities;
  }
}
