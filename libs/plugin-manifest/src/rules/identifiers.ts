import { valid, validRange } from 'semver';
import { matches, type TextRule } from './rule';

const PLUGIN_ID_ADVICE =
  'Write an id of at most 255 lower-case letters, digits, dots and hyphens that begins and ends with a letter or digit, such as com.example.my-plugin.';

export const pluginId: TextRule = (text) => (text.length <= 255 ? matches(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, PLUGIN_ID_ADVICE)(text) : PLUGIN_ID_ADVICE);

/** Exactly semver 2: `v1.0.0` and ` 1.0.0` are none, although the library would read them. */
export const semanticVersion: TextRule = (text) =>
  /^\d/.test(text) && text === text.trim() && valid(text) !== null ? undefined : 'Write a semantic version, such as 1.2.0 or 1.2.0-beta.1.';

export const versionRange: TextRule = (text) =>
  text.trim() !== '' && validRange(text) !== null ? undefined : 'Write a range of semantic versions, such as ^1.2.0 or >=1.0.0 <3.0.0.';

export const resourceTypeSlug = matches(/^[a-z0-9_-]+$/, 'Write a slug of lower-case letters, digits, `_` and `-`, such as mcp_servers.');

/** As HTML has it: begins with a letter and contains a hyphen. */
export const customElementTag = matches(/^[a-z][a-z0-9._]*-[a-z0-9._-]*$/, 'Write the name of a custom element: lower case with a hyphen, such as my-dashboard.');

export const objectHook = matches(
  /^[a-z][a-z0-9_]*\.(before|after)_(create|update|delete)$/,
  'Write an object type and a moment, such as llm.before_create or app.after_delete.',
);
