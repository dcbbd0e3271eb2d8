import { status as Status } from '@grpc/grpc-js';
import { definitionOf } from '../subject/plugin-rpc';
import { always, type Check } from '../check';
import { fail } from '../verdict';
import { describeError } from '../subject/describe-outcome';
import type { Subject } from '../subject/subject';
import { GARBAGE } from './garbage';

const INITIALIZE_MS = 30_000;

/** A config that a plugin may refuse has to be answered all the same. */
async function survives(subject: Subject, config: Record<string, string>, what: string): Promise<void> {
  const plugin = await subject.start();
  const outcome = await plugin.ask('initialize', { config }, Math.min(INITIALIZE_MS, subject.timeoutMs));
  await plugin.mustLive(`Initialize with ${what}`);
  if (outcome.kind === 'error') fail(`Initialize with ${what} ${describeError(outcome)}: answer success=false and say in error_message what is wrong with the config.`);
  if (!outcome.answer.success && outcome.answer.errorMessage === '') fail(`Initialize refuses ${what} without a reason: say in error_message what is wrong with the config, an operator reads it.`);
}

/** How a plugin takes its config. */
export const initializeChecks: Check[] = [
  {
    id: 'initialize.accepts',
    title: 'takes a config that its schema allows',
    section: 'initialize',
    needs: 'start',
    applies: always,
    run: async (subject) => void (await subject.initialized()),
  },
  {
    id: 'initialize.empty',
    title: 'answers an empty config',
    section: 'initialize',
    needs: 'start',
    applies: always,
    run: (subject) => survives(subject, subject.flatConfig({}), 'a config without any value'),
  },
  {
    id: 'initialize.bare',
    title: 'answers a config without even the keys that a host adds',
    section: 'initialize',
    needs: 'start',
    applies: always,
    run: (subject) => survives(subject, {}, 'an empty map'),
  },
  {
    id: 'initialize.nonsense',
    title: 'answers a config whose values make no sense',
    section: 'initialize',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const keys = Object.keys(subject.config);
      const nonsense = Object.fromEntries([...keys, 'conformance_unknown'].map((key) => [key, '\u0001{not json "♞']));
      await survives(subject, { ...subject.flatConfig({}), ...nonsense }, 'values that make no sense');
    },
  },
  {
    id: 'initialize.unknown',
    title: 'takes a config with keys that it does not know',
    section: 'initialize',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.start();
      const outcome = await plugin.ask('initialize', { config: { ...subject.flatConfig(), conformance_unknown: 'x' } }, subject.timeoutMs);
      if (outcome.kind === 'answer' && outcome.answer.success) return;
      await plugin.mustLive('Initialize with an unknown key');
      fail('Initialize refuses a config because of a key that it does not know: hosts add keys of their own, so ignore the unknown ones.');
    },
  },
  {
    id: 'initialize.garbage',
    title: 'refuses an Initialize that is no message',
    section: 'initialize',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.start();
      for (const bytes of GARBAGE) {
        const outcome = await plugin.askBytes(definitionOf('initialize').path, bytes, Math.min(INITIALIZE_MS, subject.timeoutMs));
        await plugin.mustLive('Initialize with bytes that are no message');
        if (outcome.kind === 'answer') fail('Initialize answers bytes that are no message as if they were one: refuse what cannot be decoded, with the status INTERNAL or INVALID_ARGUMENT.');
        if (outcome.status === Status.DEADLINE_EXCEEDED) fail('Initialize does not answer bytes that are no message: refuse them at once, with the status INTERNAL or INVALID_ARGUMENT.');
      }
    },
  },
];
