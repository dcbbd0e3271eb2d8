import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { HOOK_RUNTIMES, parseManifest, validateConfig } from '@sluice/plugin-manifest';
import type { TransportChoice } from '../../connect/transport';
import { CHECKS } from './checks';
import type { Check, Needs } from './check';
import { Nonconformance, NotApplicable } from './verdict';
import type { CheckResult, ConformanceReport, Outcome } from './report';
import { makeUpConfig } from './subject/made-up-config';
import type { Samples } from './subject/samples';
import type { StartedPlugin } from './subject/started-plugin';
import { Subject } from './subject/subject';
import { parseTarget } from './subject/target';

export interface ConformanceOptions {
  /** A file, `file://…` or `grpc://host:port`. */
  target: string;
  /** What `Initialize` gets; what is missing is made up from the plugin's config schema. */
  config?: Readonly<Record<string, unknown>>;
  samples?: Samples;
  /** Ids, or the beginnings of ids up to a dot: `session` is every check of the session. Default: all. */
  only?: readonly string[];
  /** The longest wait for anything that the plugin does. Default: 30 s. */
  timeoutMs?: number;
  /** What carries the calls, as a host's PLUGIN_TRANSPORT. Default: auto. */
  transport?: TransportChoice;
  onResult?(result: CheckResult): void;
}

/** The checks on which others depend; when one fails, the others would only repeat it. */
const FOUNDATIONS: Record<Needs, readonly string[]> = {
  nothing: [],
  start: ['handshake.line', 'health.serving'],
  initialize: ['handshake.line', 'health.serving', 'initialize.accepts'],
};

/**
 * Puts a plugin through everything that its manifest declares. Throws only when the target's name cannot be read or no check is selected;
 * whatever the plugin does is in the report. Nothing is left of it afterwards.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { only, timeoutMs = 30_000, samples = {}, config = {}, transport = 'auto' } = options;
  const subject = new Subject({ target: parseTarget(options.target), runtime: 'gateway', config, samples, timeoutMs, transport });
  const checks = CHECKS.filter(({ id }) => only === undefined || only.some((name) => id === name || id.startsWith(`${name}.`)));
  if (checks.length === 0) throw new Error(`There is no check ${only?.join(', ')}.`);
  const results: CheckResult[] = [];
  try {
    await learn(subject);
    for (const check of checks) {
      const result = await runOne(check, subject, results);
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    await subject.close();
  }
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  const { manifest } = subject;
  const plugin = manifest ? { id: manifest.id, name: manifest.name, version: manifest.version, hooks: manifest.capabilities.hooks } : null;
  return { target: options.target, plugin, results, passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** Reads manifest and config schema, which decide what is tested. What cannot be read is left for the checks to say. */
async function learn(subject: Subject): Promise<void> {
  try {
    const plugin = await subject.start();
    const manifest = await plugin.askMethod(ConfigProviderServiceService.getManifest, {}, subject.timeoutMs);
    const parsed = manifest.kind === 'answer' ? parseManifest(manifest.answer.manifestJson) : undefined;
    if (parsed?.ok) subject.manifest = parsed.manifest;
    await learnSchema(subject, plugin);
    const hooks = subject.manifest?.capabilities.hooks ?? [];
    if (hooks.length > 0 && !hooks.some((hook) => HOOK_RUNTIMES[hook].includes('gateway'))) subject.runtime = 'studio';
  } catch (error) {
    if (!(error instanceof Nonconformance)) throw error;
  } finally {
    await subject.tidy();
  }
}

async function learnSchema(subject: Subject, plugin: StartedPlugin): Promise<void> {
  const answered = await plugin.askMethod(ConfigProviderServiceService.getConfigSchema, {}, subject.timeoutMs);
  const text = answered.kind === 'answer' ? answered.answer.schemaJson : '';
  subject.configSchemaJson = text.trim() === '' || text.trim() === '{}' ? JSON.stringify(subject.manifest?.config_schema ?? {}) : text;
  try {
    const schema = JSON.parse(subject.configSchemaJson) as Record<string, unknown>;
    const config = { ...makeUpConfig(schema), ...subject.config };
    // What does not fit would only be refused; the plugin's own words about the author's config say more.
    subject.config = validateConfig(schema, config).length === 0 ? config : subject.config;
  } catch {
    // A schema that is no JSON is a matter for its check.
  }
}

async function runOne(check: Check, subject: Subject, before: readonly CheckResult[]): Promise<CheckResult> {
  const { id, title, section } = check;
  const startedAt = performance.now();
  const result = (outcome: Outcome, reason = ''): CheckResult => ({ id, title, section, outcome, reason, durationMs: Math.round(performance.now() - startedAt) });
  const broken = before.find((earlier) => earlier.outcome === 'failed' && FOUNDATIONS[check.needs].includes(earlier.id));
  if (broken) return result('skipped', `${broken.id} failed`);
  const applies = check.applies(subject.manifest);
  if (applies !== true) return result('skipped', applies);
  try {
    await check.run(subject);
    return result('passed');
  } catch (error) {
    if (error instanceof NotApplicable) return result('skipped', error.message);
    if (error instanceof Nonconformance) return result('failed', error.message);
    throw error;
  } finally {
    await subject.tidy();
  }
}
