import { LaneChannel } from '@sluice/grpc-lane';
import type { Call, CallOptions, CallWatch, StreamCall, StreamObserver, UnaryObserver, WatchedChannel } from './plugin-channel';
import type { StreamPacing } from './stream-pace';
import { UNPACED } from './stream-pace';

const CLOSED = 'The plugin is not running any more.';

/** What a stream may have on its way, and what waits here while its reader has paused. */
const WINDOW_BYTES = 262_144;

/** {@link WatchedChannel} over the lane, on a connection of its own. */
export class LanePluginChannel implements WatchedChannel {
  private readonly lane: LaneChannel;

  /** @param messageBytes of the largest message that the plugin may send; any size when it is left out. */
  constructor(path: string, messageBytes = Infinity) {
    this.lane = new LaneChannel({ path, maxMessageBytes: messageBytes, windowBytes: WINDOW_BYTES });
  }

  get connected(): boolean {
    return this.lane.connected;
  }

  get activeCalls(): number {
    return this.lane.activeCalls;
  }

  get activeStreams(): number {
    return this.lane.activeStreams;
  }

  get watch(): CallWatch | undefined {
    return this.lane.watch;
  }

  set watch(watch: CallWatch | undefined) {
    this.lane.watch = watch;
  }

  get pacing(): StreamPacing {
    return (this.lane.pacing as StreamPacing | undefined) ?? UNPACED;
  }

  set pacing(pacing: StreamPacing) {
    this.lane.pacing = pacing;
  }

  unary(method: string, request: Uint8Array, options: CallOptions, observer: UnaryObserver): Call {
    return this.lane.unary(method, request, options, observer);
  }

  serverStream(method: string, request: Uint8Array, options: CallOptions, observer: StreamObserver): StreamCall {
    return this.lane.serverStream(method, request, options, observer);
  }

  close(): void {
    this.lane.close(CLOSED);
  }
}
