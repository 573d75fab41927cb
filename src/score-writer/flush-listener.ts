import type { Mailbox, Waiting } from './mailbox.js';

/** Who hears what becomes of the statements. */
export interface FlushListener {
  /** The statement is on its way: time to prepare what follows it. */
  sent(mailboxes: readonly Mailbox[]): void;
  /** All of one statement, in one call. */
  committed(mailboxes: readonly Mailbox[], committedAtMs: number): void;
  /** Of a retired one: it was not written, as far as is known. Else the row was locked or is another than expected. */
  missed(mailbox: Mailbox): void;
  /** A newer change took its place and nobody waits for it. */
  superseded(waiting: Waiting): void;
  /** This change can never be written. */
  dead(mailbox: Mailbox, error: unknown): void;
}
