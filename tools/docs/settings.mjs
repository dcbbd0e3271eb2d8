/** Writes docs/settings.md from the schemas that read the environment. Needs a build. */
import { createRequire } from 'node:module';
import { hostname, tmpdir } from 'node:os';
import { cell, root, writeOrCheck } from './page.mjs';

const require = createRequire(`${root}/package.json`);
const { studioSections } = require('./apps/studio/dist/config.js');
const { gatewaySections } = require('./apps/edge-gateway/dist/config.js');

/** The object schema at the bottom of refinements and transforms. */
function shapeOf(schema) {
  return schema.shape ?? shapeOf(schema.def.in);
}

function settingOf(schema) {
  let fallback;
  let required = true;
  for (let at = schema; at; at = at.def.innerType ?? at.def.in) {
    if (at.def.type === 'default' || at.def.type === 'prefault') {
      fallback ??= at.def.defaultValue;
      required = false;
    }
    if (at.def.type === 'optional') required = false;
  }
  return { fallback, required, description: schema.description ?? '' };
}

/** Defaults that depend on the machine are named, not shown with this machine's value. */
function show({ fallback, required }) {
  if (required) return '**required**';
  if (fallback === undefined || String(fallback) === '') return '';
  return `\`${String(fallback).replace(tmpdir(), '<temporary folder>').replace(hostname(), '<host name>')}\``;
}

function table(sections) {
  const rows = Object.entries(sections).flatMap(([section, schema]) =>
    Object.entries(shapeOf(schema)).map(([name, field]) => {
      const setting = settingOf(field);
      return `| \`${name}\` | ${section} | ${cell(show(setting))} | ${cell(setting.description)} |`;
    }),
  );
  return ['| variable | section | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

const page = `# Settings

Both services read their settings from environment variables when they start. A variable that is empty counts as unset. Every bad
variable is reported at once, and the process does not start. Durations are written \`500ms\`, \`30s\`, \`5m\` or \`1h30m\` (defaults are
shown in milliseconds), sizes \`1048576\`, \`512KiB\` or \`1MB\` (defaults are shown in bytes).

This page is generated from the schemas: \`node tools/docs/settings.mjs\`.

## Studio

${table(studioSections)}

## Edge gateway

${table(gatewaySections)}
`;

writeOrCheck('docs/settings.md', page, 'node tools/docs/settings.mjs');
