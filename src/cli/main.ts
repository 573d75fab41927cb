#!/usr/bin/env node
import { printableLines } from '../kernel/printable.js';
import { run } from './run.js';
import { askAtTerminal, progressAt, screenAt, writerTo } from './terminal.js';

const reader = new AbortController();
const stdout = writerTo(process.stdout, () => reader.abort());
const stderr = writerTo(process.stderr);

const ask = process.stdin.isTTY && process.stderr.isTTY ? askAtTerminal : undefined;
const progress = process.stderr.isTTY ? progressAt(process.stderr) : undefined;
const screen =
  process.stdin.isTTY && process.stdout.isTTY
    ? (onQuit: () => void) => screenAt(process.stdin, process.stdout, onQuit)
    : undefined;

run(process.argv.slice(2), process.env, { stdout, stderr, ask, progress, screen, gone: reader.signal }).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  // The text alone: what an error of somebody else carries beside it may be an address with its password.
  (error: unknown) => {
    stderr(printableLines(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    process.exitCode = 2;
  },
);
