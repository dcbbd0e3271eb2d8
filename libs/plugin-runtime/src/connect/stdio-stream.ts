import { GRPCStdioService, StdioData_Channel } from '@sluice/contracts/go-plugin';
import { LineSplitter } from '../process/line-splitter';
import type { PluginLog } from '../process/plugin-log';
import type { PluginChannel } from './plugin-channel';

/**
 * Reads what the plugin prints after the handshake into its log, for the life of the process: a plugin whose output nobody reads
 * blocks in its next print. A plugin without this service prints to its real stdout, which is read anyway.
 */
export function readStdio(channel: PluginChannel, log: PluginLog): void {
  const stdout = new LineSplitter((line) => log.stdout(line));
  const stderr = new LineSplitter((line) => log.stderr(line));
  const { path, requestSerialize, responseDeserialize } = GRPCStdioService.streamStdio;
  const flush = () => {
    stdout.flush();
    stderr.flush();
  };
  channel.serverStream(path, requestSerialize({}), { deadlineMs: Infinity }, {
    onMessage: (message) => {
      const { channel: source, data } = responseDeserialize(message as Buffer);
      (source === StdioData_Channel.STDERR ? stderr : stdout).push(data);
    },
    onEnd: flush,
    onError: flush,
  });
}
