import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { checkConfigSchema, parseManifest } from '@sluice/plugin-manifest';
import { isDeepStrictEqual } from 'node:util';
import { sayFarewell } from '../../../session/say-farewell';
import { always, type Check } from '../check';
import { fail } from '../verdict';
import { describeError } from '../subject/describe-outcome';
import type { Outcome, StartedPlugin } from '../subject/started-plugin';
import type { Subject } from '../subject/subject';

const END_MS = 2_000;
const { ping, getManifest, getConfigSchema } = ConfigProviderServiceService;

function answered<T>(outcome: Outcome<T>, what: string): T {
  if (outcome.kind === 'answer') return outcome.answer;
  return fail(`config_provider.ConfigProviderService/${what} ${describeError(outcome)}: answer it before Initialize, a studio reads it when the plugin is registered.`);
}

async function described(subject: Subject, plugin: StartedPlugin): Promise<{ manifestJson: string; schemaJson: string }> {
  const manifest = answered(await plugin.askMethod(getManifest, {}, subject.timeoutMs), 'GetManifest');
  const schema = answered(await plugin.askMethod(getConfigSchema, {}, subject.timeoutMs), 'GetConfigSchema');
  return { manifestJson: manifest.manifestJson, schemaJson: schema.schemaJson };
}

/** What a plugin says about itself before anybody has configured it. */
export const descriptionChecks: Check[] = [
  {
    id: 'describe.ping',
    title: 'answers ConfigProviderService/Ping before Initialize',
    section: 'description',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.start({ announce: false });
      const { healthy } = answered(await plugin.askMethod(ping, { timestamp: 1n }, Math.min(5_000, subject.timeoutMs)), 'Ping');
      if (!healthy) fail('config_provider.ConfigProviderService/Ping answers healthy=false before Initialize: a plugin without a config is healthy, it is only not configured.');
    },
  },
  {
    id: 'describe.manifest',
    title: 'has a manifest that can be read',
    section: 'description',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const { manifestJson } = await described(subject, await subject.start({ announce: false }));
      if (manifestJson.trim() === '' || manifestJson.trim() === '{}') fail('It answers no manifest: embed one in the program and answer its text in config_provider.ConfigProviderService/GetManifest.');
      const parsed = parseManifest(manifestJson);
      if (!parsed.ok) fail(`Its manifest cannot be used. ${parsed.faults.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join(' ')}`);
    },
  },
  {
    id: 'describe.schema',
    title: 'has a config schema that configs can be checked against',
    section: 'description',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const { schemaJson } = await described(subject, await subject.start({ announce: false }));
      if (schemaJson.trim() === '') return;
      let schema: unknown;
      try {
        schema = JSON.parse(schemaJson);
      } catch (error) {
        fail(`Its config schema is no JSON (${String(error)}): answer a JSON Schema, or an empty text for none.`);
      }
      const faults = checkConfigSchema(schema);
      if (faults.length > 0) fail(`Its config schema cannot be used. ${faults.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join(' ')}`);
    },
  },
  {
    id: 'describe.same',
    title: 'says the same about itself before and after Initialize',
    section: 'description',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const before = await described(subject, await subject.start({ announce: false }));
      const plugin = await subject.shared();
      const after = await plugin.ask('getManifest', {}, subject.timeoutMs);
      // A plugin may answer on either of the two services.
      if (after.kind === 'answer' && after.answer.success && after.answer.manifestJson.trim() !== '{}' && !sameJson(after.answer.manifestJson, before.manifestJson)) {
        fail('plugin.PluginService/GetManifest and config_provider.ConfigProviderService/GetManifest answer two manifests: answer one from both.');
      }
      const schema = await plugin.ask('getConfigSchema', {}, subject.timeoutMs);
      if (schema.kind === 'answer' && schema.answer.success && hasContent(schema.answer.schemaJson) && !sameJson(schema.answer.schemaJson, before.schemaJson)) {
        fail('plugin.PluginService/GetConfigSchema and config_provider.ConfigProviderService/GetConfigSchema answer two schemas: answer one from both.');
      }
    },
  },
  {
    id: 'describe.ends',
    title: 'ends when it was only asked about itself',
    section: 'description',
    needs: 'start',
    applies: (manifest) => (manifest ? true : 'the manifest cannot be read'),
    run: async (subject) => {
      const plugin = await subject.start({ announce: false });
      await described(subject, plugin);
      if (!plugin.process) return;
      await Promise.race([sayFarewell(plugin.connection.control, 'unload', END_MS), plugin.process.exited]);
      if (!(await plugin.process.exitWithin(END_MS))) fail('It does not end within 2 s when it was never initialised: let Shutdown and plugin.GRPCController/Shutdown work without Initialize.');
    },
  },
];

const hasContent = (text: string) => text.trim() !== '' && text.trim() !== '{}';

function sameJson(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    return one === other;
  }
}
