const COOKIE_NAME = 'AI_STUDIO_PLUGIN';
const COOKIE_VALUE = 'v1';

/** Whether a host started this process. It keeps a person who runs the file from waiting for nothing; it is no protection. */
export function startedByHost(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[COOKIE_NAME] === COOKIE_VALUE;
}

export const NOT_STARTED_BY_HOST =
  'This program is a Sluice plugin. It is not meant to be run by hand: register it in the studio (command file:///…) and the studio or the gateway starts it.';
