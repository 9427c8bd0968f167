/** Writes to standard output: what a command was asked for. Everything else goes to standard error. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printNotice(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}
