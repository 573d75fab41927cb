export { ScoreStore, type ScoreWrite } from '../score-writer/ports/score-store.js';
export { FakeClock } from './fake-clock.js';
export type { JournalEntry } from './in-memory-score-row.js';
export { InMemoryScoreStore, type StoreFault, type StoreOperation } from './in-memory-score-store.js';
export { platformSchemaSql } from './platform-schema.js';
