import { z } from 'zod';

/** A section of settings: an object schema over environment variables, usually with a transform to friendlier names. */
export type ConfigSection = z.ZodType<unknown, Record<string, unknown>>;

export type LoadedConfig<S extends Record<string, ConfigSection>> = { [K in keyof S]: z.output<S[K]> };

/** Every bad variable of every section, so that an operator mends them in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Reads all sections from an environment. An empty variable counts as unset, as it does for most shells and charts.
 * @throws ConfigError naming every bad variable and what to write instead.
 */
export function loadConfig<S extends Record<string, ConfigSection>>(
  environment: Readonly<Record<string, string | undefined>>,
  sections: S,
): LoadedConfig<S> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const config: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, section] of Object.entries(sections)) {
    const result = section.safeParse(present);
    if (result.success) config[name] = result.data;
    else for (const issue of result.error.issues) problems.push(describe(issue, present));
  }
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return config as LoadedConfig<S>;
}

function describe(issue: z.core.$ZodIssue, environment: Record<string, unknown>): string {
  const variable = issue.path.join('.') || '(several variables)';
  return environment[variable] === undefined && issue.code === 'invalid_type' ? `${variable} is required.` : `${variable}: ${issue.message}`;
}
