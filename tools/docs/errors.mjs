/** Writes docs/errors.md from the error catalogues of the code. Needs a build. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cell, root, writeOrCheck } from './page.mjs';

const require = createRequire(`${root}/package.json`);

/** A catalogue is any export with a map of definitions, in a file that is named for errors. */
function catalogues() {
  const byCode = new Map();
  for (const folder of ['libs', 'apps']) {
    for (const project of readdirSync(join(root, folder))) {
      const dist = join(root, folder, project, 'dist');
      let files;
      try {
        files = readdirSync(dist, { recursive: true });
      } catch {
        continue;
      }
      for (const file of files.filter((name) => /(^|[/.-])errors\.js$/.test(name))) {
        for (const exported of Object.values(require(join(dist, file)))) {
          if (!(exported?.definitions instanceof Map)) continue;
          for (const [code, definition] of exported.definitions) byCode.set(code, definition);
        }
      }
    }
  }
  return [...byCode].sort(([a], [b]) => (a < b ? -1 : 1));
}

const rows = catalogues().map(([code, { kind, blame, message }]) => `| \`${code}\` | ${kind} | ${blame} | ${cell(message)} |`);

const page = `# Errors

Every error that Sluice itself makes has a code that does not change, a kind that decides the status of each transport, and a blame:
who has to act. Over HTTP it is an RFC 9457 problem (\`application/problem+json\`) with \`code\`, \`trace_id\` and, for bad input,
\`errors[]\` with a JSON pointer and a sentence for each fault. The gateway's problems also carry the sentence as \`error\`.

This page is generated from the code: \`node tools/docs/errors.mjs\`.

| code | kind | blame | message |
|---|---|---|---|
${rows.join('\n')}
`;

writeOrCheck('docs/errors.md', page, 'node tools/docs/errors.mjs');
