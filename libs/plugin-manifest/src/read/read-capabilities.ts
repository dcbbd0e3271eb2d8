import { type Hook, HOOKS, readHook } from '../hooks';
import type { PluginManifest } from '../manifest';
import { type ObjectReader, quoteList } from './object-reader';

const HOOK_ADVICE = `Write one of ${quoteList(HOOKS)} here.`;

/** `hooks` without repetitions and with today's names; `primary_hook` is one of them, by default the first. */
export function readCapabilities(manifest: ObjectReader): PluginManifest['capabilities'] {
  if (!manifest.has('capabilities')) {
    manifest.fault('capabilities', 'Add `capabilities` with the `hooks` that the plugin implements: they are required.');
    return { hooks: [], primary_hook: HOOKS[0] };
  }
  const reader = manifest.object('capabilities');
  const names = reader.texts('hooks', (name) => (readHook(name) === undefined ? HOOK_ADVICE : undefined));
  const hooks = [...new Set(names.map((name) => readHook(name)).filter((hook) => hook !== undefined))];
  if (!reader.has('hooks')) reader.fault('hooks', 'Add `hooks`: a plugin implements at least one.');
  else if (hooks.length === 0) reader.fault('hooks', `Name at least one hook: ${quoteList(HOOKS)}.`);
  const primary = readPrimary(reader, hooks);
  return { ...reader.unknown(), hooks, primary_hook: primary };
}

function readPrimary(reader: ObjectReader, hooks: readonly Hook[]): Hook {
  const fallback = hooks[0] ?? HOOKS[0];
  const name = reader.optionalText('primary_hook');
  if (name === undefined || name === '') return fallback;
  const hook = readHook(name);
  if (hook !== undefined && (hooks.includes(hook) || hooks.length === 0)) return hook;
  reader.fault('primary_hook', 'Write one of the plugin\'s own `hooks` as `primary_hook`.');
  return fallback;
}
