import { constants, type Settings } from 'node:http2';
import { join } from 'node:path';
import type { LaneChannelOptions } from '../../client/lane-channel';
import type { Random } from '../random';
import { grpcJsClient } from './grpc-js-client';
import { http2Client } from './http2-client';
import { startHttp2Server } from './http2-server';
import { laneClient } from './lane-client';
import type { PlanClient } from './outcome';
import { type PlanServer, startGoServer, startGrpcJsServer, startLaneServer } from './servers';

/** A server and clients of different make, between which every call has to come to the same. */
export interface Session {
  name: string;
  server: PlanServer;
  clients: Record<string, PlanClient>;
  /** Bytes of the largest message: behind a window of one byte, megabytes would take all day. */
  largest: number;
}

const MEBIBYTE = 1_048_576;
const PADDING = [constants.PADDING_STRATEGY_NONE, constants.PADDING_STRATEGY_MAX, constants.PADDING_STRATEGY_CALLBACK];

/** @param goPeer the built Go peer; undefined where there is no Go */
export async function openSession(random: Random, folder: string, number: number, goPeer: string | undefined): Promise<Session> {
  const path = join(folder, `s${number}`);
  const windowBytes = random.of([1, 50, 5_000, 65_536, 65_536, MEBIBYTE]);
  const settings = randomSettings(random);
  const padding = random.of(PADDING);
  const lane: LaneChannelOptions = { path, windowBytes };
  const kind = random.of(['lane', 'grpc-js', 'http2', ...(goPeer ? ['go', 'go'] : [])]);
  const others = { lane: laneClient, grpcJs: grpcJsClient };
  switch (kind) {
    case 'lane': {
      const server = await startLaneServer(path);
      const clients = { lane: others.lane(lane), 'grpc-js': others.grpcJs(path), http2: http2Client(path, settings, padding) };
      return { name: `lane server, ${text(settings)} padding ${padding}`, server, clients, largest: largestBehind(settings.initialWindowSize!, windowBytes) };
    }
    case 'http2': {
      const server = await startHttp2Server(path, settings, padding);
      const clients = { lane: others.lane(lane), 'grpc-js': others.grpcJs(path) };
      return { name: `http2 server, ${text(settings)} padding ${padding}, lane window ${windowBytes}`, server, clients, largest: largestBehind(settings.initialWindowSize!, windowBytes) };
    }
    default: {
      const server = kind === 'go' ? await startGoServer(goPeer!, path) : await startGrpcJsServer(path);
      return { name: `${kind} server, lane window ${windowBytes}`, server, clients: { lane: others.lane(lane), 'grpc-js': others.grpcJs(path) }, largest: largestBehind(windowBytes) };
    }
  }
}

function randomSettings(random: Random): Settings {
  return {
    initialWindowSize: random.of([1, 100, 10_000, 65_535, MEBIBYTE, 2_147_483_647]),
    maxFrameSize: random.of([16_384, 16_385, 100_000, 16_777_215]),
    headerTableSize: random.of([0, 100, 4_096]),
    maxConcurrentStreams: random.of([3, 50, 4_294_967_295]),
  };
}

function largestBehind(...windows: number[]): number {
  const smallest = Math.min(...windows);
  return smallest === 1 ? 60 : smallest < 1_000 ? 1_000 : smallest < 10_000 ? 20_000 : 16 * MEBIBYTE;
}

const text = ({ initialWindowSize, maxFrameSize, headerTableSize, maxConcurrentStreams }: Settings) =>
  `window ${initialWindowSize} frames ${maxFrameSize} table ${headerTableSize} streams ${maxConcurrentStreams}`;
