import { InMemoryScoreStore } from '../../src/testing/index.js';
import { acceptedRowsContract } from '../contracts/accepted-rows.contract.js';
import { inMemoryScoreRows } from '../support/in-memory-score-rows.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

acceptedRowsContract('PostgreSQL', () => PgScoreRows.open());
acceptedRowsContract('the in-memory store', async () => inMemoryScoreRows(new InMemoryScoreStore()));
