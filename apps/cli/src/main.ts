#!/usr/bin/env node
import { createProgram } from './program';

createProgram({
  print: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  setExitCode: (code) => (process.exitCode = code),
})
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`sluice: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
