import { randomBytes } from 'node:crypto';

/** Ids of one run: 15 characters like the provider's, in no other run, so that old rows are never touched. */
export class RunIdentity {
  private readonly run: string;

  constructor(run: string = randomRun()) {
    this.run = run;
  }

  match(index: number): string {
    return this.id('m', index);
  }

  team(index: number): string {
    return this.id('t', index);
  }

  competition(): string {
    return this.id('c', 0);
  }

  private id(kind: 'm' | 't' | 'c', index: number): string {
    return `${this.run}${kind}${index.toString(36).padStart(5, '0')}`;
  }
}

function randomRun(): string {
  const number = BigInt(`0x${randomBytes(8).toString('hex')}`);
  return number.toString(36).padStart(9, '0').slice(-9);
}
