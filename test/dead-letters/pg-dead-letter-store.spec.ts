import { deadLetterStoreContract } from '../contracts/dead-letter-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgDeadLetters } from '../support/pg-dead-letters.js';

guardAgainstLeaks();

deadLetterStoreContract('PostgreSQL', () => PgDeadLetters.open());
