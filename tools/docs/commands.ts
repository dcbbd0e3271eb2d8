export interface DocumentedCommand {
  command: string;
  /** Lines that its output contains. */
  expected: string[];
}

/** Every fenced `sh` block of a Markdown page in order, with the lines of the `text` blocks between it and the next. */
export function commandsOf(markdown: string): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  for (const [, language, text] of markdown.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)) {
    if (language === 'sh') commands.push({ command: text!, expected: [] });
    else commands.at(-1)?.expected.push(...text!.split('\n').filter((line) => line.trim() !== ''));
  }
  return commands;
}
