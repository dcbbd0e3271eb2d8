import { pluginErrors } from '../plugin-errors';

/** Throws `plugin.badCommand`; `detail` is the sentence that whoever registers the plugin reads. */
export function refuseCommand(command: string, detail: string): never {
  throw new pluginErrors.badCommand({ command }, { detail });
}
