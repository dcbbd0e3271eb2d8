/** What this plugin looks at of an app; the rest passes through as it came. */
export interface AppObject {
  name: string;
  metadata: Readonly<Record<string, string>>;
}

export interface AppRules {
  forbiddenWords: readonly string[];
  metadata: Readonly<Record<string, string>>;
  keep: readonly string[];
}

/** Why an app may not be called this, or undefined. */
export function refuseName(rules: AppRules, { name }: AppObject): string | undefined {
  const word = rules.forbiddenWords.find((forbidden) => name.toLowerCase().includes(forbidden.toLowerCase()));
  return word === undefined ? undefined : `The name of an app may not contain "${word}".`;
}

/** Why an app may not be deleted, or undefined. */
export function refuseDeletion(rules: AppRules, { name }: AppObject): string | undefined {
  return rules.keep.includes(name) ? `The app "${name}" is kept; take it out of the list of this plugin first.` : undefined;
}

/** The app with the metadata that it lacks, or undefined when it lacks nothing. */
export function fillIn<App extends AppObject>(rules: AppRules, app: App): App | undefined {
  const lacking = Object.keys(rules.metadata).some((key) => !Object.hasOwn(app.metadata, key));
  return lacking ? { ...app, metadata: { ...rules.metadata, ...app.metadata } } : undefined;
}
