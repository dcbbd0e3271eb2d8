import { GRPCStdioService, type StdioData, StdioData_Channel } from '@sluice/contracts/go-plugin';
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
  const flow = { pause: () => call.pause(), resume: () => call.resume() };
  const gates = { stdout: log.gate(flow, stdout), stderr: log.gate(flow, stderr) };
  const call = channel.serverStream(path, requestSerialize({}), { deadlineMs: Infinity }, {
    onMessage: (message) => {
      let output: StdioData;
      try {
        output = responseDeserialize(message as Buffer);
      } catch {
        // Not a reason to stop reading: the plugin would block in its next print.
        return log.stderr('The plugin sent output that is no StdioData message.');
      }
      gates[output.channel === StdioData_Channel.STDERR ? 'stderr' : 'stdout'].push(output.data);
    },
    onEnd: flush,
    onError: flush,
  });
}
