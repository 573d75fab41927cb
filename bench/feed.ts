import type { SubjectProcess } from './subject-process.js';

/** Where the messages of a flood come from. */
export interface Feed {
  /**
   * Offers the payloads as fast as the subject takes them.
   * @returns milliseconds until the subject had absorbed the last one; null when messages were lost or refused
   */
  flood(payloads: readonly Buffer[], subject: SubjectProcess): Promise<number | null>;
  close(): Promise<void>;
}
