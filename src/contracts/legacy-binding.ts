/** What a host bound of its own path: its message handler, its write queue, or nothing on purpose. */
export type LegacyBinding = 'handler' | 'queue' | 'none';
