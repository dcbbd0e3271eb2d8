/** One way in which a plugin takes more than its share. */
export interface Appetite {
  name: string;
  /** Below the hog's slug. */
  path: string;
  /** The client takes the whole answer, or keeps the connection and reads nothing. */
  reads: boolean;
  /** The plugin's status says afterwards what happened: one of its sentences is like this. */
  says: RegExp;
}

/** Every appetite, as a host with `HOG_LIMITS` tells of it. */
export const APPETITES: readonly Appetite[] = [
  { name: 'holds 1 GiB of memory', path: '/memory/1024', reads: true, says: /needed more memory than its limit of 512 MiB/ },
  { name: 'is a fork bomb', path: '/forks/60', reads: true, says: /refused another process [\d,]+ times: it may have 100/ },
  { name: 'opens 15,000 files', path: '/files/15000', reads: true, says: /EMFILE: too many open files/ },
  { name: 'writes 1 GiB of logs', path: '/logs/1024', reads: true, says: /writes more than its host reads: [\d.]+ MiB of its output were thrown away/ },
  { name: 'never lets its event loop go', path: '/busy/60', reads: true, says: /wanted more than the 0.5 processor cores that it may use/ },
  { name: 'answers with 64 MiB', path: '/answer/64', reads: true, says: /refused (once|\d+ times) with a message of more than the 32 MiB that one may have/ },
  { name: 'streams without an end', path: '/endless', reads: true, says: /did not end within the time that streams have/ },
  { name: 'streams to one who does not read', path: '/endless', reads: false, says: /did not end within the time that streams have/ },
];

/** What an operator would allow, and a time for streams that ends within a measurement. */
export const HOG_LIMITS = {
  PLUGIN_MAX_MEMORY_MB: '512',
  PLUGIN_MAX_PIDS: '100',
  PLUGIN_MAX_NOFILE: '1024',
  PLUGIN_MAX_CPU: '0.5',
  PLUGIN_STREAM_BYTES: '8MiB',
  PLUGIN_ENDPOINT_STREAM_TIMEOUT: '6s',
};
