import { Injectable } from '@nestjs/common';
import { type ForeignWriterMode, ForeignWriters } from './ports/foreign-writers.js';

/** The watch's end of {@link ForeignWriters}: only the watch sets it. */
@Injectable()
export class TriggerMode extends ForeignWriters {
  override mode: ForeignWriterMode = 'off';
  override protectMs: number | null = null;
}
