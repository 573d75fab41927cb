// All clients of the run in one process: forked by the program, never imported.
import { Crew } from './crew.js';
import type { CrewQuestion, CrewSettings } from './crew-questions.js';

const crew = new Crew(JSON.parse(process.env.CHAOS ?? '{}') as CrewSettings);

async function answer(question: CrewQuestion): Promise<unknown> {
  switch (question.ask) {
    case 'go':
      return crew.go(question.open, question.leaveOthers);
    case 'disturb':
      return crew.disturb(question.everyMs);
    case 'pause':
      return crew.pause(question.each);
    case 'resume':
      return crew.resume();
    case 'reach':
      return crew.reach(question);
    case 'counts':
      return crew.counts();
    case 'lag':
      return crew.lagMs();
    case 'judge':
      return crew.judge(question.rows, question.takeoversAtMs);
    default:
      return question satisfies never;
  }
}

process.on('message', async (question: CrewQuestion & { readonly id: number }) => {
  try {
    process.send?.({ id: question.id, answer: (await answer(question)) ?? null });
  } catch (error) {
    const failed = error instanceof Error ? error.stack : String(error);
    process.send?.({ id: question.id, answer: { failed } });
  }
});
process.once('SIGTERM', () => process.exit(0));
// without its program it has nothing to do
process.once('disconnect', () => process.exit(1));
process.send?.({ ready: true });
