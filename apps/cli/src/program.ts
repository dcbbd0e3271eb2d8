import { Command } from 'commander';
import { conformCommand } from './conform/conform-command';
import type { Terminal } from './terminal';

/** Every verb of `sluice`. Each is a folder here. */
export function createProgram(terminal: Terminal): Command {
  return new Command('sluice').description('Tools for authors of Sluice plugins.').addCommand(conformCommand(terminal)).showHelpAfterError();
}
