import { writeFileSync } from 'node:fs';
import { type ConformanceReport, runConformance, type Samples, TRANSPORT_CHOICES, type TransportChoice } from '@sluice/plugin-runtime/testing';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Terminal } from '../terminal';
import { junitOf } from './junit';
import { parseConfig } from './parse-config';
import { ReportPrinter } from './report-printer';

interface ConformFlags extends Samples {
  json?: boolean;
  junit?: string;
  config: string[];
  only?: string[];
  timeout: number;
  transport: TransportChoice;
}

const PASSED = 0;
const FAILED = 1;
const UNUSABLE = 2;

/** `sluice conform <file|url>`: exit code 0 when the plugin keeps every rule, 1 when it breaks one, 2 when it could not be tested. */
export function conformCommand(terminal: Terminal): Command {
  return new Command('conform')
    .description('Puts a plugin, in any language, through everything that its manifest declares.')
    .argument('<file|url>', 'the program of the plugin, file://… or grpc://host:port')
    .option('--json', 'print the report as JSON')
    .option('--junit <file>', 'also write the report as JUnit XML')
    .option('--config <key=value...>', 'what Initialize gets; a value that is JSON is taken as JSON. Missing values are made up from the config schema', [])
    .option('--only <id...>', 'only these checks: session.timeout, or session for all that begin so')
    .option('--timeout <seconds>', 'the longest wait for anything that the plugin does', seconds, 30)
    .addOption(new Option('--transport <name>', 'what carries the calls, as PLUGIN_TRANSPORT of a host').choices(TRANSPORT_CHOICES).default('auto'))
    .option('--request <path>', 'an endpoint of the plugin that answers at once')
    .option('--stream <path>', 'an endpoint that streams as fast as it is read')
    .option('--service <path>', 'an endpoint whose answer needs the Service API')
    .action((target: string, flags: ConformFlags) => conform(target, flags, terminal));
}

async function conform(target: string, flags: ConformFlags, terminal: Terminal): Promise<void> {
  const { request, stream, service } = flags;
  const printer = new ReportPrinter(terminal);
  let report: ConformanceReport;
  try {
    report = await runConformance({
      target,
      config: parseConfig(flags.config),
      samples: { request, stream, service },
      only: flags.only,
      timeoutMs: flags.timeout * 1_000,
      transport: flags.transport,
      onResult: flags.json ? undefined : (result) => printer.result(result),
    });
    if (flags.junit !== undefined) writeFileSync(flags.junit, junitOf(report));
  } catch (error) {
    terminal.warn(`sluice: ${error instanceof Error ? error.message : String(error)}\n`);
    return terminal.setExitCode(UNUSABLE);
  }
  if (flags.json) terminal.print(`${JSON.stringify(report, null, 2)}\n`);
  else printer.summary(report);
  terminal.setExitCode(report.failed > 0 ? FAILED : PASSED);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Name a number of seconds.');
  return value;
}
