/** Formats a time (milliseconds since 1970) in the local zone, with strftime's letters. */
export function formatTime(format: string, milliseconds: number): string {
  const date = new Date(milliseconds);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const letters: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getFullYear()),
    y: () => pad(date.getFullYear() % 100),
    m: () => pad(date.getMonth() + 1),
    d: () => pad(date.getDate()),
    H: () => pad(date.getHours()),
    M: () => pad(date.getMinutes()),
    S: () => pad(date.getSeconds()),
    f: () => pad(date.getMilliseconds() * 1000, 6),
    '%': () => '%',
  };
  return format.replaceAll(/%(.)/g, (whole, letter: string) => letters[letter]?.() ?? whole);
}
