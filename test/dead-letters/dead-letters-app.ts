import { Test, type TestingModule } from '@nestjs/testing';
import { DeadLettersModule, type DeadLettersOptions, PostgresModule, ScoreWriterModule } from '../../src/index.js';

/** The score writer and the dead letters on one database, as an application of their own. */
export async function startDeadLettersApp(url: string, options: DeadLettersOptions = {}): Promise<TestingModule> {
  const app = await Test.createTestingModule({
    imports: [
      PostgresModule.forRoot({ connection: url }),
      DeadLettersModule.forRoot({ redrivePollMs: 100, ...options }),
      ScoreWriterModule.forRoot({}),
    ],
  }).compile();
  app.useLogger(false);
  await app.init();
  return app;
}
