import type { FailureMode } from './failure-mode';

/** What a plugin did. */
export const remarkModes: readonly FailureMode[] = [
  { id: 'log-flood', sentences: ['It writes more than its host reads: … of its output were thrown away.'] },
  { id: 'large-answers', sentences: ['It answered … with a message of more than …; the largest had ….'] },
  { id: 'answer-too-large', sentences: ['It was refused … with a message of more than the … that one may have; the largest had ….'] },
  { id: 'streams-slowed', sentences: ['Its streams were slowed down for a while: they wanted to move more than the … a second that they may.'] },
  { id: 'endless-streams', sentences: ['… did not end within the time that streams have, and had to be ended.'] },
  { id: 'processes-refused', sentences: ['It was refused another process …: it may have ….'] },
  { id: 'held-back', sentences: ['It was held back for a while: it wanted more than the … processor cores that it may use.'] },
];
