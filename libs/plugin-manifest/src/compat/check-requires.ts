import type { Fault } from '@sluice/kernel';
import type { ManifestRequirement, PluginManifest } from '../manifest';
import { versionFits } from './version-fits';

/** A plugin that is there. Several may have the same manifest id, also in different versions. */
export interface PresentPlugin {
  manifestId: string;
  version: string;
}

/**
 * Which of the plugins that this one needs are missing, or there in a version that does not fit: `[]`, or a sentence for each with a pointer
 * into the manifest. One that is optional may be missing, but when it is there it has to fit.
 */
export function checkRequires({ requires }: Pick<PluginManifest, 'requires'>, present: readonly PresentPlugin[]): Fault[] {
  return requires.flatMap((requirement, index) => checkOne(requirement, `/requires/${index}`, present));
}

function checkOne({ plugin, version: range, optional }: ManifestRequirement, pointer: string, present: readonly PresentPlugin[]): Fault[] {
  const versions = [...new Set(present.filter(({ manifestId }) => manifestId === plugin).map(({ version }) => version))];
  if (versions.some((version) => versionFits(version, range))) return [];
  const wanted = range === '*' ? plugin : `${plugin} ${range}`;
  if (versions.length > 0) {
    const wish = optional ? 'The plugin works only with' : 'The plugin needs';
    return [{ pointer: `${pointer}/version`, message: `${wish} ${wanted}; ${versions.length === 1 ? 'here is' : 'here are'} ${versions.join(' and ')}.` }];
  }
  return optional ? [] : [{ pointer: `${pointer}/plugin`, message: `The plugin needs ${wanted}; it is not here.` }];
}
