import type { FailureMode } from './failure-mode';

/** Initialize, questions, and service. */
export const servingModes: readonly FailureMode[] = [
  {
    id: 'initialize-refused',
    sentences: [
      'The plugin refused to initialise: ….',
      'The plugin refused to initialise and gave no reason.',
    ],
  },
  { id: 'initialize-failed', sentences: ['Initialize failed in the plugin: ….'] },
  { id: 'initialize-timed-out', sentences: ['The plugin did not answer Initialize within … s.'] },
  { id: 'endpoints-unknown', sentences: ['The plugin did not say which endpoints it serves: ….'] },
  { id: 'object-hooks-unknown', sentences: ['The plugin did not say which object hooks it has: ….'] },
  {
    id: 'not-described',
    sentences: [
      'The plugin did not say what it is: ….',
      'The plugin says that it is not healthy.',
    ],
  },
  { id: 'hung', sentences: ['The plugin did not answer three health checks in a row and was ended.'] },
  { id: 'ended', sentences: ['The plugin ended ….'] },
];
