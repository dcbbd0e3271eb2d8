import type { PluginManifest } from '@sluice/plugin-manifest';
import type { Subject } from './subject/subject';

/** The parts of the protocol, in the order in which a report shows them. */
export const SECTIONS = ['process', 'handshake', 'description', 'initialize', 'session', 'broker', 'calls', 'defaults', 'streams', 'messages', 'life cycle'] as const;
export type Section = (typeof SECTIONS)[number];

/** What has to work before a check says anything. */
export type Needs = 'nothing' | 'start' | 'initialize';

/** One rule of the protocol, as data: what it is called, whom it concerns, and how to find out. */
export interface Check {
  /** `session.timeout`; stable, for `--only` and for reports. */
  id: string;
  /** What a plugin that passes does, as the end of a sentence: `ends within two seconds`. */
  title: string;
  section: Section;
  needs: Needs;
  /** True, or why this check does not concern a plugin with this manifest. `undefined` is a plugin whose manifest cannot be read. */
  applies(manifest: PluginManifest | undefined): true | string;
  /** Resolves when the plugin keeps the rule. Throws Nonconformance or NotApplicable. */
  run(subject: Subject): Promise<void>;
}

export const always = (): true => true;
