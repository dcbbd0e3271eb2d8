import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { FAILURE_MODES, failureModeOf } from '.';

const SOURCES = join(__dirname, '..');
const PAGE = join(__dirname, '../../../../docs/failure-modes.md');

/** Where a sentence for a status is made: the argument that holds it. */
function sentenceOf(node: ts.Node, file: string): ts.Expression | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'StartFailure') return node.arguments?.[0];
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    if (callee === 'refuse' && file.startsWith('handshake/')) return node.arguments[0];
    if (callee === 'notEnforced.push' || (callee === 'sentences.push' && file === 'process/plugin-remarks.ts')) return node.arguments[0];
  }
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) {
    const name = node.name.getText();
    if (name === 'notEnforced' && node.initializer && ts.isArrayLiteralExpression(node.initializer)) return node.initializer.elements[0];
    if ((name === 'reason' && /^(generation|remote)\//.test(file)) || (name === 'detail' && file.startsWith('oci/'))) return node.initializer;
  }
  if (ts.isReturnStatement(node) && file === 'remote/describe-connect-failure.ts') return node.expression;
  return undefined;
}

/** The texts that an expression can be, with `…` for what is put in. What only passes a text on has none. */
function textsOf(node: ts.Expression): string[] {
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  return [];
}

function sentencesOfTheCode(): Set<string> {
  const files = (readdirSync(SOURCES, { recursive: true }) as string[]).filter((file) => /\.ts$/.test(file) && !/spec\.ts$|(^|\/)testing\//.test(file));
  const sentences = files.flatMap((file) => {
    const found: string[] = [];
    const source = ts.createSourceFile(file, readFileSync(join(SOURCES, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const expression = sentenceOf(node, relative('.', file));
      if (expression) found.push(...textsOf(expression));
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
  // A cause inside a sentence of another file is no sentence of its own.
  return new Set(sentences.filter((text) => /^[A-Z…].*[.…]$/.test(text) && text !== '……'));
}

/** Heading → quoted sentences, as the page has them. */
function entriesOfThePage(): Map<string, string[]> {
  const entries = new Map<string, string[]>();
  for (const section of readFileSync(PAGE, 'utf8').split(/^### /m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n');
    entries.set(heading, lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2).replace(/\\$/, '')));
    expect(section).toMatch(/^\*Cause\.\* \S/m);
    expect(section).toMatch(/^\*Check\.\* \S/m);
  }
  return entries;
}

it('names every sentence that the code can put into a status, and no other', () => {
  expect([...FAILURE_MODES.flatMap(({ sentences }) => sentences)].sort()).toEqual([...sentencesOfTheCode()].sort());
});

it('has an entry with cause and check for each on the page', () => {
  expect([...entriesOfThePage()]).toEqual(FAILURE_MODES.map(({ id, sentences }) => [id, sentences]));
});

it.each([
  ['The plugin ended before the handshake with exit code 3.', 'ended-before-handshake'],
  ['The plugin ended during Initialize by signal SIGSEGV.', 'ended-early'],
  ['The plugin ended with exit code 6.', 'ended'],
  ['The first line that the plugin printed is not a go-plugin handshake: "Welcome"; it ended with exit code 4.', 'not-a-handshake'],
  ['The plugin refused to initialise: "api_key is required".', 'initialize-refused'],
  ['Something else.', undefined],
])('finds the entry of a reason: %s', (reason, id) => expect(failureModeOf(reason)).toBe(id));
