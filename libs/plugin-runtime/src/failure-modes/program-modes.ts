import type { FailureMode } from './failure-mode';

/** The program file. */
export const programModes: readonly FailureMode[] = [
  { id: 'does-not-fit', sentences: ['The plugin does not fit this host: …'] },
  {
    id: 'no-program',
    sentences: [
      'There is no file ….',
      '… cannot be read (…).',
      '… is not a regular file.',
    ],
  },
  {
    id: 'symbolic-link',
    sentences: [
      '… is a symbolic link; name the file that it leads to.',
      "… is a symbolic link that leads out of the plugin's folder.",
      '… is now reached over a symbolic link; it leads to ….',
    ],
  },
  { id: 'program-changed', sentences: ['… has changed since the plugin was registered: … …, and … was pinned. If that is wanted, register it anew with validate-and-load.'] },
  { id: 'too-many-files', sentences: ['… holds more than … files; put the plugin into a folder of its own.'] },
  {
    id: 'wrong-scheme-here',
    sentences: [
      'A plugin at a network address is not started here.',
      'This host does not fetch plugins from registries.',
    ],
  },
];
