import type { AppliedSnapshot, PluginState, Refusal } from '@sluice/contracts/edge';
import { storableText } from '../../database/storable-text';

/** A snapshot that a gateway refused whole. */
export interface GatewayNack {
  epoch: string;
  revision: number;
  /** From the snapshot error catalogue. */
  code: string;
  path: string;
  message: string;
  at: string;
}

/** A plugin as one gateway sees it. */
export interface GatewayPluginState {
  plugin_id: number;
  state: string;
  reason: string;
  since: string;
  generation: number;
  restarts: number;
  exit_code: number | null;
  exit_signal: string | null;
  last_log_lines: string[];
  /** A report of an older gateway does not have these. */
  not_enforced?: string[];
  remarks?: string[];
  transport?: string | null;
  generations?: { generation: number; state: string; since: string; active_calls: number; active_streams: number }[];
}

export interface AppliedReport {
  epoch: string;
  revision: number;
  root: string;
  appliedAt: Date;
  source: string;
}

export const MAX_LOG_LINES = 200;
const MAX_NOT_ENFORCED = 20;
const MAX_GENERATIONS = 50;
export const MAX_LOG_LINE_LENGTH = 4_096;
const MAX_TEXT_LENGTH = 2_000;
const LAST_DATE_MS = 8_640_000_000_000_000;

export function toPluginState(state: PluginState): GatewayPluginState {
  return {
    plugin_id: state.pluginId,
    state: cleanText(state.state),
    reason: cleanText(state.reason),
    since: toDate(state.sinceMs).toISOString(),
    generation: state.generation,
    restarts: state.restarts,
    exit_code: state.exitCode ?? null,
    exit_signal: cleanText(state.exitSignal) || null,
    last_log_lines: state.lastLogLines.slice(-MAX_LOG_LINES).map((line) => cleanText(line, MAX_LOG_LINE_LENGTH)),
    not_enforced: state.notEnforced.slice(0, MAX_NOT_ENFORCED).map((sentence) => cleanText(sentence)),
    remarks: state.remarks.slice(0, MAX_NOT_ENFORCED).map((sentence) => cleanText(sentence)),
    transport: cleanText(state.transport) || null,
    generations: state.generations.slice(-MAX_GENERATIONS).map(({ generation, state: name, sinceMs, activeCalls, activeStreams }) => ({
      generation,
      state: cleanText(name),
      since: toDate(sinceMs).toISOString(),
      active_calls: activeCalls,
      active_streams: activeStreams,
    })),
  };
}

export function toNack(refusal: Refusal, now: Date): GatewayNack {
  return {
    epoch: cleanText(refusal.epoch),
    revision: Number(refusal.revision),
    code: cleanText(refusal.code),
    path: cleanText(refusal.path),
    message: cleanText(refusal.message),
    at: now.toISOString(),
  };
}

export function toAppliedReport(applied: AppliedSnapshot): AppliedReport {
  return {
    epoch: cleanText(applied.epoch),
    revision: Number(applied.revision),
    root: cleanText(applied.root),
    appliedAt: toDate(applied.appliedAtMs),
    source: cleanText(applied.source),
  };
}

/** A gateway's words go into columns and pages, and nobody wants a megabyte of reason. */
export function cleanText(text: string, maxLength = MAX_TEXT_LENGTH): string {
  return storableText(text, maxLength);
}

export function toDate(ms: bigint): Date {
  return new Date(Math.min(Math.max(Number(ms), 0), LAST_DATE_MS));
}
