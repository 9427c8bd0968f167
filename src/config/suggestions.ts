import { distance } from 'fastest-levenshtein';

/** Up to `limit` known names that a misspelt one may have meant, nearest first. */
export function nearestNames(name: string, known: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase();
  const tolerance = Math.max(2, Math.ceil(wanted.length * 0.4));
  const scored = [...new Set(known)].map((candidate) => {
    const text = candidate.toLowerCase();
    const contained =
      (Math.min(wanted.length, text.length) >= 3 && (text.includes(wanted) || wanted.includes(text))) ||
      (wanted.length >= 2 && initials(text) === wanted);
    const steps = distance(wanted, text);
    const score = contained ? Math.min(steps, tolerance) : steps;
    return { candidate, score, longer: Math.abs(text.length - wanted.length) };
  });
  scored.sort((a, b) => a.score - b.score || a.longer - b.longer || (a.candidate < b.candidate ? -1 : 1));
  return scored
    .filter(({ score }) => score <= tolerance)
    .map(({ candidate }) => candidate)
    .slice(0, limit);
}

/** `lr` of `learning_rate`. */
function initials(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0))
    .join('');
}

/** `did you mean 'cnn' or 'mlp'?`, or nothing when no known name is near. */
export function suggest(name: string, known: Iterable<string>): string[] {
  const near = nearestNames(name, known);
  return near.length === 0 ? [] : [`did you mean ${near.map((item) => `'${item}'`).join(' or ')}?`];
}

/** `name (a, b, c)`-style list, cut short when long. */
export function listNames(names: readonly string[], limit = 12): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown}, ... (${names.length} in all)` : shown;
}
