#!/usr/bin/env node
import { printableLines } from '../kernel/printable.js';
import { run } from './run.js';
import { askAtTerminal, progressAt, writerTo } from './terminal.js';

const [stdout, stderr] = [writerTo(process.stdout), writerTo(process.stderr)];

const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
const progress = process.stderr.isTTY ? progressAt(process.stderr) : undefined;

run(process.argv.slice(2), process.env, { stdout, stderr, ask: isTerminal ? askAtTerminal : undefined, progress }).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  // The text alone: what an error of somebody else carries beside it may be an address with its password.
  (error: unknown) => {
    stderr(printableLines(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    process.exitCode = 2;
  },
);
